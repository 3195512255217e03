package dev.dllm.kernels;

import dev.dllm.kernels.tier.Kernels;

/// What the ops of one backend share.
record Engine(Kernels kernels, Workers workers, Scratch scratch, Scratch kernelScratch) implements AutoCloseable {

    Engine(Kernels kernels, int threads) {
        Scratch kernelScratch = new Scratch(threads);
        kernelScratch.reserve(0, Kernels.SCRATCH_BYTES);
        this(kernels, new Workers(threads), new Scratch(threads), kernelScratch);
    }

    /// A worker's [Kernels#SCRATCH_BYTES].
    long kernelScratch(int worker) {
        return kernelScratch.worker(worker);
    }

    /// Ends the workers and frees the scratch memory.
    @Override
    public void close() {
        workers.close();
        scratch.close();
        kernelScratch.close();
    }
}
