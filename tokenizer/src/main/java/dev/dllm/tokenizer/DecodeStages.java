package dev.dllm.tokenizer;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/// The stages that the decoders of [Decoder] open.
final class DecodeStages {

    private DecodeStages() {}

    /// Hands everything on as it is.
    private abstract static class Stage extends DecodeStage {
        final DecodeStage next;

        Stage(DecodeStage next) {
            this.next = next;
        }

        @Override
        void chunk(String text) {
            next.chunk(text);
        }

        @Override
        void endToken() {
            next.endToken();
        }

        @Override
        void finish() {
            next.finish();
        }
    }

    /// Waits until a token is complete.
    private abstract static class WholeTokenStage extends Stage {
        private final StringBuilder token = new StringBuilder();

        WholeTokenStage(DecodeStage next) {
            super(next);
        }

        @Override
        final void chunk(String text) {
            token.append(text);
        }

        @Override
        final void endToken() {
            String complete = token.toString();
            token.setLength(0);
            accept(complete);
        }

        abstract void accept(String token);
    }

    static final class Join extends Stage {
        private boolean between;

        Join(DecodeStage next) {
            super(next);
        }

        @Override
        void chunk(String text) {
            if (between) {
                next.chunk(" ");
                between = false;
            }
            next.chunk(text);
        }

        @Override
        void endToken() {
            between = true;
        }

        @Override
        void finish() {
            next.endToken();
            next.finish();
        }
    }

    static final class Fuse extends Stage {

        Fuse(DecodeStage next) {
            super(next);
        }

        @Override
        void endToken() {}

        @Override
        void finish() {
            // If nothing came, the one token is empty.
            next.chunk("");
            next.endToken();
            next.finish();
        }
    }

    static final class ByteLevel extends WholeTokenStage {
        private final LossyUtf8 bytes = new LossyUtf8();

        ByteLevel(DecodeStage next) {
            super(next);
        }

        @Override
        void accept(String token) {
            if (isOfAlphabet(token)) {
                for (int i = 0; i < token.length(); i++) {
                    bytes.accept(ByteAlphabet.byteOf(token.charAt(i)));
                }
            } else {
                bytes.accept(token);
            }
            next.chunk(bytes.take());
        }

        @Override
        void finish() {
            bytes.finish();
            next.token(bytes.take());
            next.finish();
        }

        private static boolean isOfAlphabet(String token) {
            for (int i = 0; i < token.length(); i++) {
                if (ByteAlphabet.byteOf(token.charAt(i)) < 0) {
                    return false;
                }
            }
            return true;
        }
    }

    static final class ByteFallback extends WholeTokenStage {
        private final ByteArrayOutputStream run = new ByteArrayOutputStream();

        ByteFallback(DecodeStage next) {
            super(next);
        }

        @Override
        void accept(String token) {
            int value = byteOf(token);
            if (value >= 0) {
                run.write(value);
            } else {
                endRun();
                next.token(token);
            }
        }

        @Override
        void finish() {
            endRun();
            next.finish();
        }

        private void endRun() {
            if (run.size() == 0) {
                return;
            }
            byte[] bytes = run.toByteArray();
            run.reset();
            try {
                next.token(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
            } catch (CharacterCodingException _) {
                for (int i = 0; i < bytes.length; i++) {
                    next.token("\uFFFD");
                }
            }
        }

        /// The byte that a token such as `<0x0A>` stands for, or -1. As in the library, `+` may stand before a digit.
        private static int byteOf(String token) {
            if (token.length() != 6 || !token.startsWith("<0x") || token.charAt(5) != '>') {
                return -1;
            }
            char high = token.charAt(3);
            int low = hexDigit(token.charAt(4));
            int tens = high == '+' ? 0 : hexDigit(high);
            return tens < 0 || low < 0 ? -1 : tens * 16 + low;
        }

        private static int hexDigit(char c) {
            return c < 0x80 ? Character.digit(c, 16) : -1;
        }
    }

    static final class Replace extends WholeTokenStage {
        private final SplitPattern pattern;
        private final String content;

        Replace(DecodeStage next, SplitPattern pattern, String content) {
            super(next);
            this.pattern = pattern;
            this.content = content;
        }

        @Override
        void accept(String token) {
            next.token(pattern.replace(token, content));
        }
    }

    static final class Strip extends Stage {
        private final int content;
        private final int start;
        private final int stop;
        /// How many more may be removed from the start of this token; 0 once another character has come.
        private int startLeft;
        /// Characters `content` at the end so far, at most `stop`, which are dropped if the token ends here.
        private int heldBack;

        Strip(DecodeStage next, int content, int start, int stop) {
            super(next);
            this.content = content;
            this.start = start;
            this.stop = stop;
            this.startLeft = start;
        }

        @Override
        void chunk(String text) {
            StringBuilder sure = new StringBuilder(text.length() + heldBack);
            for (int i = 0; i < text.length(); ) {
                int codePoint = text.codePointAt(i);
                i += Character.charCount(codePoint);
                if (codePoint != content) {
                    release(sure, heldBack);
                    sure.appendCodePoint(codePoint);
                    startLeft = 0;
                } else if (startLeft > 0) {
                    startLeft--;
                } else {
                    heldBack++;
                    release(sure, heldBack - stop);
                }
            }
            next.chunk(sure.toString());
        }

        @Override
        void endToken() {
            heldBack = 0;
            startLeft = start;
            next.endToken();
        }

        private void release(StringBuilder sure, int count) {
            for (int i = 0; i < count; i++) {
                sure.appendCodePoint(content);
                heldBack--;
            }
        }
    }

    static final class Metaspace extends Stage {
        private final int replacement;
        private final boolean dropsInFirst;
        private boolean first = true;

        Metaspace(DecodeStage next, int replacement, boolean dropsInFirst) {
            super(next);
            this.replacement = replacement;
            this.dropsInFirst = dropsInFirst;
        }

        @Override
        void chunk(String text) {
            StringBuilder decoded = new StringBuilder(text.length());
            for (int i = 0; i < text.length(); ) {
                int codePoint = text.codePointAt(i);
                i += Character.charCount(codePoint);
                if (codePoint != replacement) {
                    decoded.appendCodePoint(codePoint);
                } else if (!first || !dropsInFirst) {
                    decoded.append(' ');
                }
            }
            next.chunk(decoded.toString());
        }

        @Override
        void endToken() {
            first = false;
            next.endToken();
        }
    }
}
