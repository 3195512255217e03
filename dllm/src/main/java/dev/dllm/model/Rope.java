package dev.dllm.model;

/// Rotary position embedding of a model: which angle a position gives each rotated pair.
///
/// @param theta   base of the frequencies
/// @param width   rotated dimensions per head, even; the exponent divides by it
/// @param scaling how the frequencies are stretched for longer texts
/// @see "Su et al. 2021, arXiv:2104.09864; transformers modeling_rope_utils.py"
public record Rope(double theta, int width, RopeScaling scaling) {

    public Rope {
        if (!(theta > 1) || !Double.isFinite(theta) || width < 2 || width % 2 != 0) {
            throw new IllegalArgumentException(
                    "rotary embedding with theta " + theta + " over " + width + " dimensions: needs a theta above 1 and"
                            + " an even number of dimensions");
        }
        if (width < 4 && !(scaling instanceof RopeScaling.None)) {
            throw new IllegalArgumentException(
                    "rotary embedding over " + width + " dimensions cannot be scaled: needs 4 or more");
        }
    }

    /// Without scaling.
    public Rope(double theta, int width) {
        this(theta, width, new RopeScaling.None());
    }

    /// The same with `lambda · theta`: longer texts without training.
    ///
    /// @param lambda 1 changes nothing
    /// @see "LongLLaDA, arXiv:2506.14429; OpenMOSS/LongLLaDA, llada/llada_wrapper.py"
    public Rope withThetaScale(double lambda) {
        return new Rope(lambda * theta, width, scaling);
    }

    /// The positions for which multiplying theta by `lambda` is enough: `2π · (lambda · theta)^(c / width)`, where the first
    /// `c` dimensions are those that turn at least once within the `trained` positions. Never less than `trained`.
    ///
    /// It is the rule behind the published factors, solved for the length: 4, 14, 31 and 55 for 8K, 16K, 24K and 32K of
    /// LLaDA, which was trained on 4K.
    ///
    /// @see "LongLLaDA, arXiv:2506.14429, the scaling law of the critical dimension"
    int contextAt(double lambda, int trained) {
        if (lambda == 1) {
            return trained;
        }
        double turning = 2 * Math.ceil(width / 2.0 * Math.log(trained / (2 * Math.PI)) / Math.log(theta));
        double reach = 2 * Math.PI * Math.pow(lambda * theta, Math.clamp(turning, 0, width) / width);
        return (int) Math.max(trained, reach);
    }

    /// The angles of a sequence.
    ///
    /// @param length positions of the whole sequence, which is what [RopeScaling.DynamicNtk] goes by
    RopeAngles angles(int length) {
        return new RopeAngles(scaling.frequencies(theta, width, length), scaling.attentionFactor());
    }
}
