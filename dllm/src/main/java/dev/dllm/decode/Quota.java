package dev.dllm.decode;

import java.util.Locale;

/// How many positions a call commits, by the clock alone.
public enum Quota {
    /// The masks that the span held at its start, evenly over its steps; the first calls take the remainder (LLaDA).
    EVEN {
        @Override
        int count(BlockProgress progress, int masks) {
            return progress.evenShare(progress.masksAtStart());
        }
    },
    /// The span's length, whatever it holds, evenly over its steps; the first calls take the remainder (SDAR).
    LENGTH {
        @Override
        int count(BlockProgress progress, int masks) {
            return progress.evenShare(progress.span().length());
        }
    },
    /// The share of the masks left by which Dream's noise level falls in this call; times run linearly from 1 to 1e-3 in
    /// float32. A call may commit nothing; the last one commits everything.
    ///
    /// @see "HKUNLP/Dream, generation_utils.py"
    TIMESTEPS {
        @Override
        int count(BlockProgress progress, int masks) {
            return progress.calls() >= progress.steps() - 1
                    ? masks
                    : (int) (masks * Timesteps.released(progress.calls(), progress.steps()));
        }
    },
    /// As [#TIMESTEPS] on one clock for the whole run: the moments run from 1 to 1e-3 over the steps of all spans, and the masks
    /// behind the span count among those that are released, but the last call of a span commits what is left in it.
    ///
    /// @see "FlashDLM, arXiv:2505.21467 (Dream in blocks)"
    RUN {
        @Override
        int count(BlockProgress progress, int masks) {
            BlockProgress.Rest rest = progress.rest();
            int steps = rest.stepsBefore() + progress.steps() + rest.stepsBehind();
            return progress.calls() >= progress.steps() - 1
                    ? masks
                    : (int) ((masks + rest.masksBehind()) * Timesteps.released(rest.stepsBefore() + progress.calls(), steps));
        }
    },
    /// Keeps masked what a line from all masks to none leaves over, rounded down (RND1).
    ///
    /// @see "radicalnumerics/RND1, generation_utils.py"
    LINE {
        @Override
        int count(BlockProgress progress, int masks) {
            int steps = progress.steps();
            int left = Math.max(0, steps - 1 - progress.calls());
            int kept = (int) ((float) progress.masksAtStart() * left / steps);
            return Math.max(0, masks - kept);
        }
    },
    /// What a linear noise schedule releases between two moments, rounded to even; calls that would release nothing are left
    /// out.
    ///
    /// @see "ZHZisZZ/dllm, dllm/core/samplers (get_num_transfer_tokens)"
    LINEAR {
        @Override
        int count(BlockProgress progress, int masks) {
            return NoiseSchedule.released(t -> t, progress);
        }
    },
    /// As [#LINEAR], with a noise that falls slowly at first: at the moment t, from 1 to 0, cos(π/2 · (1 − t)) of the tokens are
    /// masks.
    COSINE {
        @Override
        int count(BlockProgress progress, int masks) {
            return NoiseSchedule.released(t -> (float) Math.cos(Math.PI / 2 * (1 - t)), progress);
        }
    };

    /// @param progress of the span, this call not counted
    /// @param masks    in the span now
    abstract int count(BlockProgress progress, int masks);

    /// The name that rules are written with.
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
