package dev.dllm.runtime;

import java.util.Optional;

/// How a module offers a backend; a `ServiceLoader` service.
public interface BackendProvider {

    /// The name it is opened by, lower case.
    String name();

    /// Why it cannot run here, in one line that says what is missing; empty if it can.
    Optional<String> unavailable();

    /// @throws DeviceException if it cannot run here
    Backend open(BackendOptions options);
}
