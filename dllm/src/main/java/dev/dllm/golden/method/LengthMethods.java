package dev.dllm.golden.method;

import dev.dllm.GenerationRequest;
import dev.dllm.Prompt;
import dev.dllm.decode.Daedal;
import dev.dllm.decode.DecodeSettings;
import dev.dllm.decode.ExpandDelete;
import dev.dllm.decode.Pacing;
import dev.dllm.decode.Sampling;
import dev.dllm.decode.Template;
import dev.dllm.model.AttentionPattern;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;

/// Methods that find the length of the text: DAEDAL and DreamOn.
final class LengthMethods {
    private static final AttentionPattern FULL = new AttentionPattern.Bidirectional();

    private LengthMethods() {}

    static Optional<DecodeCase> map(GoldenRun run) {
        return Optional.ofNullable(switch (run.method()) {
            case "daedal" -> new DecodeCase(daedal(run));
            case "dreamon" -> dreamOn(run);
            default -> null;
        });
    }

    private static DecodeSettings daedal(GoldenRun run) {
        return GoldenRun.parity(
                        FULL, run.params().integer("initial_gen_length", 64), run.params().integer("block_length", 32))
                .withSampling(run.filters(Sampling.llada()))
                .withGuidance(run.params().number("cfg_scale", 0))
                .withUnmasking(new Daedal(
                        run.params().integer("max_gen_length", 2048),
                        run.params().number("high_conf_threshold", 0.9f),
                        run.params().number("low_conf_threshold", 0.1f),
                        run.params().integer("expansion_factor", 8),
                        run.params().number("eos_confidence_threshold", 0.5f),
                        run.params().number("expand_eos_confidence_threshold", 0.9f),
                        run.params().integer("eos_check_tokens", 32),
                        OptionalInt.of(run.params().integer("eos_token_id", -1))));
    }

    /// DreamOn: a row of the prompt holds the text before the hole, the hole and the text behind it; masks for the length that
    /// the hole may grow to stand behind them all.
    private static DecodeCase dreamOn(GoldenRun run) {
        int prefix = run.params().integer("prefix_length", 0);
        int shortest = run.params().integer("min_gen_len", 4);
        int longest = run.params().integer("max_gen_len", 64);
        run.params().ignore("max_tokens");
        ExpandDelete rule = new ExpandDelete(
                longest, run.params().flag("pad_eos_to_right"), run.params().flag("delete_eos_token"), OptionalInt.empty(),
                OptionalInt.empty(), longest - shortest);
        DecodeSettings settings = GoldenRun.parity(FULL, longest, DecodeSettings.WHOLE)
                .withSteps(run.params().integer("steps", 512))
                .withPacing(new Pacing.UpTo())
                .withConfidence(DreamMethods.confidence(run))
                .withSampling(run.filters(Sampling.dream()))
                .withUnmasking(rule);
        return new DecodeCase(
                prompts -> prompts.stream()
                        .map(row -> new GenerationRequest(
                                Prompt.ids(Arrays.copyOf(row, prefix)),
                                padded(
                                        Template.hole(shortest).andText(Arrays.copyOfRange(row, prefix + shortest, row.length)),
                                        longest - shortest),
                                settings))
                        .toList(),
                DecodeCase.Order.TOGETHER, DecodeCase.Output.CANVAS, Extras.NONE);
    }

    private static Template padded(Template template, int padding) {
        return padding == 0 ? template : template.andHole(padding);
    }
}
