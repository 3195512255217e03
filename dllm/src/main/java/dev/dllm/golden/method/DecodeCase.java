package dev.dllm.golden.method;

import dev.dllm.decode.DecodeSettings;

/// How a decoding case is run and compared.
///
/// @param settings of the run
/// @param suffix   fixed text behind the generated positions
/// @param output   what the reference returned
public record DecodeCase(DecodeSettings settings, int[] suffix, Output output) {

    /// Which part of the canvas a reference returns.
    public enum Output {
        /// All of it.
        CANVAS,
        /// The blocks that have joined so far, of a canvas that grows by blocks of masks.
        JOINED_BLOCKS,
        /// All of it, but for every EOS, those of the prompt included.
        CANVAS_WITHOUT_EOS,
        /// The prompt and the generated ids up to the first EOS.
        PROMPT_AND_TEXT,
        /// The generated ids up to the first EOS.
        TEXT
    }

    /// A run without fixed text behind it, whose reference returns the whole canvas.
    public DecodeCase(DecodeSettings settings) {
        this(settings, new int[0], Output.CANVAS);
    }
}
