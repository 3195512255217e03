package dev.dllm.decode;

import dev.dllm.model.ModelSpec;
import dev.dllm.model.ModelSpec.EditIds;
import java.nio.IntBuffer;
import java.util.HashSet;
import java.util.Set;

/// [InsertDelete] with a schedule: a call commits at least its share of the masks that the block began with, and all of them
/// once the steps have run out. Loops are broken where a call would write a block that was written before.
///
/// @param threshold        confidence above which a mask is committed
/// @param editingThreshold confidence above which a committed token is replaced
/// @param maxPostSteps     calls after the last mask that the block began with, 0 or more
/// @param maxCalls         on a block, 1 or more
/// @param ids              the tokens that remove and insert; without them those of the model
/// @see "LLaDA2.2 report; FLX-OSS/FluxServe, execution/decoders/levenshtein.py"
public record Levenshtein(float threshold, float editingThreshold, int maxPostSteps, int maxCalls, EditIds ids)
        implements Unmasking {
    /// Calls that FluxServe allows on a block.
    static final int DEFAULT_CALLS = 100;

    /// Attempts to write a block that was not written before.
    private static final int MOST_DETOURS = 5;

    public Levenshtein {
        Editing.requireThresholds(threshold, editingThreshold, maxPostSteps);
        if (maxCalls < 1) {
            throw new IllegalArgumentException("at most " + maxCalls + " calls on a block: needs 1 or more");
        }
    }

    /// The rule with the ids of the model.
    public Levenshtein(float threshold, float editingThreshold, int maxPostSteps, int maxCalls) {
        this(threshold, editingThreshold, maxPostSteps, maxCalls, EditIds.NONE);
    }

    @Override
    public Levenshtein forModel(ModelSpec model) {
        return new Levenshtein(threshold, editingThreshold, maxPostSteps, maxCalls, ids.orThoseOf(model, "levenshtein"));
    }

    @Override
    public boolean writesProposalsOnly() {
        return false;
    }

    @Override
    public State start() {
        return new Revising() {
            private final EditedSpan block = new EditedSpan(ids);
            private boolean over;
            private int postSteps;
            private final Set<IntBuffer> writtenBefore = new HashSet<>();

            @Override
            public boolean another(Pacing pacing, int masks, BlockProgress progress) {
                return progress.begins() ? masks > 0 : !over;
            }

            @Override
            public void decide(Step step, Edits edits) {
                BlockProgress progress = step.progress();
                if (progress.begins()) {
                    postSteps = 0;
                    writtenBefore.clear();
                }
                block.read(step);
                int originalMasks = block.originalMasks();
                postSteps = originalMasks > 0 ? 0 : postSteps + 1;
                int needed = progress.evenShare(progress.masksAtStart()) + block.masks() - originalMasks;
                boolean[] chosen =
                        progress.calls() >= progress.steps() ? block.allMasks() : block.surest(threshold, needed);
                boolean last = maxPostSteps > 0
                        ? postSteps >= maxPostSteps
                        : originalMasks > 0 && block.holdsOriginalMasks(chosen);
                last |= progress.calls() >= maxCalls - 1;
                if (last) {
                    chosen = block.allMasks();
                }
                block.addRevisions(editingThreshold, chosen);
                int[] written = last ? finished(chosen) : detoured(block.written(chosen));
                writtenBefore.add(IntBuffer.wrap(written));
                boolean full = block.masks() == 0;
                block.apply(written, edits);
                over = last || full && !edits.any();
            }

            /// The writes of a last call: tokens only.
            private int[] finished(boolean[] chosen) {
                for (int slot = 0; slot < chosen.length; slot++) {
                    if (chosen[slot] && block.isEdit(block.proposed(slot))) {
                        block.propose(slot, block.best(slot, token -> !block.isEdit(token)));
                    }
                }
                return block.written(chosen);
            }

            /// The writes, changed where the model is least sure until the block is a new one.
            private int[] detoured(int[] written) {
                for (int detour = 0; detour < MOST_DETOURS; detour++) {
                    int least = block.leastSureChange(written);
                    if (least < 0 || !writtenBefore.contains(IntBuffer.wrap(written))) {
                        break;
                    }
                    int best = block.best(least, _ -> true);
                    written[least] = written[least] == best ? block.best(least, token -> token != best) : best;
                }
                return written;
            }
        };
    }

    @Override
    public Pacing pacing() {
        return new Pacing.UntilStable(maxPostSteps);
    }

    @Override
    public String toString() {
        return "levenshtein:" + threshold + "," + editingThreshold
                + (maxPostSteps == Editing.DEFAULT_POST_STEPS && maxCalls == DEFAULT_CALLS ? "" : "," + maxPostSteps + "," + maxCalls);
    }
}
