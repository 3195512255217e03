package dev.dllm.model;

/// How the frequencies of a [Rope] are stretched so that a model reads longer texts than it was trained on. All cases need a
/// factor of 1 or more.
///
/// Frequencies and angles are float32 as in the authors' code, so that large positions round alike.
///
/// @see "transformers modeling_rope_utils.py"
public sealed interface RopeScaling {

    /// The frequency of each rotated pair, `width / 2` of them, in radians per position.
    ///
    /// @param theta  base of the frequencies, above 1
    /// @param width  rotated dimensions, even
    /// @param length positions of the whole sequence
    float[] frequencies(double theta, int width, int length);

    /// Factor on cosines and sines, and so, squared, on the rotated part of every attention score.
    default float attentionFactor() {
        return 1;
    }

    /// The positions that a model of `trained` positions reads with this scaling.
    int contextLimit(int trained);

    /// `f_i = theta^(−2i / width)`.
    record None() implements RopeScaling {
        @Override
        public float[] frequencies(double theta, int width, int length) {
            float[] frequencies = new float[width / 2];
            for (int i = 0; i < frequencies.length; i++) {
                frequencies[i] = 1 / (float) Math.pow(theta, 2.0 * i / width);
            }
            return frequencies;
        }

        @Override
        public int contextLimit(int trained) {
            return trained;
        }

        @Override
        public String toString() {
            return "none";
        }
    }

    /// Position interpolation: `f_i / factor`.
    ///
    /// @see "Chen et al. 2023, arXiv:2306.15595"
    record Linear(double factor) implements RopeScaling {
        public Linear {
            requireFactor(factor);
        }

        @Override
        public float[] frequencies(double theta, int width, int length) {
            float[] frequencies = new None().frequencies(theta, width, length);
            for (int i = 0; i < frequencies.length; i++) {
                frequencies[i] /= (float) factor;
            }
            return frequencies;
        }

        @Override
        public int contextLimit(int trained) {
            return stretched(trained, factor);
        }

        @Override
        public String toString() {
            return "linear by " + factor;
        }
    }

    /// NTK-aware interpolation: theta becomes `theta · factor^(width / (width − 2))`, which leaves the fastest pair alone and
    /// slows the slowest one down by the factor. Some engines compute something close to it under the same name.
    ///
    /// @see "u/bloc97 2023, NTK-aware scaled RoPE; YaRN, arXiv:2309.00071, section 3.1"
    record Ntk(double factor) implements RopeScaling {
        public Ntk {
            requireFactor(factor);
        }

        @Override
        public float[] frequencies(double theta, int width, int length) {
            return new None().frequencies(theta * Math.pow(factor, width / (width - 2.0)), width, length);
        }

        @Override
        public int contextLimit(int trained) {
            return stretched(trained, factor);
        }

        @Override
        public String toString() {
            return "NTK by " + factor;
        }
    }

    /// NTK-aware interpolation by as much as the sequence needs: as [Ntk] with `1 + factor · (length − limit) / limit` where
    /// the length exceeds the limit, and unscaled elsewhere.
    ///
    /// The length is that of the canvas, masks included, which stays the same for a whole request. So all keys of a table are
    /// rotated alike, and neither the cache nor the rest of the batch changes a bit. For bidirectional models it is what
    /// transformers takes, the last position plus 1; for block-causal ones transformers would begin with the positions of the
    /// first block and rotate older keys by other angles. Rows stored at one length must not be read at another: a canvas that
    /// grows forgets what is stored.
    ///
    /// @param limit positions that need no scaling
    /// @see "u/emozilla 2023, dynamically scaled RoPE; transformers modeling_rope_utils.py (dynamic)"
    record DynamicNtk(double factor, int limit) implements RopeScaling {
        public DynamicNtk {
            requireFactor(factor);
            requirePositions(limit);
        }

        @Override
        public float[] frequencies(double theta, int width, int length) {
            double excess = Math.max(0, length - limit);
            return new Ntk(1 + factor * excess / limit).frequencies(theta, width, length);
        }

        @Override
        public int contextLimit(int trained) {
            return stretched(limit, factor);
        }

        @Override
        public String toString() {
            return "dynamic NTK by " + factor + " beyond " + limit + " positions";
        }
    }

    /// YaRN: pairs that turn more than `betaFast` times within the original positions stay, those that turn less than
    /// `betaSlow` times are interpolated by the factor, and those between by a part of it.
    ///
    /// @param original        positions that the model was trained on
    /// @param betaFast        turns above which a pair stays
    /// @param betaSlow        turns below which a pair is interpolated completely, less than `betaFast`
    /// @param attentionFactor on cosines and sines, see [#defaultAttentionFactor]
    /// @see "YaRN, arXiv:2309.00071, sections 3.2 to 3.4"
    record Yarn(double factor, int original, double betaFast, double betaSlow, float attentionFactor)
            implements RopeScaling {
        public Yarn {
            requireFactor(factor);
            requirePositions(original);
            if (!(betaSlow > 0) || !(betaFast > betaSlow) || !Double.isFinite(betaFast)) {
                throw new IllegalArgumentException("YaRN with a fast beta of %s and a slow one of %s: needs fast > slow > 0"
                        .formatted(betaFast, betaSlow));
            }
            if (!(attentionFactor > 0) || !Float.isFinite(attentionFactor)) {
                throw new IllegalArgumentException(
                        "YaRN with an attention factor of " + attentionFactor + ": needs a positive number");
            }
        }

        /// With the values of the paper.
        public Yarn(double factor, int original) {
            this(factor, original, 32, 1, defaultAttentionFactor(factor));
        }

        /// `0.1 · ln(factor) + 1`.
        public static float defaultAttentionFactor(double factor) {
            return (float) (0.1 * Math.log(factor) + 1);
        }

        @Override
        public float[] frequencies(double theta, int width, int length) {
            double low = Math.max(0, Math.floor(pairTurning(betaFast, theta, width)));
            double high = Math.min(width - 1, Math.ceil(pairTurning(betaSlow, theta, width)));
            double ramp = low == high ? 0.001 : high - low;
            float[] frequencies = new None().frequencies(theta, width, length);
            for (int i = 0; i < frequencies.length; i++) {
                double part = Math.clamp((i - low) / ramp, 0, 1);
                frequencies[i] = (float) (frequencies[i] * (1 - part * (1 - 1 / factor)));
            }
            return frequencies;
        }

        /// The pair, as a fraction, that turns this often within the original positions.
        private double pairTurning(double turns, double theta, int width) {
            return width * Math.log(original / (2 * Math.PI * turns)) / (2 * Math.log(theta));
        }

        @Override
        public int contextLimit(int trained) {
            return stretched(original, factor);
        }

        @Override
        public String toString() {
            return "YaRN by " + factor + " from " + original + " positions";
        }
    }

    private static void requireFactor(double factor) {
        if (!(factor >= 1) || !Double.isFinite(factor)) {
            throw new IllegalArgumentException("rotary scaling by " + factor + ": needs a factor of 1 or more");
        }
    }

    private static void requirePositions(int positions) {
        if (positions < 1) {
            throw new IllegalArgumentException("rotary scaling from " + positions + " positions: needs 1 or more");
        }
    }

    private static int stretched(int positions, double factor) {
        return (int) (positions * factor);
    }
}
