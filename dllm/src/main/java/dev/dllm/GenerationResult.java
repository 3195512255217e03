package dev.dllm;

import dev.dllm.decode.FinishReason;
import dev.dllm.decode.Trace;
import java.util.List;

/// A generated text and what it cost.
///
/// @param promptIds         the ids that stood before it; owned, not copied
/// @param ids               the generated ids, an EOS at the end included; owned, not copied
/// @param holes             the generated ids of each hole of the request's template, in order; the last one ends with the
///                          text if nothing is given behind it
/// @param canvas            every token at the end of the run, the prompt and what was not denoised included; owned, not
///                          copied
/// @param text              the generated text without special tokens; empty if the model has no tokenizer
/// @param calls             network calls that this text took part in (NFE)
/// @param positionsComputed positions that these calls computed for it
/// @param keyValueBytes     bytes of keys and values that it held
/// @param seconds           wall time of the whole batch
/// @param finishReason      why it ended
/// @param trace             what every call changed, for the whole batch
public record GenerationResult(
        int[] promptIds,
        int[] ids,
        List<int[]> holes,
        int[] canvas,
        String text,
        int calls,
        long positionsComputed,
        long keyValueBytes,
        double seconds,
        FinishReason finishReason,
        Trace trace) {

    /// The text as one that can be measured: the generated ids behind the prompt.
    public Passage passage() {
        return new Passage(promptIds, ids);
    }
}
