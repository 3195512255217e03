package dev.dllm.kernels.tier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.dllm.kernels.scalar.ScalarKernels;
import java.lang.reflect.Proxy;
import org.junit.jupiter.api.Test;

/// What passes through unchanged; that each kernel reaches its namesake, `KernelsTest` shows.
class OutlinedKernelsTest {

    @Test
    void describesWhatItWraps() {
        Kernels scalar = new ScalarKernels(12);
        Kernels outlined = new OutlinedKernels(scalar);
        assertEquals(scalar.description(), outlined.description());
        assertEquals(12, outlined.panelRows());
    }

    @Test
    void errorsArrive() {
        Error error = new AssertionError("from a kernel");
        assertSame(error, assertThrows(Error.class, () -> throwing(error).max(0, 0)));
    }

    @Test
    void exceptionsArrive() {
        RuntimeException exception = new ArithmeticException("from a kernel");
        assertSame(exception, assertThrows(RuntimeException.class, () -> throwing(exception).scale(0, 1, 0)));
    }

    private static Kernels throwing(Throwable thrown) {
        return new OutlinedKernels((Kernels) Proxy.newProxyInstance(
                Kernels.class.getClassLoader(), new Class<?>[] {Kernels.class}, (_, _, _) -> {
                    throw thrown;
                }));
    }
}
