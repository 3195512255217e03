package dev.dllm.runtime;

/// Operands that do not fit together, or a view that does not fit its memory. The message names the op and the operands.
public final class ShapeException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    public ShapeException(String message) {
        super(message);
    }
}
