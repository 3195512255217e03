package dev.dllm;

import dev.dllm.model.family.ModelConfigs;
import dev.dllm.runtime.BackendOptions;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// How a model is loaded. Immutable.
///
/// @param backend name of the backend: `cpu`
/// @param threads threads that compute, 0 for one per processor
/// @param weights whether linear weights are packed
/// @param preset  name of the decoding preset, null for the family's default
/// @param family  name of the model family, null to go by the files
/// @param maskId  id of the mask token, empty to go by the files
/// @param ropeThetaScale factor on the theta of the rotary embedding, 1 or more: reads longer texts without training,
///                       see [dev.dllm.model.Rope#withThetaScale]
public record LoadOptions(
        String backend,
        int threads,
        Weights weights,
        @Nullable String preset,
        @Nullable String family,
        OptionalInt maskId,
        double ropeThetaScale) {

    /// What becomes of linear weights.
    public enum Weights {
        /// Packed if a copy of all weights fits into half of the memory that is available.
        AUTO,
        /// Copied into the form that multiplies fastest.
        PACKED,
        /// Used where the checkpoint maps them: no copy, slower products.
        MAPPED
    }

    public LoadOptions {
        if (!(ropeThetaScale >= 1) || !Double.isFinite(ropeThetaScale)) {
            throw new IllegalArgumentException("rope theta scale " + ropeThetaScale + ": needs 1 or more");
        }
    }

    public static LoadOptions defaults() {
        return new LoadOptions("cpu", 0, Weights.AUTO, null, null, OptionalInt.empty(), 1);
    }

    public LoadOptions withBackend(String backend) {
        return new LoadOptions(backend, threads, weights, preset, family, maskId, ropeThetaScale);
    }

    public LoadOptions withThreads(int threads) {
        return new LoadOptions(backend, threads, weights, preset, family, maskId, ropeThetaScale);
    }

    public LoadOptions withWeights(Weights weights) {
        return new LoadOptions(backend, threads, weights, preset, family, maskId, ropeThetaScale);
    }

    public LoadOptions withPreset(@Nullable String preset) {
        return new LoadOptions(backend, threads, weights, preset, family, maskId, ropeThetaScale);
    }

    public LoadOptions withFamily(@Nullable String family) {
        return new LoadOptions(backend, threads, weights, preset, family, maskId, ropeThetaScale);
    }

    public LoadOptions withMaskId(OptionalInt maskId) {
        return new LoadOptions(backend, threads, weights, preset, family, maskId, ropeThetaScale);
    }

    public LoadOptions withRopeThetaScale(double ropeThetaScale) {
        return new LoadOptions(backend, threads, weights, preset, family, maskId, ropeThetaScale);
    }

    /// As this, for a second model that judges what the first one proposes: on the same backend, but what it is follows from
    /// its files.
    public LoadOptions forVerifier() {
        return new LoadOptions(backend, threads, weights, null, null, OptionalInt.empty(), 1);
    }

    BackendOptions backendOptions() {
        return new BackendOptions(threads);
    }

    ModelConfigs.Hints hints() {
        return new ModelConfigs.Hints(family, maskId);
    }
}
