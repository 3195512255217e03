package dev.dllm.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.dllm.runtime.contract.ReferenceBackend;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BackendsTest {
    private static final BackendOptions OPTIONS = BackendOptions.defaults();

    /// A backend that is there, and one that cannot run.
    private static final List<BackendProvider> PROVIDERS =
            List.of(new Provider("absent", Optional.of("no device was found")), new Provider("here", Optional.empty()));

    @Test
    void opensByNameWithCheckedOps() {
        try (Backend backend = Backends.open("here", OPTIONS, PROVIDERS)) {
            assertEquals("reference", backend.name());
            assertInstanceOf(CheckedOps.class, backend.ops());
        }
    }

    @Test
    void unknownNameListsTheKnown() {
        refused("unknown backend 'gpu'; known: absent, here", "gpu", PROVIDERS);
        refused("unknown backend 'HERE'; known: absent, here", "HERE", PROVIDERS);
        refused("unknown backend 'gpu'; known: none, the class path offers no backend", "gpu", List.of());
    }

    @Test
    void saysWhyItCannotRun() {
        refused("backend 'absent' cannot run here: no device was found", "absent", PROVIDERS);
    }

    /// None is offered where only the runtime is on the class path.
    @Test
    void findsProvidersAsServices() {
        assertEquals(List.of(), Backends.providers());
        assertThrows(DeviceException.class, () -> Backends.open("here", OPTIONS));
    }

    private static void refused(String message, String name, List<BackendProvider> providers) {
        DeviceException failure =
                assertThrows(DeviceException.class, () -> Backends.open(name, OPTIONS, providers));
        assertEquals(message, failure.getMessage());
    }

    private record Provider(String name, Optional<String> unavailable) implements BackendProvider {
        @Override
        public Backend open(BackendOptions options) {
            return new ReferenceBackend();
        }
    }
}
