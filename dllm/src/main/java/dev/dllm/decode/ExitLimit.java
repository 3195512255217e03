package dev.dllm.decode;

import java.util.Locale;
import java.util.stream.DoubleStream;

/// How large the margin between the two best tokens must be for a run to end, falling as the run goes on: what is left to
/// lose becomes less.
public sealed interface ExitLimit {

    /// @param call  from 0
    /// @param calls allotted to the run
    double at(int call, int calls);

    /// Three limits, one after the other.
    ///
    /// @param early     while less than `earlyEnd` of the calls have been made, this one counted
    /// @param mid       while less than `midEnd` of them have been made
    /// @param late      from there on
    /// @see "Prophet, arXiv:2508.19982; pixeli99/Prophet, generate_earlyexit.py"
    record Stages(float early, float mid, float late, double earlyEnd, double midEnd) implements ExitLimit {

        /// @throws IllegalArgumentException if one is no number
        public Stages {
            if (DoubleStream.of(early, mid, late, earlyEnd, midEnd).anyMatch(Double::isNaN)) {
                throw new IllegalArgumentException("exit limits %s, %s, %s: need numbers".formatted(early, mid, late));
            }
        }

        /// Prophet's stages, which are not quite thirds.
        public Stages(float early, float mid, float late) {
            this(early, mid, late, 0.33, 0.67);
        }

        /// The authors' limits, in units of logits.
        public Stages() {
            this(7.5f, 5, 2.5f);
        }

        @Override
        public double at(int call, int calls) {
            double progress = (call + 1.0) / calls;
            return progress < earlyEnd ? early : progress < midEnd ? mid : late;
        }

        @Override
        public String toString() {
            return early + "," + mid + "," + late;
        }
    }

    /// A curve from `high` at the first call to `low` at the last one.
    ///
    /// @param steepness of the exponential curve, which stays above `low` by its share; without effect on the others
    /// @see "SchED, arXiv:2512.02892"
    record Curve(Shape shape, float high, float low, float steepness) implements ExitLimit {

        /// @throws IllegalArgumentException if it does not fall from a number to one that is not greater
        public Curve {
            if (!(high >= low) || Float.isNaN(steepness)) {
                throw new IllegalArgumentException("an exit limit from %s to %s with steepness %s: needs numbers, the first not below the second"
                        .formatted(high, low, steepness));
            }
        }

        /// How the limit falls.
        public enum Shape {
            /// Evenly.
            LINEAR,
            /// Slowly at both ends.
            COSINE,
            /// Fast at first.
            EXP;

            /// The name that rules are written with.
            @Override
            public String toString() {
                return name().toLowerCase(Locale.ROOT);
            }
        }

        @Override
        public double at(int call, int calls) {
            double time = Math.min(1, call / Math.max(1.0, calls - 1));
            double share = switch (shape) {
                case LINEAR -> 1 - time;
                case COSINE -> (1 + Math.cos(Math.PI * time)) / 2;
                case EXP -> Math.exp(-steepness * time);
            };
            return low + ((double) high - low) * share;
        }

        @Override
        public String toString() {
            return shape + "," + high + "," + low + (shape == Shape.EXP ? "," + steepness : "");
        }
    }
}
