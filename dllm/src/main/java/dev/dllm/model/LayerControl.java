package dev.dllm.model;

import dev.dllm.runtime.KeyGroup;
import java.util.List;

/// What a cache policy decides inside a forward, where queries and keys of a layer are known. Called on the thread that runs
/// the forward, layer by layer.
public interface LayerControl {
    /// Every layer computes all rows and attends as planned.
    LayerControl NONE = new LayerControl() {};

    /// What each row of the sequence sees in one layer. Keys and values of this forward are in the table.
    ///
    /// @param planned the plan's groups, of the rows that the layer computes
    /// @return groups of the same rows
    default List<KeyGroup> groups(List<KeyGroup> planned, LayerView view) {
        return planned;
    }

    /// Whether layers leave rows out. Then each layer keeps, by slot, what its attention and its feed-forward part added to
    /// the residual stream; a row that is left out adds that again. The sequence's cache has room for it
    /// ([KvCache#requireOutputs]).
    default boolean leavesRowsOut() {
        return false;
    }

    /// Rows whose values a layer computes and stores before it is known which rows it computes. Asked if rows are left out.
    ///
    /// @param layer from 0
    /// @return indices into the plan's positions, ascending
    default int[] renewed(int layer) {
        return new int[0];
    }

    /// The rows that a layer computes. Asked if rows are left out; the table still holds the values that are about to be
    /// renewed.
    ///
    /// @return indices into the plan's positions, ascending; they may be none
    default int[] computed(LayerView view) {
        throw new IllegalStateException("a control that leaves rows out says which ones");
    }
}
