package dev.dllm.model.family;

import dev.dllm.decode.Confidence;
import dev.dllm.decode.DecodeSettings;
import dev.dllm.decode.Threshold;
import dev.dllm.model.ConfigFile;
import dev.dllm.model.UnsupportedModelException;
import java.util.OptionalDouble;

/// Decoding settings with a name.
///
/// @param name     what `--preset` takes
/// @param settings complete settings; the ids that end a text are those of the model's files already
public record Preset(String name, DecodeSettings settings) {
    private static final int LONGEST = 1 << 24;

    /// The settings with the values that a checkpoint's generation_config.json holds: `gen_length`, `block_length`, `steps`,
    /// `temperature`, and `threshold` where the preset's rule has one threshold, a probability.
    ///
    /// @throws UnsupportedModelException if a value is of the wrong type or out of range
    public DecodeSettings overriddenBy(ConfigFile generation) {
        try {
            return overridden(generation);
        } catch (IllegalArgumentException e) {
            throw new UnsupportedModelException(generation.source() + ": " + e.getMessage());
        }
    }

    private DecodeSettings overridden(ConfigFile generation) {
        DecodeSettings s = settings;
        s = s.withGenLength(generation.optionalInteger("gen_length", 1, LONGEST).orElse(s.genLength()));
        s = s.withBlockLength(generation.optionalInteger("block_length", 1, LONGEST).orElse(s.blockLength()));
        s = s.withSteps(generation.optionalInteger("steps", 1, LONGEST).orElse(s.steps()));
        OptionalDouble threshold = generation.optionalNumber("threshold");
        if (threshold.isPresent() && s.unmasking() instanceof Threshold rule && s.confidence() != Confidence.ENTROPY) {
            s = s.withUnmasking(rule.withThreshold((float) threshold.getAsDouble()));
        }
        OptionalDouble temperature = generation.optionalNumber("temperature");
        return temperature.isEmpty()
                ? s
                : s.withSampling(s.sampling().withTemperature((float) temperature.getAsDouble()));
    }
}
