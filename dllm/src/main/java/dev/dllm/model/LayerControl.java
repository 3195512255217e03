package dev.dllm.model;

import dev.dllm.runtime.KeyGroup;
import dev.dllm.runtime.KeyValues;
import dev.dllm.runtime.Tensor;
import java.util.List;

/// What a cache policy decides inside a forward, where queries and keys of a layer are known. Called on the thread that runs
/// the forward, layer by layer; tensors are valid during the call only.
public interface LayerControl {
    /// Every layer attends as planned.
    LayerControl NONE = (_, planned, _, _) -> planned;

    /// What each row of the sequence sees in one layer.
    ///
    /// @param layer   from 0
    /// @param planned the plan's groups
    /// @param queries `[rows, heads · headDim]` of the sequence, rotated
    /// @param table   keys and values by slot, those of this forward included
    /// @return groups of the same form as the plan's
    List<KeyGroup> groups(int layer, List<KeyGroup> planned, Tensor queries, KeyValues table);
}
