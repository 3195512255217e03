package dev.dllm.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class WorkersTest {

    /// Regions of changing size one after the other, as fast as they can be started: a worker that is late must not
    /// take a chunk of the next region.
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 8})
    void eachChunkOnce(int size) {
        try (Workers workers = new Workers(size)) {
            AtomicIntegerArray runs = new AtomicIntegerArray(20);
            for (int region = 0; region < 20_000; region++) {
                int chunks = region % 20;
                workers.parallelFor(chunks, (chunk, worker) -> {
                    assertTrue(worker >= 0 && worker < size);
                    runs.incrementAndGet(chunk);
                });
                for (int chunk = 0; chunk < 20; chunk++) {
                    assertEquals(chunk < chunks ? 1 : 0, runs.getAndSet(chunk, 0), region + ", chunk " + chunk);
                }
            }
        }
    }

    /// What chunks wrote is there when the region has ended; plain memory, no other synchronisation.
    @Test
    void resultsAreVisible() {
        try (Workers workers = new Workers(4)) {
            int[] values = new int[1000];
            for (int round = 1; round <= 2000; round++) {
                int value = round;
                workers.parallelFor(10, (chunk, _) -> {
                    for (int i = chunk * 100; i < chunk * 100 + 100; i++) {
                        assertEquals(value - 1, values[i]);
                        values[i] = value;
                    }
                });
            }
        }
    }

    /// Every thread takes part: each waits in its chunk until all have one.
    @Test
    void chunksRunAtTheSameTime() {
        try (Workers workers = new Workers(4)) {
            CountDownLatch all = new CountDownLatch(4);
            Set<Integer> seen = ConcurrentHashMap.newKeySet();
            workers.parallelFor(4, (_, worker) -> {
                seen.add(worker);
                all.countDown();
                awaitLatch(all);
            });
            assertEquals(Set.of(0, 1, 2, 3), seen);
        }
    }

    /// Long enough for the team to have parked.
    @Test
    void parkedWorkersWakeUp() throws InterruptedException {
        try (Workers workers = new Workers(2)) {
            for (int i = 0; i < 3; i++) {
                Thread.sleep(Duration.ofMillis(100));
                CountDownLatch both = new CountDownLatch(2);
                workers.parallelFor(2, (_, _) -> {
                    both.countDown();
                    awaitLatch(both);
                });
            }
        }
    }

    @Test
    void anExceptionReachesTheCaller() {
        try (Workers workers = new Workers(3)) {
            RuntimeException thrown = new IllegalArgumentException("from a chunk");
            AtomicIntegerArray runs = new AtomicIntegerArray(50);
            for (int bad = 0; bad < 50; bad++) {
                int throwing = bad;
                Workers.Body body = (chunk, _) -> {
                    runs.incrementAndGet(chunk);
                    if (chunk == throwing) {
                        throw thrown;
                    }
                };
                RuntimeException caught = assertThrows(RuntimeException.class, () -> workers.parallelFor(50, body));
                assertSame(thrown, caught);
                assertEquals(bad + 1, runs.get(49 - bad), "the other chunks ran");
            }
            Error error = new AssertionError("from a chunk");
            assertSame(error, assertThrows(AssertionError.class, () -> workers.parallelFor(2, (_, _) -> {
                throw error;
            })));
            workers.parallelFor(50, (_, _) -> {});
        }
    }

    @Test
    void closingEndsTheThreads() throws InterruptedException {
        Workers workers = new Workers(3);
        Set<Thread> team = ConcurrentHashMap.newKeySet();
        CountDownLatch all = new CountDownLatch(3);
        workers.parallelFor(3, (_, _) -> {
            team.add(Thread.currentThread());
            all.countDown();
            awaitLatch(all);
        });
        team.remove(Thread.currentThread());
        assertEquals(2, team.size());
        workers.close();
        workers.close();
        for (Thread thread : team) {
            assertTrue(thread.isDaemon());
            thread.join(Duration.ofSeconds(20));
            assertFalse(thread.isAlive());
        }
        assertThrows(IllegalStateException.class, () -> workers.parallelFor(1, (_, _) -> {}));
    }

    @Test
    void regionsAllocateNothing() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (Workers workers = new Workers(2)) {
            Workers.Body body = (_, _) -> Thread.onSpinWait();
            long allocated = Long.MAX_VALUE;
            for (int attempt = 0; attempt < 100 && allocated > 0; attempt++) {
                long before = threads.getCurrentThreadAllocatedBytes();
                for (int i = 0; i < 1000; i++) {
                    workers.parallelFor(4, body);
                }
                allocated = threads.getCurrentThreadAllocatedBytes() - before;
            }
            assertEquals(0, allocated);
        }
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }
}
