package dev.dllm.tokenizer;

/// A tokenizer file that cannot be used, or a text that a file's pattern cannot be applied to. The message names the
/// file, the field, what was found and what is accepted.
public final class TokenizerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public TokenizerException(String message) {
        super(message);
    }

    public TokenizerException(String message, Throwable cause) {
        super(message, cause);
    }

    /// `where: found X; accepted: Y`.
    static TokenizerException unaccepted(String where, String found, String accepted) {
        return new TokenizerException(where + ": found " + found + "; accepted: " + accepted);
    }
}
