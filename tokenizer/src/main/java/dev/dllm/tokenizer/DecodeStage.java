package dev.dllm.tokenizer;

/// One stage of decoding a stream of tokens. A token arrives in chunks that never split a character; chunks are
/// handed on as early as the stage can be sure of them. Not thread-safe.
abstract class DecodeStage {

    /// A part of the current token. Each token has at least one, which may be empty.
    abstract void chunk(String text);

    /// The current token is complete.
    abstract void endToken();

    /// There are no more tokens. Called once, last.
    abstract void finish();

    /// A whole token.
    final void token(String text) {
        chunk(text);
        endToken();
    }

    /// The end of a chain: collects text.
    static final class Collector extends DecodeStage {
        private final StringBuilder text = new StringBuilder();

        @Override
        void chunk(String chunk) {
            text.append(chunk);
        }

        @Override
        void endToken() {}

        @Override
        void finish() {}

        /// What has been collected since the last call.
        String take() {
            String taken = text.toString();
            text.setLength(0);
            return taken;
        }
    }
}
