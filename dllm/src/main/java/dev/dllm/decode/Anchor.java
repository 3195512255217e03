package dev.dllm.decode;

/// Where blocks are cut.
public enum Anchor {
    /// At multiples of the block length from the start of the sequence, so that the first block may begin with prompt
    /// tokens, and the canvas is rounded up to whole blocks (LLaDA2, SDAR).
    START,
    /// At multiples of the block length from the end of the prompt; the last block may be short (LLaDA).
    PROMPT,
    /// As [#PROMPT], but the whole prompt is one block, whatever its length (D2F, causal contexts).
    BEHIND_PROMPT
}
