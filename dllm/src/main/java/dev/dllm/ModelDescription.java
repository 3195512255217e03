package dev.dllm;

import dev.dllm.checkpoint.CheckpointException;
import dev.dllm.model.ConfigFile;
import dev.dllm.model.ModelSpec;
import dev.dllm.model.family.ModelConfigs;
import dev.dllm.model.family.UnknownFields;
import dev.dllm.model.family.ModelFamily;
import dev.dllm.tokenizer.Tokenizer;
import java.util.List;
import java.util.Optional;

/// What a model's small files say, read without touching its weights.
final class ModelDescription {
    private static final String CONFIG = "config.json";
    private static final String GENERATION = "generation_config.json";
    private static final String TOKENIZER = "tokenizer.json";

    private ModelDescription() {}

    /// The configuration files and the tokenizer, if there is one.
    ///
    /// @throws CheckpointException if config.json is missing
    /// @throws dev.dllm.tokenizer.TokenizerException if there is a broken tokenizer
    static ModelConfigs configs(ModelFiles files, LoadOptions options) {
        ConfigFile config = files.read(CONFIG)
                .map(json -> ConfigFile.parse(files.source() + ": " + CONFIG, json))
                .orElseThrow(() -> new CheckpointException(files.source() + ": config.json is missing"));
        ConfigFile generation = files.read(GENERATION)
                .map(json -> ConfigFile.parse(files.source() + ": " + GENERATION, json))
                .orElseGet(() -> ConfigFile.empty(GENERATION));
        return new ModelConfigs(config, generation, tokenizer(files), options.hints());
    }

    /// The network and its token ids, as the files describe them and the options change them.
    static ModelSpec spec(ModelFamily family, ModelConfigs configs, LoadOptions options) {
        ModelSpec spec = family.spec(configs);
        return spec.withTransformer(spec.transformer().withThetaScale(options.ropeThetaScale()));
    }

    /// What is odd about a configuration that a family has read, a sentence each.
    static List<String> warnings(ConfigFile config) {
        List<String> unknown = UnknownFields.of(config);
        return unknown.isEmpty()
                ? List.of()
                : List.of(config.source() + ": fields that this version does not know: " + String.join(", ", unknown));
    }

    private static Optional<Tokenizer> tokenizer(ModelFiles files) {
        if (files.read(TOKENIZER).isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(Tokenizer.read(files));
    }
}
