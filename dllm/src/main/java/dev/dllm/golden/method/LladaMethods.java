package dev.dllm.golden.method;

import dev.dllm.decode.Confidence;
import dev.dllm.decode.DecodeSettings;
import dev.dllm.decode.Pacing;
import dev.dllm.decode.Sampling;
import dev.dllm.model.AttentionPattern;
import java.util.Optional;

/// LLaDA's generate.py.
final class LladaMethods {
    private static final AttentionPattern FULL = new AttentionPattern.Bidirectional();

    private LladaMethods() {}

    static Optional<DecodeCase> map(GoldenRun run) {
        return Optional.ofNullable(switch (run.method()) {
            case "low_confidence", "low_confidence_batch", "low_confidence_cfg", "low_confidence_eosbase",
                    "low_confidence_logits_eos_inf", "low_confidence_confidence_eos_eot_inf" ->
                new DecodeCase(llada(run));
            case "random_remask" -> new DecodeCase(
                    llada(run).withConfidence(Confidence.RANDOM).withRandomness(Replay.byPosition(run.draws())));
            default -> null;
        });
    }

    /// LLaDA's generate.py.
    static DecodeSettings llada(GoldenRun run) {
        int genLength = run.params().integer("gen_length", 128);
        int blockLength = run.params().integer("block_length", 128);
        run.params().expect("remasking", "low_confidence", "random");
        Sampling sampling = Sampling.llada();
        int eos = run.params().integer("eos_id", -1);
        int eot = run.params().integer("eot_id", -1);
        if (run.params().flag("logits_eos_inf")) {
            sampling = sampling.withSuppressed(eos);
        }
        if (run.params().flag("confidence_eos_eot_inf")) {
            sampling = sampling.withUnsure(eos, eot);
        }
        return GoldenRun.parity(FULL, genLength, blockLength)
                .withSteps(run.params().integer("steps", 128) / (genLength / blockLength))
                .withPacing(new Pacing.Fixed())
                .withSampling(sampling)
                .withGuidance(run.params().number("cfg_scale", 0));
    }
}
