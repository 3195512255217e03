package dev.dllm.model;

/// A model directory that this version cannot run. The message says what was found and what is known.
public final class UnsupportedModelException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public UnsupportedModelException(String message) {
        super(message);
    }
}
