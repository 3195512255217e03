package dev.dllm.model.family;

import dev.dllm.model.ConfigFile;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// Everything a family may read besides weights.
///
/// @param config     config.json
/// @param generation generation_config.json, or an empty one
/// @param hints      what the user adds where the files do not say enough
public record ModelConfigs(ConfigFile config, ConfigFile generation, Hints hints) {

    /// @param family name of the family, null to go by the files
    /// @param maskId id of the mask token, empty to go by the files
    public record Hints(@Nullable String family, OptionalInt maskId) {}

    /// The mask token id that the user or one of the files names.
    public OptionalInt maskId(int vocabulary) {
        if (hints.maskId().isPresent()) {
            return hints.maskId();
        }
        OptionalInt configured = config.optionalInteger("mask_token_id", 0, vocabulary - 1);
        return configured.isPresent() ? configured : generation.optionalInteger("mask_token_id", 0, vocabulary - 1);
    }

    /// The ids that end a text: those of generation_config.json, else of config.json, else none.
    public int[] eosIds() {
        int[] generated = generation.integers("eos_token_id", 0, Integer.MAX_VALUE);
        return generated.length > 0 ? generated : config.integers("eos_token_id", 0, Integer.MAX_VALUE);
    }
}
