package dev.dllm.runtime;

/// A backend that is unknown, cannot run here, or failed. The message says what was asked, what was found and what would
/// be accepted.
public final class DeviceException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public DeviceException(String message) {
        super(message);
    }

    public DeviceException(String message, Throwable cause) {
        super(message, cause);
    }
}
