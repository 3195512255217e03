package dev.dllm;

/// A request that a model cannot fulfil: an empty or too long prompt, an id outside the vocabulary, settings that do not fit
/// the model or the machine. The message says what was asked, found and accepted. Nothing has been computed.
public final class InvalidRequestException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    public InvalidRequestException(String message) {
        super(message);
    }

    InvalidRequestException(String message, Throwable cause) {
        super(message, cause);
    }
}
