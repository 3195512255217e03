package dev.dllm.model.family;

import dev.dllm.model.ConfigFile;
import dev.dllm.model.ModelSpec;
import dev.dllm.model.TransformerWeights;
import dev.dllm.model.WeightLoader;
import java.util.List;

/// A group of checkpoints that share their file layout. Stateless and thread-safe.
public interface ModelFamily {

    /// The name that `--family` takes.
    String name();

    /// What its config.json says about itself, for the error that lists what is known.
    String recognisedBy();

    /// Whether a config.json is of this family.
    boolean matches(ConfigFile config);

    /// Reads the configuration.
    ///
    /// @throws dev.dllm.model.UnsupportedModelException if a field is missing, contradicts another or asks for something
    ///         that this version does not compute
    ModelSpec spec(ModelConfigs configs);

    /// Takes the weights out of a checkpoint.
    ///
    /// @throws dev.dllm.checkpoint.CheckpointException if a tensor is missing or does not fit the configuration
    TransformerWeights load(ModelSpec spec, WeightLoader weights);

    /// How its chat models are spoken to where their files do not say it.
    default ChatFormat chat() {
        return ChatFormat.NONE;
    }

    /// Published decoding settings, the default first; values of the checkpoint's own files override it.
    List<Preset> presets(ModelSpec spec);
}
