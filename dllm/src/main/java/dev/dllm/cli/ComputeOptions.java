package dev.dllm.cli;

import dev.dllm.LoadOptions;
import picocli.CommandLine.Option;

/// Where models run. A mixin, or the base of more options, since a group of options takes no mixins.
class ComputeOptions {
    @Option(names = "--backend", paramLabel = "NAME", defaultValue = "cpu",
            order = 10, description = "Where it is computed: cpu, cuda (default: ${DEFAULT-VALUE}).")
    private String backend = "cpu";

    @Option(names = "--threads", paramLabel = "N", defaultValue = "0",
            order = 10, description = "Threads that compute (default: one per processor).")
    private int threads;

    final LoadOptions compute(LoadOptions options) {
        return options.withBackend(backend).withThreads(threads);
    }
}
