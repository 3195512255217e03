package dev.dllm.decode;

/// What has happened in the active block. Mutable; only the loop changes it.
public final class BlockProgress {
    private final int blockLength;
    private final int masksAtStart;
    private final int steps;
    private int calls;
    private int masklessCalls;
    private boolean stable;

    /// @param steps calls that the user allots to the block
    BlockProgress(int blockLength, int masksAtStart, int steps) {
        this.blockLength = blockLength;
        this.masksAtStart = masksAtStart;
        this.steps = steps;
    }

    /// Positions of the block, prompt tokens in it included.
    public int blockLength() {
        return blockLength;
    }

    /// Masks that the block held before its first call.
    public int masksAtStart() {
        return masksAtStart;
    }

    /// Calls made on the block.
    public int calls() {
        return calls;
    }

    /// How many of them started without a mask in the block.
    public int masklessCalls() {
        return masklessCalls;
    }

    /// Whether the last call changed nothing, so that another one on the same canvas would not either.
    public boolean stable() {
        return stable;
    }

    /// The share of the next call when `total` commits are spread evenly over the allotted steps: the remainder goes to the
    /// first ones.
    public int evenShare(int total) {
        return total / steps + (calls < total % steps ? 1 : 0);
    }

    void called(boolean hadMasks, boolean edited) {
        calls++;
        if (!hadMasks) {
            masklessCalls++;
        }
        stable = !edited;
    }
}
