package dev.dllm.eval;

import java.util.Locale;
import java.util.function.ToDoubleFunction;

/// What an answer costs.
public enum Cost {
    /// Positions computed; the same on every machine.
    POSITIONS("positions computed per prompt", EvalReport::positionsPerPrompt),
    /// Network calls; the same on every machine.
    FORWARDS("network calls per prompt", EvalReport::forwardsPerPrompt),
    /// Wall time.
    SECONDS("seconds per prompt", EvalReport::secondsPerPrompt);

    private final String label;
    private final ToDoubleFunction<EvalReport> of;

    Cost(String label, ToDoubleFunction<EvalReport> of) {
        this.label = label;
        this.of = of;
    }

    /// In words, with its unit.
    public String label() {
        return label;
    }

    /// The mean over the prompts of a report.
    public double of(EvalReport report) {
        return of.applyAsDouble(report);
    }

    /// That mean as a number with three digits or more.
    String shown(EvalReport report) {
        double cost = of(report);
        return String.format(Locale.ROOT, cost < 100 ? "%.3g" : "%.0f", cost);
    }
}
