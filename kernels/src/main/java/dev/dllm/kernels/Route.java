package dev.dllm.kernels;

import static dev.dllm.kernels.tier.Native.f32;
import static dev.dllm.kernels.tier.Native.f64;
import static dev.dllm.kernels.tier.Native.i32;

import dev.dllm.runtime.Indices;
import dev.dllm.runtime.RouterSpec;
import dev.dllm.runtime.RouterSpec.Scoring;
import dev.dllm.runtime.Tensor;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// `route`, in float64: a few hundred numbers per row, so exactness costs nothing. With routing blocks there is a region
/// before, [Admission].
final class Route extends RowOp {
    /// Keeps a sum of gates that are all 0 from dividing.
    private static final double SMALLEST_SUM = 1e-20;

    private final View ids = new View();
    private final View gates = new View();
    private final View logits = new View();
    private final View bias = new View();
    private final Admission admission;
    private @Nullable RouterSpec spec;
    private int experts;

    Route(Engine engine) {
        super(engine);
        admission = new Admission(engine, logits, bias);
    }

    /// @see dev.dllm.runtime.Ops#route
    void route(
            Tensor ids, Tensor gates, Tensor logits, @Nullable Tensor bias, RouterSpec spec, Indices blocks) {
        this.ids.set(ids);
        this.gates.set(gates);
        this.logits.set(logits);
        this.bias.set(bias);
        this.spec = spec;
        this.experts = logits.cols();
        boolean limited = spec.capacity() > 0;
        engine.scratch().reserve(
                limited ? Admission.sharedBytes(logits.rows(), experts, blocks.length()) : 0,
                (2L * experts + spec.groups()) * Double.BYTES);
        if (limited) {
            admission.admit(logits.rows(), experts, spec, blocks);
        }
        overRows(logits.rows(), experts * (8L + spec.topK()));
    }

    @Override
    void row(int row, int worker) {
        RouterSpec spec = Objects.requireNonNull(this.spec);
        long scores = engine.scratch().worker(worker);
        long choice = scores + experts * 8L;
        score(logits.row(row), scores, spec.scoring());
        if (RouterScores.addBias(choice, scores, bias, experts)) {
            refuse(row, spec.topK());
            return;
        }
        if (spec.groups() > 1) {
            keepBestGroups(choice, choice + experts * 8L, spec);
        }
        if (spec.capacity() > 0) {
            admission.keepAdmitted(row, choice);
        }
        choose(row, scores, choice, spec);
    }

    private void choose(int row, long scores, long choice, RouterSpec spec) {
        double sum = SMALLEST_SUM;
        for (int j = 0; j < spec.topK(); j++) {
            int expert = RouterScores.takeLargest(choice, experts);
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
                    f64(scores + e * 8L, RouterScores.sigmoid(f32(logits + e * 4L)));
                }
            }
            case SOFTMAX -> RouterScores.softmax(logits, scores, experts);
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
            RouterScores.takeLargest(worth, spec.groups());
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
}
