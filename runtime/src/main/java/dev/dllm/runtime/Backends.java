package dev.dllm.runtime;

import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Collectors;

/// Finds backends by name. Nothing is ever moved to another backend than the one that was asked for.
public final class Backends {

    private Backends() {}

    /// Every backend that the class path or module path offers, by name.
    public static List<BackendProvider> providers() {
        return ServiceLoader.load(BackendProvider.class, Backends.class.getClassLoader()).stream()
                .map(ServiceLoader.Provider::get)
                .sorted((a, b) -> a.name().compareTo(b.name()))
                .toList();
    }

    /// Opens the backend with this name, its ops wrapped in [CheckedOps].
    ///
    /// @throws DeviceException if there is none of this name, or it cannot run here
    public static Backend open(String name, BackendOptions options) {
        return open(name, options, providers());
    }

    static Backend open(String name, BackendOptions options, List<BackendProvider> providers) {
        BackendProvider provider = providers.stream()
                .filter(p -> p.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new DeviceException("unknown backend '" + name + "'; known: " + names(providers)));
        provider.unavailable().ifPresent(reason -> {
            throw new DeviceException("backend '" + name + "' cannot run here: " + reason);
        });
        return new CheckedBackend(provider.open(options));
    }

    private static String names(List<BackendProvider> providers) {
        return providers.isEmpty()
                ? "none, the class path offers no backend"
                : providers.stream().map(BackendProvider::name).collect(Collectors.joining(", "));
    }
}
