package dev.dllm.kernels.vector;

import dev.dllm.kernels.tier.LaneWidth;
import java.nio.ByteOrder;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/// The one shape of all vectors in this process: forced by [LaneWidth], else what the JDK prefers, within what the
/// kernels are made for.
final class Lanes {
    private static final int FEWEST_BITS = 128;
    private static final int MOST_BITS = 512;

    static final int BITS =
            LaneWidth.forced().orElse(Math.clamp(VectorShape.preferredShape().vectorBitSize(), FEWEST_BITS, MOST_BITS));
    private static final VectorShape SHAPE = VectorShape.forBitSize(BITS);

    static final VectorSpecies<Float> F32 = FloatVector.SPECIES_64.withShape(SHAPE);
    static final VectorSpecies<Integer> I32 = IntVector.SPECIES_64.withShape(SHAPE);
    static final VectorSpecies<Double> F64 = DoubleVector.SPECIES_64.withShape(SHAPE);
    static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

    /// 32-bit lanes.
    static final int COUNT = F32.length();
    /// Bytes of a vector.
    static final long BYTES = COUNT * 4L;
    /// Channels of a panel: three vectors side by side. With four rows that is twelve accumulators, three vectors of
    /// weights and one of activations: the sixteen registers of AVX2, and enough chains to hide the latency of a
    /// multiply-add.
    static final int PANEL = 3 * COUNT;
    static final long PANEL_BYTES = 3 * BYTES;

    private Lanes() {}

    /// The bytes of a run of `n` floats that whole vectors cover.
    static long wholeBytes(int n) {
        return F32.loopBound(n) * 4L;
    }
}
