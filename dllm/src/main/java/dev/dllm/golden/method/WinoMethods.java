package dev.dllm.golden.method;

import dev.dllm.decode.DecodeSettings;
import dev.dllm.decode.Sampling;
import dev.dllm.decode.Wino;
import dev.dllm.model.AttentionPattern;
import java.util.Optional;

/// WINO's generate, which takes tokens back without limit.
final class WinoMethods {

    private WinoMethods() {}

    static Optional<DecodeCase> map(GoldenRun run) {
        return run.method().equals("wino") ? Optional.of(new DecodeCase(wino(run))) : Optional.empty();
    }

    private static DecodeSettings wino(GoldenRun run) {
        return GoldenRun.parity(
                        new AttentionPattern.Bidirectional(), run.params().integer("gen_length", 256),
                        run.params().integer("block_length", 128))
                .withSteps(DecodeSettings.WHOLE)
                .withSampling(run.filters(Sampling.llada()))
                .withUnmasking(new Wino(
                        run.params().number("threshold", 0.6f), run.params().number("threshold_back", 0.9f)));
    }
}
