package dev.dllm.laws;

import dev.dllm.decode.DecodeSettings;
import dev.dllm.decode.Smoothing;
import dev.dllm.decode.StopRule;
import java.util.stream.IntStream;

/// Settings besides cache and rule.
enum Profile {
    /// Blocks of 4, as many calls as positions.
    PLAIN {
        @Override
        DecodeSettings of(DecodeSettings settings) {
            return settings;
        }
    },
    /// Blocks of 8, denoised in halves.
    SPANS {
        @Override
        DecodeSettings of(DecodeSettings settings) {
            return settings.withBlockLength(8).withSpanLength(4);
        }
    },
    /// Blocks of 8 in 3 calls.
    FEW_STEPS {
        @Override
        DecodeSettings of(DecodeSettings settings) {
            return settings.withBlockLength(8).withSteps(3);
        }
    },
    SAMPLED {
        @Override
        DecodeSettings of(DecodeSettings settings) {
            return settings.withSampling(settings.sampling().withTemperature(0.8f).withTopP(0.9f)).withSeed(7);
        }
    },
    /// A second view of the canvas in every call.
    GUIDED {
        @Override
        DecodeSettings of(DecodeSettings settings) {
            return settings.withGuidance(0.5f);
        }
    },
    SMOOTHED {
        @Override
        DecodeSettings of(DecodeSettings settings) {
            return settings.withSmoothing(new Smoothing(0.1f, 0.1f, 0.5f));
        }
    },
    /// Many a token ends the text.
    STOPPED {
        @Override
        DecodeSettings of(DecodeSettings settings) {
            return settings.withStop(StopRule.filling(IntStream.range(0, 6).toArray()));
        }
    };

    /// @param settings with blocks of 4
    abstract DecodeSettings of(DecodeSettings settings);
}
