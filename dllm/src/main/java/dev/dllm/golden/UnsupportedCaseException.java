package dev.dllm.golden;

/// A case that asks for something this version does not have. The message says what is missing.
public final class UnsupportedCaseException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public UnsupportedCaseException(String missing) {
        super(missing);
    }
}
