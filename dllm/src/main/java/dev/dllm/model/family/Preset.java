package dev.dllm.model.family;

import dev.dllm.decode.DecodeSettings;
import dev.dllm.decode.StopRule;
import dev.dllm.decode.Threshold;
import dev.dllm.model.ConfigFile;
import java.util.OptionalDouble;

/// Decoding settings with a name.
///
/// @param name     what `--preset` takes
/// @param settings complete settings
public record Preset(String name, DecodeSettings settings) {
    private static final int LONGEST = 1 << 24;

    /// The settings with the values that a checkpoint's generation_config.json holds.
    ///
    /// @throws dev.dllm.model.UnsupportedModelException if a value is of the wrong type or out of range
    public DecodeSettings overriddenBy(ConfigFile generation) {
        DecodeSettings s = settings;
        s = s.withGenLength(generation.optionalInteger("gen_length", 1, LONGEST).orElse(s.genLength()));
        s = s.withBlockLength(generation.optionalInteger("block_length", 1, LONGEST).orElse(s.blockLength()));
        s = s.withSteps(generation.optionalInteger("steps", 1, LONGEST).orElse(s.steps()));
        OptionalDouble threshold = generation.optionalNumber("threshold");
        if (threshold.isPresent() && s.unmasking() instanceof Threshold) {
            s = s.withUnmasking(new Threshold((float) threshold.getAsDouble()));
        }
        OptionalDouble temperature = generation.optionalNumber("temperature");
        if (temperature.isPresent()) {
            s = s.withSampling(s.sampling().withTemperature((float) temperature.getAsDouble()));
        }
        int[] eosIds = generation.integers("eos_token_id", 0, Integer.MAX_VALUE);
        return eosIds.length > 0 ? s.withStop(StopRule.afterBlock(eosIds)) : s;
    }
}
