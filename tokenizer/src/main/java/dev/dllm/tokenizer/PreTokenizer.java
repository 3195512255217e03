package dev.dllm.tokenizer;

import dev.dllm.tokenizer.SplitBehavior.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/// Splits text into words, the largest units that tokens are made of. Implementations are immutable.
///
/// @see "huggingface/tokenizers, tokenizers/src/pre_tokenizers"
sealed interface PreTokenizer {

    List<Word> split(List<Word> words);

    /// Whether it matters which word is the first.
    default boolean needsFirst() {
        return false;
    }

    /// Whether it can put something before the first word. The library then takes what follows that for the start, too.
    default boolean insertsAtStart() {
        return false;
    }

    /// Leaves words whole.
    record None() implements PreTokenizer {
        @Override
        public List<Word> split(List<Word> words) {
            return words;
        }
    }

    /// One after the other.
    record Sequence(List<PreTokenizer> steps) implements PreTokenizer {
        @Override
        public List<Word> split(List<Word> words) {
            List<Word> result = words;
            for (PreTokenizer step : steps) {
                result = step.split(result);
            }
            return result;
        }

        @Override
        public boolean needsFirst() {
            for (PreTokenizer step : steps) {
                if (step.needsFirst()) {
                    return true;
                }
            }
            return false;
        }

        @Override
        public boolean insertsAtStart() {
            for (PreTokenizer step : steps) {
                if (step.insertsAtStart()) {
                    return true;
                }
            }
            return false;
        }
    }

    /// Splits by GPT-2's pattern, if asked to, and writes bytes as characters of the [ByteAlphabet].
    ///
    /// @param pattern        what to split by, or null to leave words whole
    /// @param addPrefixSpace whether a word that does not start with a space gets one
    record ByteLevel(@Nullable SplitPattern pattern, boolean addPrefixSpace) implements PreTokenizer {
        static final String GPT2 =
                "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";

        @Override
        public List<Word> split(List<Word> words) {
            List<Word> parts = new ArrayList<>(words.size());
            for (Word word : words) {
                Word spaced = addPrefixSpace && !word.text().startsWith(" ")
                        ? new Word(" ".concat(word.text()), word.first())
                        : word;
                if (pattern == null) {
                    parts.add(spaced);
                } else {
                    SplitBehavior.ISOLATED.split(spaced, pattern.spans(spaced.text()), parts);
                }
            }
            List<Word> out = new ArrayList<>(parts.size());
            for (Word part : parts) {
                out.add(new Word(ByteAlphabet.write(part.text()), part.first()));
            }
            return out;
        }

        @Override
        public boolean insertsAtStart() {
            return addPrefixSpace;
        }
    }

    /// Splits by a pattern.
    ///
    /// @param invert whether what lies between matches counts as match, and the other way round
    record Split(SplitPattern pattern, SplitBehavior behavior, boolean invert) implements PreTokenizer {
        @Override
        public List<Word> split(List<Word> words) {
            List<Word> out = new ArrayList<>(words.size());
            for (Word word : words) {
                List<Span> spans = pattern.spans(word.text());
                if (invert) {
                    spans.replaceAll(span -> new Span(span.start(), span.end(), !span.match()));
                }
                behavior.split(word, spans, out);
            }
            return out;
        }
    }

    /// Splits by single characters of a kind.
    record Characters(IntPredicate matching, SplitBehavior behavior) implements PreTokenizer {
        @Override
        public List<Word> split(List<Word> words) {
            List<Word> out = new ArrayList<>(words.size());
            for (Word word : words) {
                behavior.split(word, spans(word.text(), matching), out);
            }
            return out;
        }

        private static List<Span> spans(String text, IntPredicate matching) {
            List<Span> spans = new ArrayList<>();
            int end = 0;
            for (int i = 0; i < text.length(); ) {
                int codePoint = text.codePointAt(i);
                int next = i + Character.charCount(codePoint);
                if (matching.test(codePoint)) {
                    if (end < i) {
                        spans.add(new Span(end, i, false));
                    }
                    spans.add(new Span(i, next, true));
                    end = next;
                }
                i = next;
            }
            if (end < text.length()) {
                spans.add(new Span(end, text.length(), false));
            }
            return spans;
        }

        /// The general categories that Rust's `char::is_numeric` means.
        static boolean isNumeric(int codePoint) {
            int type = Character.getType(codePoint);
            return type == Character.DECIMAL_DIGIT_NUMBER || type == Character.LETTER_NUMBER
                    || type == Character.OTHER_NUMBER;
        }
    }

    /// Writes spaces as `replacement` and splits before each, as in SentencePiece.
    ///
    /// @param prepend which words get a `replacement` before them if they do not start with one
    record Metaspace(String replacement, Prepend prepend, boolean split) implements PreTokenizer {
        @Override
        public List<Word> split(List<Word> words) {
            List<Word> out = new ArrayList<>(words.size());
            for (Word word : words) {
                String text = word.text().replace(" ", replacement);
                boolean wanted = prepend == Prepend.ALWAYS || prepend == Prepend.FIRST && word.first();
                if (wanted && !text.startsWith(replacement)) {
                    text = replacement + text;
                }
                Word marked = new Word(text, word.first());
                if (split) {
                    int mark = replacement.codePointAt(0);
                    SplitBehavior.MERGED_WITH_NEXT.split(marked, Characters.spans(text, c -> c == mark), out);
                } else {
                    out.add(marked);
                }
            }
            return out;
        }

        @Override
        public boolean needsFirst() {
            return prepend == Prepend.FIRST;
        }

        @Override
        public boolean insertsAtStart() {
            return prepend != Prepend.NEVER;
        }

        /// When a word gets a mark before it.
        enum Prepend { ALWAYS, FIRST, NEVER }
    }
}
