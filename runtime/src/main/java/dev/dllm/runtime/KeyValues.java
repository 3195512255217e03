package dev.dllm.runtime;

/// One layer's keys and values of one sequence, a row per slot. A slot is an absolute position, or, behind the last
/// position, a spare row for drafts.
///
/// @param keys   `[slots, kvHeads · headDim]`, after RoPE
/// @param values the same shape and type
public record KeyValues(Tensor keys, Tensor values) {

    public KeyValues {
        if (keys.rows() != values.rows() || keys.cols() != values.cols() || keys.dtype() != values.dtype()) {
            throw new ShapeException("keys " + keys + " and values " + values + " differ");
        }
    }
}
