package dev.dllm.tokenizer;

import java.util.Locale;

/// What a special token is for, as `tokenizer_config.json` and `special_tokens_map.json` assign it.
public enum SpecialToken {
    /// Begins a sequence.
    BOS,
    /// Ends a sequence.
    EOS,
    /// Stands for text that no token covers.
    UNK,
    /// Separates two sequences.
    SEP,
    /// Fills a sequence up.
    PAD,
    /// Begins a sequence that is classified.
    CLS,
    /// A position still to be denoised.
    MASK;

    /// The field that assigns it, e.g. `mask_token`; also its name in chat templates.
    public String field() {
        return name().toLowerCase(Locale.ROOT).concat("_token");
    }
}
