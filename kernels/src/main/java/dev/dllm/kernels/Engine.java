package dev.dllm.kernels;

import dev.dllm.kernels.tier.Kernels;

/// What the ops of one backend share.
record Engine(Kernels kernels, Workers workers, Scratch scratch, Scratch partials) implements AutoCloseable {

    Engine(Kernels kernels, int threads) {
        Scratch partials = new Scratch(threads);
        partials.reserve(0, Kernels.PARTIALS_BYTES);
        this(kernels, new Workers(threads), new Scratch(threads), partials);
    }

    /// A worker's scratch of [Kernels#PARTIALS_BYTES] for reductions.
    long partials(int worker) {
        return partials.worker(worker);
    }

    /// Ends the workers and frees the scratch memory.
    @Override
    public void close() {
        workers.close();
        scratch.close();
        partials.close();
    }
}
