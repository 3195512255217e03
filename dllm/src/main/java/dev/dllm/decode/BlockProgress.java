package dev.dllm.decode;

/// What has happened in the active block. Mutable; only the loop changes it.
public final class BlockProgress {
    private int calls;
    private int masklessCalls;
    private boolean stable;

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

    void called(boolean hadMasks, boolean edited) {
        calls++;
        if (!hadMasks) {
            masklessCalls++;
        }
        stable = !edited;
    }
}
