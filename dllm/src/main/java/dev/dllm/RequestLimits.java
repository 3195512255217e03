package dev.dllm;

import dev.dllm.model.ModelSpec;
import dev.dllm.model.TransformerConfig;
import java.util.List;

/// What a model and this machine can hold, checked before anything is computed.
public final class RequestLimits {

    private RequestLimits() {}

    /// @param what what messages call one of the ids
    /// @throws InvalidRequestException if an id has no row in the vocabulary
    public static void requireVocabulary(TransformerConfig config, String what, int[] ids) {
        for (int id : ids) {
            if (id < 0 || id >= config.vocabulary()) {
                throw new InvalidRequestException(what + " " + id + " is outside the vocabulary; ids run from 0 to "
                        + (config.vocabulary() - 1));
            }
        }
    }

    /// @param what what messages call the measured part
    /// @throws InvalidRequestException if nothing is measured, or the model cannot take the ids
    public static void requirePassage(TransformerConfig config, String what, Passage passage) {
        if (passage.ids().length == 0) {
            throw new InvalidRequestException("the " + what + " has 0 tokens; needs at least 1");
        }
        if (passage.length() > config.contextLimit()) {
            throw new InvalidRequestException(
                    "a prompt of %d tokens and a %s of %d exceed the model's context of %d positions".formatted(
                            passage.promptIds().length, what, passage.ids().length, config.contextLimit()));
        }
        requireVocabulary(config, "prompt id", passage.promptIds());
        requireVocabulary(config, what + " id", passage.ids());
    }

    /// @param positions  computed by one network call
    /// @param logitsRows positions of them whose logits it returns
    /// @throws InvalidRequestException if the memory that is available does not suffice for the call
    public static void requireMemory(TransformerConfig config, long positions, long logitsRows) {
        long bytes = Math.addExact(
                Math.multiplyExact(positions, MemoryEstimate.cacheBytesPerPosition(config)),
                MemoryEstimate.activationBytes(config, positions, logitsRows));
        requireAvailable("a network call over %d positions with %d rows of logits".formatted(positions, logitsRows), bytes, 0);
    }

    /// @param observed whether somebody watches the proposals of all masks
    /// @param held     bytes that are there already, to be used for this
    /// @throws InvalidRequestException if the memory that is available does not suffice to generate these texts together
    static void requireMemory(
            ModelSpec spec, List<GenerationRequest> requests, List<int[]> prompts, boolean observed, long held) {
        long bytes = 0;
        for (int i = 0; i < requests.size(); i++) {
            GenerationRequest request = requests.get(i);
            int length = prompts.get(i).length + request.suffixLength();
            bytes = Math.addExact(bytes, MemoryEstimate.of(spec, 1, length, request.settings(), observed).bytes());
        }
        requireAvailable("a batch of %d with these settings".formatted(requests.size()), bytes, held);
    }

    private static void requireAvailable(String what, long bytes, long held) {
        long available = HostMemory.availableBytes() + held;
        if (bytes > available) {
            throw new InvalidRequestException("%s needs %d MiB; %d MiB of memory are available; a smaller batch needs less"
                    .formatted(what, bytes >> 20, available >> 20));
        }
    }
}
