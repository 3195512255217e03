package dev.dllm.decode;

/// Whether a block gets another call. The published samplers differ in when they look whether a block is full; that is a
/// value, not a loop of its own.
public sealed interface Pacing {

    /// @param masks    masks left in the block
    /// @param progress what has happened in it
    boolean another(int masks, BlockProgress progress);

    /// Looks before every call; at most `steps` calls. Masks may be left over (LLaDA2.0).
    record UpTo(int steps) implements Pacing {
        @Override
        public boolean another(int masks, BlockProgress progress) {
            return masks > 0 && progress.calls() < steps;
        }
    }

    /// Goes on until a call changes nothing, with at most `maxPostSteps` calls on a block without masks (LLaDA2.1). The
    /// reference looks at calls without masks only and could spin where the model insists on the mask token.
    record UntilStable(int maxPostSteps) implements Pacing {
        @Override
        public boolean another(int masks, BlockProgress progress) {
            return !progress.stable() && (masks > 0 || progress.masklessCalls() < maxPostSteps);
        }
    }
}
