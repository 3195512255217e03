package dev.dllm;

import dev.dllm.decode.DecodeSettings;

/// One text to generate. Requests of a batch may differ in everything. Immutable.
///
/// @param prompt   what stands before it
/// @param suffix   ids of what stands behind it, for models with bidirectional attention; owned, not copied
/// @param settings how it is denoised; [LanguageModel#settings] are the model's own
public record GenerationRequest(Prompt prompt, int[] suffix, DecodeSettings settings) {

    /// A text with nothing behind it.
    public GenerationRequest(Prompt prompt, DecodeSettings settings) {
        this(prompt, new int[0], settings);
    }
}
