package dev.dllm.kernels.tier;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// A daemon thread that exercises kernels of one tier on small data until they beat another tier's.
final class WarmUp {
    private static final Logger LOG = System.getLogger(WarmUp.class.getName());

    private static final int CALLS_PER_TRIAL = 16;
    /// By then the JIT has seen enough calls. Before, both sides may still be interpreted, and winning means nothing;
    /// after, it is a matter of waiting for the compiler.
    private static final int TRIALS_TO_COMPILE = 100;
    /// So many trials in a row have to be faster: one may be luck.
    private static final int TRIALS_TO_WIN = 4;
    private static final long PAUSE_MILLIS = 5;
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final Kernels reference;
    private final Kernels exercised;
    private final Consumer<Primitive> won;
    private final BlockingQueue<Primitive> requests = new LinkedBlockingQueue<>();

    /// @param won told once for each requested primitive that became faster than the reference; on the thread of the
    ///            warm-up
    WarmUp(Kernels reference, Kernels exercised, Consumer<Primitive> won) {
        this.reference = reference;
        this.exercised = exercised;
        this.won = won;
        Thread.ofPlatform().daemon().name("dllm-warm-up").start(this::run);
    }

    /// Asks for a primitive. Returns at once; any thread may call it.
    void request(Primitive primitive) {
        requests.add(primitive);
    }

    private void run() {
        List<Exercise> exercises = new ArrayList<>();
        try {
            while (true) {
                if (exercises.isEmpty()) {
                    exercises.add(new Exercise(requests.take()));
                }
                for (Primitive p = requests.poll(); p != null; p = requests.poll()) {
                    exercises.add(new Exercise(p));
                }
                exercises.removeIf(Exercise::isOver);
                if (exercises.stream().allMatch(e -> e.trials > TRIALS_TO_COMPILE)) {
                    Thread.sleep(PAUSE_MILLIS);
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            exercises.forEach(e -> e.arena.close());
        }
    }

    /// One primitive on its way.
    private final class Exercise {
        final Primitive primitive;
        final Arena arena = Arena.ofConfined();
        final long scratch = arena.allocate(Primitive.SCRATCH_BYTES, 64).address();
        final long start = System.nanoTime();
        int trials;
        int wins;

        Exercise(Primitive primitive) {
            this.primitive = primitive;
        }

        /// Makes a trial, and says whether it was the last.
        boolean isOver() {
            trials++;
            boolean faster = nanos(exercised) < nanos(reference);
            wins = faster && trials > TRIALS_TO_COMPILE ? wins + 1 : 0;
            boolean over = wins == TRIALS_TO_WIN;
            if (over) {
                won.accept(primitive);
                LOG.log(Level.DEBUG, "{0}: {1} from now on", primitive, exercised.description());
            } else if (System.nanoTime() - start > PATIENCE_NANOS) {
                LOG.log(Level.WARNING, "{0}: stays with {1}, which this JVM runs faster than {2}",
                        primitive, reference.description(), exercised.description());
                over = true;
            }
            if (over) {
                arena.close();
            }
            return over;
        }

        private long nanos(Kernels kernels) {
            long before = System.nanoTime();
            for (int i = 0; i < CALLS_PER_TRIAL; i++) {
                primitive.exercise(kernels, scratch);
            }
            return System.nanoTime() - before;
        }
    }
}
