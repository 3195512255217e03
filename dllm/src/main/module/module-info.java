/// Diffusion language models: the library and the command line.
///
/// Backends are found at run time; nothing here requires one by name.
module dev.dllm {
    requires transitive dev.dllm.runtime;
    requires transitive dev.dllm.tokenizer;
    requires tools.jackson.databind;
    requires info.picocli;
    requires static java.desktop;
    requires static org.jspecify;

    exports dev.dllm;
    exports dev.dllm.cache;
    exports dev.dllm.decode;
    exports dev.dllm.embed;
    exports dev.dllm.eval;
    exports dev.dllm.model;
    exports dev.dllm.score;
    exports dev.dllm.vote;

    opens dev.dllm.cli to info.picocli;
}
