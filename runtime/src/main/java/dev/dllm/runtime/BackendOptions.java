package dev.dllm.runtime;

/// What a user can say about a backend.
///
/// @param threads threads that compute, the calling one included; 0 for one per available processor
public record BackendOptions(int threads) {

    /// More threads than this are a typing error.
    private static final int MOST_THREADS = 1024;

    public BackendOptions {
        if (threads < 0 || threads > MOST_THREADS) {
            throw new IllegalArgumentException(
                    "threads " + threads + ": needs 1 to " + MOST_THREADS + ", or 0 for one per processor");
        }
    }

    public static BackendOptions defaults() {
        return new BackendOptions(0);
    }

    /// The number of threads to use here.
    public int resolvedThreads() {
        return threads > 0 ? threads : Runtime.getRuntime().availableProcessors();
    }
}
