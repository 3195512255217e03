package dev.dllm.tokenizer;

import java.text.Normalizer.Form;
import java.util.List;
import java.util.Locale;

/// Rewrites text before it is split. Implementations are immutable.
///
/// @see "huggingface/tokenizers, tokenizers/src/normalizers"
sealed interface Normalizer {

    /// @param text without unpaired surrogates
    String normalize(String text);

    /// Whether what [#normalize] makes still begins at the beginning of `text`, as the library counts it: what a
    /// removed or longer replaced text is followed by does not.
    default boolean keepsStart(String text) {
        return true;
    }

    /// How many times longer than `text` the result can be; 1 where growth is not up to the file.
    default long growth() {
        return 1;
    }

    /// Leaves text as it is.
    record None() implements Normalizer {
        @Override
        public String normalize(String text) {
            return text;
        }
    }

    /// One after the other.
    record Sequence(List<Normalizer> steps) implements Normalizer {
        @Override
        public String normalize(String text) {
            String result = text;
            for (Normalizer step : steps) {
                result = step.normalize(result);
            }
            return result;
        }

        @Override
        public long growth() {
            long growth = 1;
            for (Normalizer step : steps) {
                growth = Growth.times(growth, step.growth());
            }
            return growth;
        }

        @Override
        public boolean keepsStart(String text) {
            String result = text;
            for (Normalizer step : steps) {
                if (!step.keepsStart(result)) {
                    return false;
                }
                result = step.normalize(result);
            }
            return true;
        }
    }

    /// A Unicode normalization form.
    ///
    /// @param inertBelow no text of characters below this one changes; spares the JDK's tables for plain text
    record Unicode(Form form, char inertBelow) implements Normalizer {
        static Unicode of(Form form) {
            return new Unicode(form, switch (form) {
                case NFC -> '\u0300';
                case NFD -> '\u00C0';
                case NFKC, NFKD -> '\u00A0';
            });
        }

        @Override
        public String normalize(String text) {
            for (int i = 0; i < text.length(); i++) {
                if (text.charAt(i) >= inertBelow) {
                    return UnicodeNine.normalize(text, form);
                }
            }
            return text;
        }
    }

    /// Lower case, character by character: a final sigma is not special.
    record Lowercase() implements Normalizer {
        @Override
        public String normalize(String text) {
            StringBuilder lower = new StringBuilder(text.length());
            for (int i = 0; i < text.length(); ) {
                int codePoint = text.codePointAt(i);
                i += Character.charCount(codePoint);
                if (codePoint < 0x80) {
                    lower.append((char) Character.toLowerCase(codePoint));
                } else {
                    lower.append(Character.toString(codePoint).toLowerCase(Locale.ROOT));
                }
            }
            return lower.toString();
        }
    }

    /// Removes white space at the ends.
    record Strip(boolean left, boolean right) implements Normalizer {
        @Override
        public String normalize(String text) {
            int start = left ? WhiteSpace.end(text, 0) : 0;
            int end = right ? Math.max(start, WhiteSpace.start(text, text.length())) : text.length();
            return text.substring(start, end);
        }

        @Override
        public boolean keepsStart(String text) {
            return !left || WhiteSpace.end(text, 0) == 0;
        }
    }

    /// Puts something before text that is not empty.
    record Prepend(String prefix) implements Normalizer {
        @Override
        public String normalize(String text) {
            return text.isEmpty() ? text : prefix + text;
        }
    }

    /// Replaces every match of a pattern.
    record Replace(SplitPattern pattern, String content) implements Normalizer {
        @Override
        public String normalize(String text) {
            return pattern.replace(text, content);
        }

        @Override
        public long growth() {
            return Math.max(1, content.length());
        }

        @Override
        public boolean keepsStart(String text) {
            List<SplitBehavior.Span> spans = pattern.spans(text);
            if (spans.isEmpty() || !spans.getFirst().match()) {
                return true;
            }
            int removed = text.codePointCount(0, spans.getFirst().end());
            return removed == 0 || removed == 1 && !content.isEmpty();
        }
    }

    /// Bytes as characters, see [ByteAlphabet].
    record ByteLevel() implements Normalizer {
        @Override
        public String normalize(String text) {
            return ByteAlphabet.write(text);
        }
    }
}
