package dev.dllm.kernels;

import static dev.dllm.kernels.tier.Native.f32;
import static dev.dllm.kernels.tier.Native.f64;
import static dev.dllm.kernels.tier.Native.i32;

import dev.dllm.runtime.RouterSpec;
import dev.dllm.runtime.RouterSpec.Scoring;
import dev.dllm.runtime.Tensor;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// `route`, in float64: a few hundred numbers per row, so exactness costs nothing.
final class Route extends RowOp {
    /// Keeps a sum of gates that are all 0 from dividing.
    private static final double SMALLEST_SUM = 1e-20;

    private final View ids = new View();
    private final View gates = new View();
    private final View logits = new View();
    private final View bias = new View();
    private @Nullable RouterSpec spec;
    private int experts;

    Route(Engine engine) {
        super(engine);
    }

    /// @see dev.dllm.runtime.Ops#route
    void route(Tensor ids, Tensor gates, Tensor logits, @Nullable Tensor bias, RouterSpec spec) {
        this.ids.set(ids);
        this.gates.set(gates);
        this.logits.set(logits);
        this.bias.set(bias);
        this.spec = spec;
        this.experts = logits.cols();
        engine.scratch().reserve(0, (2L * experts + spec.groups()) * Double.BYTES);
        overRows(logits.rows(), experts * (8L + spec.topK()));
    }

    @Override
    void row(int row, int worker) {
        RouterSpec spec = Objects.requireNonNull(this.spec);
        long scores = engine.scratch().worker(worker);
        long choice = scores + experts * 8L;
        score(logits.row(row), scores, spec.scoring());
        boolean broken = false;
        for (int e = 0; e < experts; e++) {
            double offset = bias.isSet() ? f32(bias.row(0) + e * 4L) : 0;
            double value = f64(scores + e * 8L) + offset;
            f64(choice + e * 8L, value);
            broken |= Double.isNaN(value);
        }
        if (broken) {
            refuse(row, spec.topK());
            return;
        }
        if (spec.groups() > 1) {
            keepBestGroups(choice, choice + experts * 8L, spec);
        }
        choose(row, scores, choice, spec);
    }

    private void choose(int row, long scores, long choice, RouterSpec spec) {
        double sum = SMALLEST_SUM;
        for (int j = 0; j < spec.topK(); j++) {
            int expert = takeLargest(choice, experts);
            i32(ids.row(row) + j * 4L, expert);
            sum += f64(scores + expert * 8L);
        }
        double divisor = spec.normalize() ? sum : 1;
        for (int j = 0; j < spec.topK(); j++) {
            double score = f64(scores + i32(ids.row(row) + j * 4L) * 8L);
            f32(gates.row(row) + j * 4L, (float) (score / divisor * spec.scale()));
        }
    }

    /// Ids in range and gates that are NaN: what follows stays inside its memory, and NaN reaches the logits.
    private void refuse(int row, int topK) {
        for (int j = 0; j < topK; j++) {
            i32(ids.row(row) + j * 4L, j);
            f32(gates.row(row) + j * 4L, Float.NaN);
        }
    }

    private void score(long logits, long scores, Scoring scoring) {
        switch (scoring) {
            case SIGMOID -> {
                for (int e = 0; e < experts; e++) {
                    f64(scores + e * 8L, 1 / (1 + Math.exp(-f32(logits + e * 4L))));
                }
            }
            case SOFTMAX -> softmax(logits, scores);
        }
    }

    private void softmax(long logits, long scores) {
        double largest = Double.NEGATIVE_INFINITY;
        for (int e = 0; e < experts; e++) {
            largest = Math.max(largest, f32(logits + e * 4L));
        }
        double sum = 0;
        for (int e = 0; e < experts; e++) {
            double power = Math.exp(f32(logits + e * 4L) - largest);
            f64(scores + e * 8L, power);
            sum += power;
        }
        for (int e = 0; e < experts; e++) {
            f64(scores + e * 8L, f64(scores + e * 8L) / sum);
        }
    }

    /// Takes the experts of all but the best groups out of the choice.
    ///
    /// @param worth scratch for a number per group
    private void keepBestGroups(long choice, long worth, RouterSpec spec) {
        int size = experts / spec.groups();
        for (int g = 0; g < spec.groups(); g++) {
            f64(worth + g * 8L, twoLargest(choice + g * size * 8L, size));
        }
        for (int kept = 0; kept < spec.topGroups(); kept++) {
            takeLargest(worth, spec.groups());
        }
        for (int g = 0; g < spec.groups(); g++) {
            if (Double.isNaN(f64(worth + g * 8L))) {
                continue;
            }
            for (int e = g * size; e < (g + 1) * size; e++) {
                f64(choice + e * 8L, Double.NaN);
            }
        }
    }

    private static double twoLargest(long values, int n) {
        double first = Double.NEGATIVE_INFINITY;
        double second = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < n; i++) {
            double value = f64(values + i * 8L);
            if (value > first) {
                second = first;
                first = value;
            } else if (value > second) {
                second = value;
            }
        }
        return first + second;
    }

    /// The index of the largest number, the lowest of several; it becomes NaN, and NaNs are passed over.
    private static int takeLargest(long values, int n) {
        int best = -1;
        double largest = Double.NaN;
        for (int i = 0; i < n; i++) {
            double value = f64(values + i * 8L);
            if (value > largest || best < 0 && !Double.isNaN(value)) {
                best = i;
                largest = value;
            }
        }
        f64(values + best * 8L, Double.NaN);
        return best;
    }
}
