package dev.dllm.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class LifetimeTest {
    private final Lifetime lifetime = new Lifetime("the model");

    @Test
    void closingFrees() {
        MemorySegment segment = lifetime.arena().allocate(8);
        lifetime.enter();
        lifetime.exit();
        assertTrue(segment.scope().isAlive());
        lifetime.close();
        assertFalse(segment.scope().isAlive());
        lifetime.close();
        IllegalStateException failure = assertThrows(IllegalStateException.class, lifetime::enter);
        assertEquals("the model has been closed", failure.getMessage());
    }

    /// A refused entry must not leave the lock behind.
    @Test
    void refusedEntryHoldsNothing() {
        lifetime.close();
        assertThrows(IllegalStateException.class, lifetime::enter);
        assertThrows(IllegalMonitorStateException.class, lifetime::exit);
        lifetime.close();
    }

    @Test
    void closeWaitsForRunningWork() throws InterruptedException, ExecutionException, TimeoutException {
        MemorySegment segment = lifetime.arena().allocate(8);
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch finish = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            Future<Long> work = threads.submit(() -> {
                lifetime.enter();
                try {
                    entered.countDown();
                    finish.await();
                    return segment.get(ValueLayout.JAVA_LONG, 0);
                } finally {
                    lifetime.exit();
                }
            });
            entered.await();
            Future<?> closing = threads.submit(lifetime::close);
            assertThrows(TimeoutException.class, () -> closing.get(50, TimeUnit.MILLISECONDS));
            assertTrue(segment.scope().isAlive());
            finish.countDown();
            assertEquals(0, work.get(10, TimeUnit.SECONDS));
            closing.get(10, TimeUnit.SECONDS);
            assertFalse(segment.scope().isAlive());
        }
    }

    @Test
    void closingFromInsideCannotEnd() {
        lifetime.enter();
        lifetime.enter();
        IllegalStateException failure = assertThrows(IllegalStateException.class, lifetime::close);
        assertEquals("the model cannot be closed by the work that is using it", failure.getMessage());
        lifetime.exit();
        assertThrows(IllegalStateException.class, lifetime::close);
        lifetime.exit();
        lifetime.close();
    }
}
