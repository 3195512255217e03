package dev.dllm.decode;

/// Whether a span gets another call. The published samplers differ in when they look whether a block is full; that is a
/// value, not a loop of its own.
public sealed interface Pacing {

    /// @param masks    masks left in the span
    /// @param progress what has happened in it
    boolean another(int masks, BlockProgress progress);

    /// Looks before every call; at most as many calls as there are steps. Masks may be left over (LLaDA2.0).
    record UpTo() implements Pacing {
        @Override
        public boolean another(int masks, BlockProgress progress) {
            return masks > 0 && progress.calls() < progress.steps();
        }
    }

    /// One call per step, whatever is left (LLaDA, Dream). For comparison with references: a call on a full block changes
    /// nothing.
    record Fixed() implements Pacing {
        @Override
        public boolean another(int masks, BlockProgress progress) {
            return progress.calls() < progress.steps();
        }
    }

    /// Goes on until no mask is left, and does not look before call `blind` + 1.
    ///
    /// @param blind calls that are made in any case, 0 or more
    record UntilFull(int blind) implements Pacing {
        @Override
        public boolean another(int masks, BlockProgress progress) {
            return progress.calls() < blind || masks > 0;
        }
    }

    /// Looks, then runs as many iterations as the masks should take, without looking (dInfer).
    ///
    /// @param most     iterations without a look, 1 or more
    /// @param expected commits per iteration, 1 or more
    /// @param least    iterations without a look, 1 or more
    /// @see "inclusionAI/dInfer, decoding/generate_uniform.py (unrolling)"
    record Unrolled(int most, int expected, int least) implements Pacing {
        @Override
        public boolean another(int masks, BlockProgress progress) {
            if (progress.iterations() < progress.nextLook()) {
                return true;
            }
            progress.lookBefore(progress.iterations() + Math.max(Math.min(masks / expected, most), least));
            return masks > 0;
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
