package dev.dllm.golden.method;

import dev.dllm.decode.Confidence;
import dev.dllm.decode.DecodeSettings;
import dev.dllm.decode.EntropyBound;
import dev.dllm.decode.Quota;
import dev.dllm.decode.Sampling;
import dev.dllm.decode.Schedule;
import dev.dllm.model.AttentionPattern;
import java.util.Arrays;
import java.util.Optional;

/// RND1's sampler.
final class Rnd1Methods {
    private static final AttentionPattern FULL = new AttentionPattern.Bidirectional();

    private Rnd1Methods() {}

    static Optional<DecodeCase> map(GoldenRun run) {
        return run.method().equals("rnd1") ? Optional.of(rnd1(run)) : Optional.empty();
    }

    /// RND1's sampler: one position at the end stays reserved, and everything behind the masks is visible.
    private static DecodeCase rnd1(GoldenRun run) {
        int[] suffix = run.params().integers("suffix_ids");
        int open = run.params().integer("seq_len", 0) - run.promptLength() - suffix.length - 1;
        int masks = run.params().integer("infill_length", open);
        int pad = run.params().integer("pad_token_id", 0);
        int eos = run.params().integer("eos_token_id", 0);
        int[] behind = Arrays.copyOf(suffix, run.params().integer("seq_len", 0) - run.promptLength() - masks);
        Arrays.fill(behind, suffix.length, behind.length, pad);
        if (run.params().flag("add_eos_at_end")) {
            behind[behind.length - 1] = eos;
        }
        run.params().expect("greedy", "true");
        float bound = run.params().number("eb_gamma", -1);
        DecodeSettings settings = GoldenRun.parity(FULL, masks, DecodeSettings.WHOLE)
                .withSteps(run.params().integer("num_steps", 256))
                .withUnmasking(bound < 0 ? new Schedule(Quota.LINE) : new EntropyBound(bound, EntropyBound.Sum.OTHERS))
                .withConfidence(bound < 0 ? Confidence.ENTROPY : Confidence.PROBABILITY)
                .withSampling(run.filters(Sampling.greedy()).withArgMax(true));
        return new DecodeCase(settings, behind, DecodeCase.Output.CANVAS);
    }
}
