package dev.dllm.reference;

/// Rotary position embedding with half-split pairs.
///
/// @param width    rotated dimensions per head
/// @param type     `default`, `linear`, `ntk`, `dynamic` or `yarn`, as configurations write it
/// @param factor   1 for `default`
/// @param original positions that the model was trained on; read by `dynamic` and `yarn` only
/// @see "Su et al. 2021, arXiv:2104.09864; Chen et al. 2023, arXiv:2306.15595; YaRN, arXiv:2309.00071"
record Rotary(int width, double theta, String type, double factor, int original) {

    static Rotary plain(int width, double theta) {
        return new Rotary(width, theta, "default", 1, 0);
    }

    Rotary scaled(String type, double factor, int original) {
        return new Rotary(width, theta, type, factor, original);
    }

    Rotary withTheta(double theta) {
        return new Rotary(width, theta, type, factor, original);
    }

    /// Rotates one head inside `x` in place.
    ///
    /// @param start  of the head
    /// @param length positions of the whole sequence
    void rotate(double[] x, int start, int position, int length) {
        double magnitude = type.equals("yarn") ? 0.1 * Math.log(factor) + 1 : 1;
        for (int i = 0; i < width / 2; i++) {
            double angle = position * frequency(i, length);
            double cos = magnitude * Math.cos(angle);
            double sin = magnitude * Math.sin(angle);
            double a = x[start + i];
            double b = x[start + i + width / 2];
            x[start + i] = a * cos - b * sin;
            x[start + i + width / 2] = b * cos + a * sin;
        }
    }

    private double frequency(int pair, int length) {
        return switch (type) {
            case "default" -> frequency(pair, theta);
            case "linear" -> frequency(pair, theta) / factor;
            case "ntk" -> frequency(pair, theta * Math.pow(factor, width / (width - 2.0)));
            case "dynamic" -> length <= original
                    ? frequency(pair, theta)
                    : frequency(pair, theta * Math.pow(
                            factor * length / original - (factor - 1), width / (width - 2.0)));
            case "yarn" -> yarn(pair);
            default -> throw new IllegalArgumentException(type);
        };
    }

    private double frequency(int pair, double base) {
        return Math.pow(base, -2.0 * pair / width);
    }

    private double yarn(int pair) {
        double low = Math.max(Math.floor(dimension(32)), 0);
        double high = Math.min(Math.ceil(dimension(1)), width - 1);
        if (low == high) {
            high += 0.001;
        }
        double interpolated = Math.min(1, Math.max(0, (pair - low) / (high - low)));
        return frequency(pair, theta) * (1 - interpolated + interpolated / factor);
    }

    private double dimension(double turns) {
        return width * Math.log(original / (2 * Math.PI * turns)) / (2 * Math.log(theta));
    }
}
