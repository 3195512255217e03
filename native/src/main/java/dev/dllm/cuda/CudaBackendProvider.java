package dev.dllm.cuda;

import dev.dllm.runtime.Backend;
import dev.dllm.runtime.BackendOptions;
import dev.dllm.runtime.BackendProvider;
import dev.dllm.runtime.DeviceException;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.util.Optional;

/// The backend `cuda`. This version has no kernels, so it cannot run anywhere; it says so, and whether the NVIDIA
/// driver that it will need is there.
///
/// The driver is looked for by loading its library, never by calling it: a generated function that is called before its
/// library is loaded stays unusable for as long as the JVM runs. The library is unloaded again.
public final class CudaBackendProvider implements BackendProvider {

    private final String driver;

    /// For the service loader.
    public CudaBackendProvider() {
        this("libcuda.so.1");
    }

    /// @param driver file name of the driver's library, as the system's loader finds it
    CudaBackendProvider(String driver) {
        this.driver = driver;
    }

    @Override
    public String name() {
        return "cuda";
    }

    @Override
    public Optional<String> unavailable() {
        return Optional.of(reason());
    }

    @Override
    public Backend open(BackendOptions options) {
        throw new DeviceException("backend 'cuda' cannot run here: " + reason());
    }

    private String reason() {
        try (Arena probe = Arena.ofConfined()) {
            SymbolLookup.libraryLookup(driver, probe);
            return "an NVIDIA driver was found (" + driver + "), but this version has no CUDA kernels yet";
        } catch (IllegalArgumentException _) {
            return "no NVIDIA driver was found: " + driver + " cannot be loaded";
        } catch (IllegalCallerException denied) {
            return "cannot look for an NVIDIA driver: " + denied.getMessage() + "; needs --enable-native-access="
                    + "dev.dllm.cuda,dev.dllm.cuda.bindings on a module path, =ALL-UNNAMED on a class path";
        }
    }
}
