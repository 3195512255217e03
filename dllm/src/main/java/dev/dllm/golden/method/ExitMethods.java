package dev.dllm.golden.method;

import dev.dllm.decode.DecodeSettings;
import dev.dllm.decode.ExitLimit;
import dev.dllm.decode.ExitLimit.Curve;
import dev.dllm.decode.MarginExit;
import dev.dllm.decode.MarginExit.Region;
import dev.dllm.decode.MarginExit.Stability;
import dev.dllm.decode.MarginExit.Statistic;
import dev.dllm.decode.Pacing;
import dev.dllm.decode.Template;
import dev.dllm.golden.Params;
import dev.dllm.golden.UnsupportedCaseException;
import java.util.Optional;

/// Prophet and SchED: samplers that end early.
final class ExitMethods {
    /// Positions whose margins Prophet averages.
    private static final int ANSWER_LENGTH = 5;

    private ExitMethods() {}

    static Optional<DecodeCase> map(GoldenRun run) {
        return Optional.ofNullable(switch (run.method()) {
            case "prophet" -> prophet(run);
            case "prophet_dream" -> sched(run, new ExitLimit.Stages(
                    run.params().number("early_threshold", 7.5f), run.params().number("mid_threshold", 5),
                    run.params().number("late_threshold", 2.5f), 1.0 / 3, 2.0 / 3));
            case "sched" -> sched(run, new Curve(
                    shape(run.params().text("tau_mode", "linear")), run.params().number("tau_high", 7.5f),
                    run.params().number("tau_low", 2.5f), run.params().number("tau_k", 2)));
            default -> null;
        });
    }

    /// Prophet on LLaDA's sampler, with text that is given in the generated part.
    private static DecodeCase prophet(GoldenRun run) {
        DecodeSettings settings = LladaMethods.llada(run);
        int from = run.params().integer("answer_offset", -1);
        Region region = from < 0 ? Region.GENERATED : new Region(from, from + ANSWER_LENGTH);
        Params limits = run.params().nested("early_exit_thresholds");
        ExitLimit.Stages limit = new ExitLimit.Stages(
                limits.number("early", 7.5f), limits.number("mid", 5), limits.number("late", 2.5f));
        return new DecodeCase(
                settings.withExit(MarginExit.prophet(region, limit)),
                template(settings.genLength(), run.params().nested("constraints")), DecodeCase.Output.CANVAS);
    }

    private static Template template(int length, Params constraints) {
        Template template = Template.text();
        for (int position = 0; position < length; position++) {
            String offset = Integer.toString(position);
            template = constraints.has(offset)
                    ? template.andText(constraints.integer(offset, 0))
                    : template.andHole(1);
        }
        return template;
    }

    /// SchED's rule on Dream's sampler.
    private static DecodeCase sched(GoldenRun run, ExitLimit limit) {
        Params params = run.params();
        int[] offsets = params.integers("answer_offset");
        Region region = switch (params.text("answer_region", "all")) {
            case "all" -> Region.CANVAS;
            case "tail" -> Region.GENERATED;
            default -> new Region(offsets[0], offsets[1]);
        };
        Statistic statistic = switch (params.text("stat", "mean")) {
            case "mean" -> new Statistic.Mean();
            case "median" -> new Statistic.Median();
            case "quantile" -> new Statistic.Quantile(params.number("q", 0.5f));
            default -> throw new UnsupportedCaseException("stat '" + params.text("stat", "") + "'");
        };
        Stability stability = new Stability(
                params.number("min_progress", 0), params.number("max_change_ratio", 0), params.integer("patience_steps", 0));
        boolean masksOnly = params.text("average_over_masked", "true").equals("true");
        return new DecodeCase(DreamMethods.dream(run)
                .withPacing(new Pacing.Fixed())
                .withExit(new MarginExit(region, statistic, masksOnly, limit, Optional.of(stability))));
    }

    private static Curve.Shape shape(String mode) {
        return switch (mode) {
            case "linear" -> Curve.Shape.LINEAR;
            case "cosine" -> Curve.Shape.COSINE;
            case "exp" -> Curve.Shape.EXP;
            default -> throw new UnsupportedCaseException("tau_mode '" + mode + "'");
        };
    }
}
