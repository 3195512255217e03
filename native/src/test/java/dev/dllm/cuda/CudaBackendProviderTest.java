package dev.dllm.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.dllm.runtime.BackendOptions;
import dev.dllm.runtime.BackendProvider;
import dev.dllm.runtime.Backends;
import dev.dllm.runtime.DeviceException;
import org.junit.jupiter.api.Test;

class CudaBackendProviderTest {

    @Test
    void isFoundByName() {
        BackendProvider found = Backends.providers().stream()
                .filter(provider -> provider.name().equals("cuda"))
                .findFirst()
                .orElseThrow();
        assertTrue(found instanceof CudaBackendProvider, found.getClass().getName());
    }

    @Test
    void saysThatThereIsNoDriver() {
        BackendProvider provider = new CudaBackendProvider("libcuda-that-is-not-there.so.1");
        assertEquals("no NVIDIA driver was found: libcuda-that-is-not-there.so.1 cannot be loaded",
                provider.unavailable().orElseThrow());
    }

    /// The C library stands in for a driver.
    @Test
    void saysThatThereAreNoKernelsForTheDriver() {
        BackendProvider provider = new CudaBackendProvider("libc.so.6");
        assertEquals("an NVIDIA driver was found (libc.so.6), but this version has no CUDA kernels yet",
                provider.unavailable().orElseThrow());
    }

    @Test
    void refusesToOpenWithTheSameReason() {
        BackendProvider provider = new CudaBackendProvider("libc.so.6");
        DeviceException refused =
                assertThrows(DeviceException.class, () -> provider.open(BackendOptions.defaults()));
        assertEquals("backend 'cuda' cannot run here: " + provider.unavailable().orElseThrow(), refused.getMessage());
    }

    /// On this machine, with or without a driver; never another backend in its place.
    @Test
    void theBackendIsRefusedByName() {
        DeviceException refused =
                assertThrows(DeviceException.class, () -> Backends.open("cuda", BackendOptions.defaults()));
        String reason = new CudaBackendProvider().unavailable().orElseThrow();
        assertEquals("backend 'cuda' cannot run here: " + reason, refused.getMessage());
    }

    @Test
    void everyReasonIsOneLine() {
        for (String driver : new String[] {"libcuda.so.1", "libc.so.6", "not-there"}) {
            assertFalse(new CudaBackendProvider(driver).unavailable().orElseThrow().contains("\n"));
        }
    }
}
