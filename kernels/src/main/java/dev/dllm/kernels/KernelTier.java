package dev.dllm.kernels;

import dev.dllm.kernels.scalar.ScalarKernels;
import dev.dllm.kernels.tier.Kernels;
import dev.dllm.kernels.tier.LaneWidth;
import dev.dllm.kernels.tier.OutlinedKernels;
import dev.dllm.kernels.tier.WarmingKernels;
import dev.dllm.kernels.vector.VectorKernels;
import dev.dllm.runtime.DeviceException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// Chooses the kernels of this process, once.
///
/// | Vector API | `dllm.vector.bits` | kernels |
/// |---|---|---|
/// | present | not set | scalar at first, vectors of the preferred width as they get compiled |
/// | present | 128, 256, 512 | vectors of that width from the first call on |
/// | any | 0 | scalar |
/// | missing | not set | scalar, with a warning |
/// | missing | 128, 256, 512 | refused |
final class KernelTier {
    private static final Logger LOG = System.getLogger(KernelTier.class.getName());
    private static final String VECTOR_MODULE = "jdk.incubator.vector";
    private static final String FLAG = "--add-modules " + VECTOR_MODULE;
    /// Panels of the scalar kernels on their own: as narrow as those of the narrowest vectors.
    private static final int SCALAR_PANEL_ROWS = 12;

    private static @Nullable Kernels chosen;

    private KernelTier() {}

    /// The kernels that [LaneWidth] asked for when this was first called.
    ///
    /// @throws DeviceException if it asks for what is unknown or not to be had here
    static synchronized Kernels kernels() {
        Kernels kernels = chosen == null ? choose(LaneWidth.forced()) : chosen;
        chosen = kernels;
        return kernels;
    }

    private static Kernels choose(OptionalInt forcedBits) {
        boolean present = ModuleLayer.boot().findModule(VECTOR_MODULE).isPresent();
        if (forcedBits.orElse(-1) == 0) {
            return new ScalarKernels(SCALAR_PANEL_ROWS);
        }
        if (present) {
            return vector(forcedBits.isPresent());
        }
        if (forcedBits.isPresent()) {
            throw new DeviceException("system property %s=%d needs the Vector API: start Java with %s"
                    .formatted(LaneWidth.PROPERTY, forcedBits.getAsInt(), FLAG));
        }
        LOG.log(Level.WARNING, "The Vector API is missing, so the CPU backend runs scalar kernels, "
                + "about ten times slower. Start Java with " + FLAG);
        return new ScalarKernels(SCALAR_PANEL_ROWS);
    }

    /// The only method that touches the vector package: where the Vector API is missing it is never linked.
    private static Kernels vector(boolean forced) {
        Kernels best = new OutlinedKernels(new VectorKernels());
        return forced ? best : new WarmingKernels(new ScalarKernels(best.panelRows()), best);
    }
}
