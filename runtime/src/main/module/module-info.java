/// Off-heap tensors, checkpoints, and the op vocabulary that backends implement. Knows nothing of language models.
module dev.dllm.runtime {
    requires static org.jspecify;
    requires tools.jackson.databind;

    exports dev.dllm.runtime;
    exports dev.dllm.checkpoint;

    uses dev.dllm.runtime.BackendProvider;
}
