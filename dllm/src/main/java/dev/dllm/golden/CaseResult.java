package dev.dllm.golden;

import java.util.Locale;

/// How one case compared.
///
/// @param file    the case's file, relative to the set
/// @param kind    `logits`, `decode`, `likelihood`, `tokenizer` or `chat_template`
/// @param outcome what came out
/// @param detail  where it differs first and by how much, what is missing, or what went wrong; for equal cases what was
///                compared
/// @param seconds wall time
public record CaseResult(String file, String kind, Outcome outcome, String detail, double seconds) {

    /// What a comparison can come to.
    public enum Outcome {
        EQUAL,
        DIFFERS,
        UNSUPPORTED,
        ERROR;

        /// As reports print it.
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
