package dev.dllm.runtime.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import dev.dllm.runtime.Backend;
import dev.dllm.runtime.DType;
import dev.dllm.runtime.Ops;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/// After warm-up an op allocates nothing on the calling thread. Boxed vectors, the commonest way for a kernel to be
/// slow, are heap objects, so this is the cheapest performance test there is.
abstract class AllocationContract extends Contract {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int CALLS = 400;

    /// How long compilers may take on a loaded machine.
    private static final Duration WARM_UP = Duration.ofSeconds(60);

    AllocationContract(IntFunction<Backend> open) {
        super(open);
    }

    @Test
    void oneThread() {
        allocateNothing(backend(), weightTypes());
    }

    /// Handing work to another thread; one type of weight is enough to see it.
    @Test
    void twoThreads() {
        try (Backend two = open(2)) {
            allocateNothing(two, weightTypes().subList(0, 1));
        }
    }

    private void allocateNothing(Backend backend, List<DType> weightTypes) {
        try (Operands operands = new Operands(backend, Layout.CONTIGUOUS, "allocation")) {
            for (OpCall call : new OpCalls(operands, weightTypes, 9, 1).all()) {
                Consumer<Ops> run = call.on(0, 9);
                long deadline = System.nanoTime() + WARM_UP.toNanos();
                long bytes = allocated(run, backend.ops());
                while (bytes > 0 && System.nanoTime() < deadline) {
                    bytes = allocated(run, backend.ops());
                }
                assertEquals(0, bytes, call.name() + ": bytes allocated by " + CALLS + " calls");
            }
        }
    }

    private static long allocated(Consumer<Ops> call, Ops ops) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < CALLS; i++) {
            call.accept(ops);
        }
        return THREADS.getCurrentThreadAllocatedBytes() - before;
    }
}
