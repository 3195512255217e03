/// Text to token ids and back, and chat templates, from the files that a model is published with. Knows nothing of
/// tensors or of decoding methods.
module dev.dllm.tokenizer {
    requires static org.jspecify;
    requires tools.jackson.core;

    exports dev.dllm.tokenizer;
    exports dev.dllm.tokenizer.chat;
}
