package dev.dllm.decode;

import dev.dllm.model.ModelSpec;
import dev.dllm.model.ModelSpec.EditIds;
import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Editing with insertion and deletion: besides committing masks and revising tokens, the model may remove a token, or insert
/// a mask before one. A block keeps its length: what is pushed out at its end is lost, and what falls short becomes masks.
///
/// A call commits the masks above a threshold, at least one and as many as editing put there. A block ends when a call writes
/// nothing, or with a last call that commits everything and edits no more. A block that was seen before gets another token
/// where the model is least sure, so that editing does not go in circles.
///
/// @param threshold        confidence above which a mask is committed
/// @param editingThreshold confidence above which a committed token is replaced
/// @param maxPostSteps     calls after the last mask that the block began with, 0 or more
/// @param ids              the tokens that remove and insert; without them those of the model
/// @see "LLaDA2.2 report; sgl-project/sglang, srt/dllm/algorithm/joint_threshold_indel.py"
public record InsertDelete(float threshold, float editingThreshold, int maxPostSteps, EditIds ids) implements Unmasking {

    public InsertDelete {
        Editing.requireThresholds(threshold, editingThreshold, maxPostSteps);
    }

    /// The rule with the ids of the model.
    public InsertDelete(float threshold, float editingThreshold, int maxPostSteps) {
        this(threshold, editingThreshold, maxPostSteps, EditIds.NONE);
    }

    @Override
    public InsertDelete forModel(ModelSpec model) {
        return new InsertDelete(threshold, editingThreshold, maxPostSteps, ids.orThoseOf(model, "insert-delete"));
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
            private int calls;
            private int postSteps;
            private final Set<IntBuffer> seen = new HashSet<>();
            private List<Set<Integer>> tried = List.of();

            @Override
            public boolean another(Pacing pacing, int masks, BlockProgress progress) {
                return progress.begins() ? masks > 0 : !over;
            }

            @Override
            public void decide(Step step, Edits edits) {
                if (step.progress().begins()) {
                    begin(step);
                }
                block.read(step);
                calls++;
                int originalMasks = block.originalMasks();
                postSteps += originalMasks == 0 ? 1 : 0;
                boolean last = maxPostSteps > 0 ? postSteps >= maxPostSteps : originalMasks == 0;
                last |= calls > block.length() + maxPostSteps;
                if (!last) {
                    proposeTokensAtOriginalMasks(step.canvas().maskId());
                }
                boolean[] chosen = last || originalMasks == 0
                        ? block.allMasks()
                        : block.surest(threshold, 1 + block.masks() - originalMasks);
                if (maxPostSteps == 0 && originalMasks > 0 && block.holdsOriginalMasks(chosen)) {
                    last = true;
                    chosen = block.allMasks();
                }
                block.addRevisions(editingThreshold, chosen);
                write(chosen, last, step.canvas().maskId(), edits);
            }

            private void begin(Step step) {
                over = false;
                calls = 0;
                postSteps = 0;
                seen.clear();
                tried = new ArrayList<>();
                for (int slot = 0; slot < step.progress().span().length(); slot++) {
                    tried.add(new HashSet<>());
                }
            }

            private void proposeTokensAtOriginalMasks(int mask) {
                for (int slot = 0; slot < block.length(); slot++) {
                    if (block.isOriginalMask(slot) && block.proposed(slot) == mask) {
                        block.proposeOwn(slot, block.best(slot, token -> token != mask));
                    }
                }
            }

            private void write(boolean[] chosen, boolean last, int mask, Edits edits) {
                boolean any = false;
                for (int slot = 0; slot < chosen.length; slot++) {
                    any |= chosen[slot];
                    int proposed = block.proposed(slot);
                    if (chosen[slot] && last && (proposed == mask || block.isEdit(proposed))) {
                        block.propose(slot, block.best(slot, token -> token != mask && !block.isEdit(token)));
                    }
                }
                over = last || !any;
                if (!any) {
                    return;
                }
                int[] written = block.written(chosen);
                int least = block.leastSureChange(written);
                if (!last && least >= 0 && seen.contains(IntBuffer.wrap(block.tokens()))) {
                    boolean masked = block.isOriginalMask(least);
                    block.propose(least, block.best(
                            least, token -> !tried.get(least).contains(token) && !(masked && token == mask)));
                    written = block.written(chosen);
                }
                seen.add(IntBuffer.wrap(block.tokens()));
                for (int slot = 0; slot < chosen.length; slot++) {
                    if (chosen[slot]) {
                        tried.get(slot).add(block.proposed(slot));
                    }
                }
                block.apply(written, edits);
            }
        };
    }

    @Override
    public Pacing pacing() {
        return new Pacing.UntilStable(maxPostSteps);
    }

    @Override
    public String toString() {
        return "insert-delete:" + threshold + "," + editingThreshold
                + (maxPostSteps == Editing.DEFAULT_POST_STEPS ? "" : "," + maxPostSteps);
    }
}
