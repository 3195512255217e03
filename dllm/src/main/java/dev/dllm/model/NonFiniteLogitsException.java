package dev.dllm.model;

/// The network produced NaN or infinite logits: the checkpoint holds such weights, or the computation overflowed.
public final class NonFiniteLogitsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public NonFiniteLogitsException(String message) {
        super(message);
    }
}
