package dev.dllm.golden.method;

import dev.dllm.decode.DecodeSettings;
import dev.dllm.decode.Sampling;
import dev.dllm.golden.Params;
import dev.dllm.model.AttentionPattern;
import dev.dllm.model.CausalModel;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/// A decoding case as the golden set describes it.
///
/// @param method       name that the set gives the method
/// @param params       of the method; every one must be read
/// @param golden       the whole case, for recorded draws
/// @param promptLength of its rows, padding not counted
/// @param verifiers    causal models by the name of their checkpoint
public record GoldenRun(
        String method, Params params, JsonNode golden, int promptLength,
        Function<String, CausalModel> verifiers) {

    /// The causal model that judges drafts.
    CausalModel verifier(String checkpoint) {
        return verifiers.apply(checkpoint);
    }

    /// Recorded draws, if there are any.
    JsonNode draws() {
        return golden.path("rand_calls");
    }

    /// The parity profile: the mask token may be proposed, no call is saved, and only the case's own stop rule acts.
    static DecodeSettings parity(AttentionPattern attention, int genLength, int blockLength) {
        return DecodeSettings.of(attention, genLength, blockLength).withSuppressMask(false);
    }

    /// A sampling with the case's temperature and filters.
    Sampling filters(Sampling sampling) {
        return sampling.withTemperature(params.number("temperature", 0))
                .withTopK(params.integer("top_k", 0))
                .withTopP(params.number("top_p", 1));
    }

    /// An id outside the vocabulary means that nothing is an EOS.
    int[] eosIds(String name) {
        int id = params.integer(name, -1);
        return id < 0 ? new int[0] : new int[] {id};
    }
}
