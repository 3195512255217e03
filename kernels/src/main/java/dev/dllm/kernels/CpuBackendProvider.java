package dev.dllm.kernels;

import dev.dllm.runtime.Backend;
import dev.dllm.runtime.BackendOptions;
import dev.dllm.runtime.BackendProvider;
import dev.dllm.runtime.DeviceException;
import java.nio.ByteOrder;
import java.util.Optional;

/// Offers the CPU backend under the name `cpu`. Runs on any little-endian machine, faster with the Vector API.
public final class CpuBackendProvider implements BackendProvider {

    /// For `ServiceLoader`.
    public CpuBackendProvider() {}

    @Override
    public String name() {
        return CpuBackend.NAME;
    }

    @Override
    public Optional<String> unavailable() {
        return ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN
                ? Optional.empty()
                : Optional.of("needs a little-endian processor");
    }

    /// @throws DeviceException if the system property `dllm.vector.bits` has an unknown value, or asks for vectors that
    ///                         this machine or this JVM does not have
    @Override
    public Backend open(BackendOptions options) {
        return new CpuBackend(KernelTier.kernels(), options.resolvedThreads());
    }
}
