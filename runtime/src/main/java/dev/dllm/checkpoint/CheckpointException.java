package dev.dllm.checkpoint;

/// A checkpoint that cannot be used as it is. The message names the file, the tensor where there is one, what was found and
/// what is accepted.
public final class CheckpointException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public CheckpointException(String message) {
        super(message);
    }

    public CheckpointException(String message, Throwable cause) {
        super(message, cause);
    }
}
