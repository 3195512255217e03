package dev.dllm.model.family;

import dev.dllm.model.AttentionPattern;
import dev.dllm.model.ConfigFile;
import dev.dllm.model.ModelSpec;
import dev.dllm.model.ModelSpec.EditIds;
import dev.dllm.model.TransformerConfig;
import dev.dllm.model.UnsupportedModelException;
import dev.dllm.tokenizer.SpecialToken;
import dev.dllm.tokenizer.Tokenizer;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Everything a family may read besides weights.
///
/// @param config     config.json
/// @param generation generation_config.json, or an empty one
/// @param tokenizer  the tokenizer, if the files hold one
/// @param hints      what the user adds where the files do not say enough
public record ModelConfigs(ConfigFile config, ConfigFile generation, Optional<Tokenizer> tokenizer, Hints hints) {

    /// @param family name of the family, null to go by the files
    /// @param maskId id of the mask token, empty to go by the files
    public record Hints(@Nullable String family, OptionalInt maskId) {}

    /// Puts a family's findings together with the token ids that the files name: the mask id from the user, config.json,
    /// generation_config.json, the tokenizer's mask token or, last, a release of the same vocabulary; the ids that end a
    /// text from generation_config.json, config.json or that release, and besides those of the family's stop tokens.
    ///
    /// @param shifted  whether row i of the logits predicts position i + 1
    /// @param releases releases whose files leave ids out
    /// @throws UnsupportedModelException if nothing names the mask id, or it is outside the vocabulary
    ModelSpec spec(
            ModelFamily family, TransformerConfig transformer, AttentionPattern pattern, boolean shifted,
            ReleasedIds... releases) {
        Optional<ReleasedIds> release =
                Arrays.stream(releases).filter(r -> r.vocabulary() == transformer.vocabulary()).findFirst();
        int maskId = namedMaskId(transformer.vocabulary())
                .orElseGet(() -> release.map(ReleasedIds::maskId).orElseThrow(() -> new UnsupportedModelException(
                        config.source() + ": mask_token_id is missing; name it with --mask-id")));
        int[] named = namedEosIds();
        int[] eosIds = named.length > 0 ? named : release.map(ReleasedIds::eosIds).orElse(named);
        return new ModelSpec(
                family.name(), transformer, pattern, shifted, maskId,
                IntStream.concat(IntStream.of(eosIds), stopIds(family)).distinct().toArray(), editIds(transformer.vocabulary()));
    }

    /// Only few models know such tokens. DreamOn's release names its own in the tokenizer alone.
    private EditIds editIds(int vocabulary) {
        OptionalInt expand = config.optionalInteger("expand_token_id", 0, vocabulary - 1);
        return new EditIds(
                expand.isPresent() ? expand : tokenizer.map(t -> t.id("<|expand|>")).orElse(OptionalInt.empty()),
                config.optionalInteger("delete_token_id", 0, vocabulary - 1),
                config.optionalInteger("split_token_id", 0, vocabulary - 1));
    }

    /// A causal language model, which has no mask token.
    ModelSpec causal(String family, TransformerConfig transformer) {
        return new ModelSpec(
                family, transformer, new AttentionPattern.BlockCausal(1), true, ModelSpec.NO_MASK, namedEosIds());
    }

    private OptionalInt namedMaskId(int vocabulary) {
        return Stream.of(
                        hints.maskId(),
                        config.optionalInteger("mask_token_id", 0, vocabulary - 1),
                        config.optionalInteger("text_mask_token_id", 0, vocabulary - 1),
                        generation.optionalInteger("mask_token_id", 0, vocabulary - 1),
                        tokenizer.map(t -> t.id(SpecialToken.MASK)).orElse(OptionalInt.empty()))
                .flatMapToInt(OptionalInt::stream)
                .findFirst();
    }

    private IntStream stopIds(ModelFamily family) {
        return tokenizer.stream()
                .flatMapToInt(t -> family.chat().stopTokens().stream().map(t::id).flatMapToInt(OptionalInt::stream));
    }

    private int[] namedEosIds() {
        int[] generated = generation.integers("eos_token_id", 0, Integer.MAX_VALUE);
        int[] configured = config.integers("eos_token_id", 0, Integer.MAX_VALUE);
        return generated.length > 0 ? generated : configured;
    }
}
