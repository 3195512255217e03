package dev.dllm.golden;

import dev.dllm.decode.DecodeSettings;

/// How a decoding case is run and compared.
///
/// @param settings of the run
/// @param suffix   fixed text behind the generated positions
/// @param output   what the reference returned
record DecodeCase(DecodeSettings settings, int[] suffix, Output output) {

    /// Which part of the canvas a reference returns.
    enum Output {
        /// All of it.
        CANVAS,
        /// The prompt and the generated ids up to the first EOS.
        PROMPT_AND_TEXT,
        /// The generated ids up to the first EOS.
        TEXT
    }

    DecodeCase(DecodeSettings settings) {
        this(settings, new int[0], Output.CANVAS);
    }
}
