package dev.dllm.jmh;

import dev.dllm.runtime.Backend;
import dev.dllm.runtime.BackendOptions;
import dev.dllm.runtime.Backends;
import dev.dllm.runtime.DType;
import dev.dllm.runtime.Ops;
import dev.dllm.runtime.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// What all benchmarks share: a backend, memory, and how long they run.
///
/// More than one fork, because the compiler may come out differently in each. A kernel is slow until it has been compiled
/// with all that it calls, which takes seconds where processors are shared.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(value = 2, jvmArgsAppend = {"--add-modules", "jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"})
@Warmup(iterations = 8, time = 1)
@Measurement(iterations = 5, time = 1)
public abstract class OpBenchmark {
    /// Which backend.
    @Param("cpu")
    String backend = "cpu";

    /// Threads that compute; 0 for one per processor.
    @Param("1")
    int threads = 1;

    Ops ops;
    private Backend opened;
    private Arena arena;
    private SplittableRandom random;

    /// Opens the backend and makes the operands.
    @Setup
    public void open() {
        opened = Backends.open(backend, new BackendOptions(threads));
        ops = opened.ops();
        arena = Arena.ofShared();
        random = new SplittableRandom(42);
        prepare();
    }

    /// Frees everything.
    @TearDown
    public void close() {
        opened.close();
        arena.close();
    }

    /// Makes the operands.
    abstract void prepare();

    /// One call of the op.
    public abstract void run();

    /// What the last run computed, numbers of one kind in one array.
    abstract List<float[]> result();

    final Backend backend() {
        return opened;
    }

    final Arena arena() {
        return arena;
    }

    final int below(int bound) {
        return random.nextInt(bound);
    }

    /// Uniform numbers around 0, or bytes, where ops can read them.
    final Tensor random(DType dtype, int rows, int cols, float magnitude) {
        Tensor host = host(dtype, rows, cols);
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < cols; c++) {
                host.set(r, c, dtype == DType.I8 ? below(256) - 128 : (float) random.nextDouble(-magnitude, magnitude));
            }
        }
        return opened.upload(arena, host);
    }

    final Tensor zeros(int rows, int cols) {
        return opened.allocate(arena, DType.F32, rows, cols);
    }

    final Tensor host(DType dtype, int rows, int cols) {
        return Tensor.of(dtype, rows, cols, arena.allocate(rows * dtype.bytes(cols), 64));
    }

    /// The elements of a tensor that an op has written.
    final float[] downloaded(Tensor tensor) {
        float[] values = new float[tensor.rows() * tensor.cols()];
        Tensor host = host(tensor.dtype(), tensor.rows(), tensor.cols());
        MemorySegment bytes = host.segment();
        opened.download(bytes, tensor);
        for (int i = 0; i < values.length; i++) {
            values[i] = host.get(i / tensor.cols(), i % tensor.cols());
        }
        return values;
    }
}
