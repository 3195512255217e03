package dev.dllm;

import dev.dllm.decode.DecodeSettings;

/// One text to generate. Requests of a batch may differ in everything. Immutable.
///
/// @param prompt   what stands before it
/// @param settings how it is denoised; [LanguageModel#settings] are the model's own
public record GenerationRequest(Prompt prompt, DecodeSettings settings) {}
