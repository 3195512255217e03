package dev.dllm.golden;

/// A golden set that is missing or broken. The message names the file, what was found and what is accepted.
public final class GoldenException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public GoldenException(String message) {
        super(message);
    }

    public GoldenException(String message, Throwable cause) {
        super(message, cause);
    }
}
