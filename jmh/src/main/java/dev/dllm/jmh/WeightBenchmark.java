package dev.dllm.jmh;

import dev.dllm.runtime.DType;
import dev.dllm.runtime.Tensor;
import dev.dllm.runtime.Weight;
import java.lang.foreign.MemorySegment;
import org.openjdk.jmh.annotations.Param;

/// A benchmark whose time depends on where its weights come from.
public abstract class WeightBenchmark extends OpBenchmark {
    /// Element type of the weights.
    @Param({"F32", "F16", "BF16", "I8"})
    DType dtype = DType.F32;

    /// Whether the weights are packed, or lie as in a checkpoint.
    @Param("true")
    boolean packed = true;

    /// Weights that take turns, in MiB: more than the last cache holds. 0 for one that stays in the cache.
    @Param("256")
    int coldMib = 256;

    /// A weight with random contents; I8 has scales that keep its products small.
    final Weight weight(int n, int k) {
        Tensor values = random(dtype, n, k, (float) (1 / Math.sqrt(k)));
        return dtype == DType.I8 ? Weight.of(values, random(DType.F32, 1, n, 1f / k)) : Weight.of(values);
    }

    /// The same weight in memory of its own.
    final Weight copy(Weight weight) {
        if (packed) {
            Weight copy = backend().pack(arena(), weight);
            if (copy != weight) {
                return copy;
            }
        }
        Tensor host = host(weight.dtype(), weight.rows(), weight.cols());
        MemorySegment bytes = host.segment();
        backend().download(bytes, weight.values());
        return new Weight(backend().upload(arena(), host), weight.rows(), weight.cols(), 0, weight.scales());
    }
}
