package dev.dllm.decode;

/// Chance by masses that need not add up to 1.
final class Masses {

    private Masses() {}

    /// The index at a share of all mass, in order: drawn by mass if the share is uniform. 0 if there is no mass.
    ///
    /// @param share in [0, 1)
    static int at(double share, double[] masses) {
        double total = 0;
        for (double mass : masses) {
            total += mass;
        }
        double left = share * total;
        int last = 0;
        for (int i = 0; i < masses.length; i++) {
            if (masses[i] > 0) {
                last = i;
                left -= masses[i];
                if (left < 0) {
                    return i;
                }
            }
        }
        return last;
    }
}
