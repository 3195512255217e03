package dev.dllm.decode;

import dev.dllm.choice.Arguments;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

/// When a verifier lets a draft stand, and what it writes instead. Its rows are logits; −∞ for what it must not write.
public sealed interface Acceptance {

    /// A proposal that is judged.
    ///
    /// @param logits  that it was drawn from
    /// @param uniform in (0, 1), for this draft alone; asked once at most
    record Draft(int token, Supplier<float[]> logits, DoubleSupplier uniform) {}

    /// @param token    that is written
    /// @param accepted whether the draft stands, so that the next one is judged
    record Verdict(int token, boolean accepted) {}

    /// Judges a draft.
    ///
    /// @param row of the verifier, logits by token; owned by the caller
    Verdict judge(Draft draft, float[] row);

    /// Checks that drafts are drawn as the rule supposes.
    ///
    /// @throws IllegalArgumentException if they are not
    default void requireFits(Sampling sampling) {}

    /// Whether it draws.
    default boolean draws() {
        return false;
    }

    /// Reads a value as `toString` writes it, chunk length excluded.
    ///
    /// @param arguments of a rule; the values of the acceptance are its first
    static Acceptance read(Arguments arguments) {
        return arguments.is(0, "threshold") ? new Threshold(arguments.number(1, 0.1f))
                : arguments.is(0, "sampled") ? new Sampled()
                : arguments.is(0, "rejection") ? new Rejection(arguments.number(1, 0))
                : new TopK(arguments.whole(0, 1, "a whole number, threshold, sampled or rejection"), arguments.number(1, 0));
    }

    /// How many values `toString` writes.
    default int arguments() {
        return 2;
    }

    /// A draft stands if it is among the `count` most probable tokens and has at least `ratio` of the largest probability. With a count
    /// of 1 the text is that of the verifier alone, decoded greedily, whatever is drafted.
    ///
    /// @param count 1 or more
    /// @param ratio in [0, 1], 0 for off
    record TopK(int count, float ratio) implements Acceptance {
        public TopK {
            if (count < 1 || !(ratio >= 0 && ratio <= 1)) {
                throw new IllegalArgumentException("top-k " + count + ", ratio " + ratio + ": need 1 or more, and a number in [0, 1]");
            }
        }

        @Override
        public Verdict judge(Draft draft, float[] row) {
            int best = argMax(row);
            boolean stands = draft.token < row.length && rank(row, draft.token) < count
                    && Math.exp((double) row[draft.token] - row[best]) >= ratio;
            return new Verdict(stands ? draft.token : best, stands);
        }

        private static int rank(float[] row, int token) {
            int above = 0;
            for (int id = 0; id < row.length; id++) {
                if (row[id] > row[token] || row[id] == row[token] && id < token) {
                    above++;
                }
            }
            return above;
        }

        @Override
        public String toString() {
            return count + "," + ratio;
        }
    }

    /// A draft stands if its probability is above `probability`; else the most probable token is written.
    ///
    /// @param probability 0 or more; from 1 on no draft stands
    record Threshold(float probability) implements Acceptance {
        public Threshold {
            if (!(probability >= 0)) {
                throw new IllegalArgumentException("acceptance threshold " + probability + ": needs 0 or more");
            }
        }

        @Override
        public Verdict judge(Draft draft, float[] row) {
            boolean stands = share(softmax(row, 1), draft.token) > probability;
            return new Verdict(stands ? draft.token : argMax(row), stands);
        }

        @Override
        public String toString() {
            return "threshold," + probability;
        }
    }

    /// The verifier draws a token, and a draft stands if it is the one. The text is drawn from the verifier alone, at temperature 1.
    record Sampled() implements Acceptance {
        @Override
        public boolean draws() {
            return true;
        }

        @Override
        public Verdict judge(Draft draft, float[] row) {
            int drawn = Masses.at(draft.uniform.getAsDouble(), softmax(row, 1));
            return new Verdict(drawn, drawn == draft.token);
        }

        @Override
        public int arguments() {
            return 1;
        }

        @Override
        public String toString() {
            return "sampled";
        }
    }

    /// A draft of probability q stands with the probability min(1, p / q), p being the verifier's; else a token is drawn from the
    /// positive part of p − q. The text is drawn from the verifier alone, at temperature 1, and as many drafts stand as the two models
    /// have in common.
    ///
    /// @param temperature at which drafts are drawn, from all tokens; at 0 a draft has a q of 1
    /// @see "Leviathan et al. 2023, arXiv:2211.17192; SpecDiff, arXiv:2408.05636"
    record Rejection(float temperature) implements Acceptance {
        public Rejection {
            if (!(temperature >= 0) || !Float.isFinite(temperature)) {
                throw new IllegalArgumentException("temperature of drafts " + temperature + ": needs 0 or a positive number");
            }
        }

        @Override
        public boolean draws() {
            return true;
        }

        @Override
        public void requireFits(Sampling sampling) {
            float drawn = sampling.draws() ? sampling.temperature() : 0;
            if (drawn != temperature) {
                throw new IllegalArgumentException("acceptance '%s' of drafts that are drawn at temperature %s: needs 'rejection,%s'"
                        .formatted(this, drawn, drawn));
            }
            if (drawn > 0 && (sampling.topK() > 0 || sampling.topP() < 1)) {
                throw new IllegalArgumentException("acceptance '%s' of drafts that are drawn from the top %s: needs drafts from all tokens"
                        .formatted(this, sampling.topK() > 0 ? "k" : "p"));
            }
        }

        @Override
        public Verdict judge(Draft draft, float[] row) {
            double[] left = softmax(row, 1);
            double[] drafter = temperature == 0 ? new double[0] : softmax(draft.logits.get(), temperature);
            double stands = Math.min(1, share(left, draft.token) / (temperature == 0 ? 1 : drafter[draft.token]));
            double uniform = draft.uniform.getAsDouble();
            if (uniform < stands) {
                return new Verdict(draft.token, true);
            }
            for (int id = 0; id < Math.min(drafter.length, left.length); id++) {
                left[id] = Math.max(0, left[id] - drafter[id]);
            }
            if (draft.token < left.length) {
                left[draft.token] = 0;
            }
            // Above `stands` it is uniform again.
            return new Verdict(Masses.at((uniform - stands) / (1 - stands), left), false);
        }

        @Override
        public String toString() {
            return "rejection," + temperature;
        }
    }

    private static int argMax(float[] row) {
        int best = 0;
        for (int id = 1; id < row.length; id++) {
            best = row[id] > row[best] ? id : best;
        }
        return best;
    }

    private static double[] softmax(float[] row, float temperature) {
        double[] probabilities = new double[row.length];
        double largest = row[argMax(row)];
        double total = 0;
        for (int id = 0; id < row.length; id++) {
            probabilities[id] = Math.exp((row[id] - largest) / temperature);
            total += probabilities[id];
        }
        for (int id = 0; id < row.length; id++) {
            probabilities[id] /= total;
        }
        return probabilities;
    }

    /// 0 for a token that the verifier does not know.
    private static double share(double[] probabilities, int token) {
        return token < probabilities.length ? probabilities[token] : 0;
    }
}
