package dev.dllm.decode;

import dev.dllm.model.ModelSpec.EditIds;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// A span whose tokens are written, revised, removed and inserted while it keeps its length: what insertion and deletion in
/// LLaDA2.2 have in common. A slot is an index into the span. Masks that the span began with are told from those that editing
/// put there; a slot keeps that mark when it moves. Mutable, of one sequence; not thread-safe.
///
/// Text that was given never moves: every stretch between given tokens keeps its length.
final class EditedSpan {
    private final int delete;
    private final int split;
    private boolean[] original = {};
    private @Nullable Candidates candidates;
    private int maskId;
    private int start;
    private int[] candidate = {};
    private int[] tokens = {};
    private int[] proposed = {};
    private float[] confidence = {};

    EditedSpan(EditIds ids) {
        this.delete = ids.delete().orElseThrow();
        this.split = ids.split().orElseThrow();
    }

    /// Takes in the proposals of a call, before its edits. The first call on a span begins it anew.
    void read(Step step) {
        Span span = step.progress().span();
        candidates = step.candidates();
        maskId = step.canvas().maskId();
        start = span.start();
        tokens = step.canvas().copy(start, span.end());
        if (step.progress().begins()) {
            original = new boolean[tokens.length];
            for (int slot = 0; slot < tokens.length; slot++) {
                original[slot] = isMask(slot);
            }
        }
        proposed = tokens.clone();
        confidence = new float[tokens.length];
        candidate = new int[tokens.length];
        Arrays.fill(candidate, -1);
        for (int i = 0; i < candidates.size(); i++) {
            int slot = candidates.position(i) - start;
            candidate[slot] = i;
            proposed[slot] = candidates.token(i);
            confidence[slot] = candidates.confidence(i);
        }
    }

    int length() {
        return tokens.length;
    }

    /// The tokens before the call's edits, by slot.
    int[] tokens() {
        return tokens;
    }

    boolean isMask(int slot) {
        return tokens[slot] == maskId;
    }

    /// Whether the slot is one of the masks that the span began with, still there.
    boolean isOriginalMask(int slot) {
        return isMask(slot) && original[slot];
    }

    int masks() {
        return count(this::isMask);
    }

    int originalMasks() {
        return count(this::isOriginalMask);
    }

    int proposed(int slot) {
        return proposed[slot];
    }

    float confidence(int slot) {
        return confidence[slot];
    }

    /// Whether a token asks for an edit and is none itself.
    boolean isEdit(int token) {
        return token == delete || token == split;
    }

    /// The best token of the slot among some.
    int best(int slot, IntPredicate accepted) {
        return candidates().best(candidate[slot], accepted);
    }

    /// Proposes another token.
    void propose(int slot, int token) {
        proposed[slot] = token;
    }

    /// Proposes another token, as sure as its own probability.
    void proposeOwn(int slot, int token) {
        proposed[slot] = token;
        confidence[slot] = candidates().probabilityOf(candidate[slot], token);
    }

    /// The masks above a threshold, or the surest if these are fewer than asked for.
    boolean[] surest(float threshold, int atLeast) {
        boolean[] chosen = new boolean[length()];
        int[] masks = IntStream.range(0, length()).filter(this::isMask).toArray();
        int[] above = Arrays.stream(masks).filter(slot -> confidence[slot] > threshold).toArray();
        int[] taken = above.length >= atLeast
                ? above
                : Arrays.stream(masks)
                        .boxed()
                        .sorted((a, b) -> Float.compare(confidence[b], confidence[a]))
                        .limit(atLeast)
                        .mapToInt(Integer::intValue)
                        .toArray();
        for (int slot : taken) {
            chosen[slot] = true;
        }
        return chosen;
    }

    /// All masks.
    boolean[] allMasks() {
        boolean[] chosen = new boolean[length()];
        for (int slot = 0; slot < chosen.length; slot++) {
            chosen[slot] = isMask(slot);
        }
        return chosen;
    }

    /// Whether a choice holds every mask that the span began with.
    boolean holdsOriginalMasks(boolean[] chosen) {
        return count(slot -> isOriginalMask(slot) && !chosen[slot]) == 0;
    }

    /// Adds the tokens that the model now wants otherwise.
    void addRevisions(float threshold, boolean[] chosen) {
        for (int slot = 0; slot < chosen.length; slot++) {
            if (candidate[slot] >= 0 && !isMask(slot) && proposed[slot] != tokens[slot] && confidence[slot] > threshold) {
                chosen[slot] = true;
            }
        }
    }

    /// The tokens with the proposals of the chosen slots.
    int[] written(boolean[] chosen) {
        int[] written = tokens.clone();
        for (int slot = 0; slot < written.length; slot++) {
            written[slot] = chosen[slot] ? proposed[slot] : written[slot];
        }
        return written;
    }

    /// The slot with the lowest confidence among those that a write changes, -1 if it changes none.
    int leastSureChange(int[] written) {
        int least = -1;
        for (int slot = 0; slot < written.length; slot++) {
            if (written[slot] != tokens[slot] && (least < 0 || confidence[slot] < confidence[least])) {
                least = slot;
            }
        }
        return least;
    }

    /// Carries out what was written: a deletion drops its slot, an insertion puts a mask before the token that the slot held;
    /// then each stretch is cut or filled up with masks.
    void apply(int[] written, Edits edits) {
        int[] result = tokens.clone();
        boolean[] marks = original.clone();
        for (int from = 0; from < written.length; from++) {
            if (candidate[from] < 0) {
                continue;
            }
            int to = from;
            while (to < written.length && candidate[to] >= 0) {
                to++;
            }
            scan(written, from, to, result, marks);
            from = to;
        }
        original = marks;
        for (int slot = 0; slot < result.length; slot++) {
            if (result[slot] != tokens[slot]) {
                edits.add(start + slot, result[slot]);
            }
        }
    }

    private void scan(int[] written, int from, int to, int[] result, boolean[] marks) {
        int end = from;
        for (int slot = from; slot < to && end < to; slot++) {
            if (written[slot] == delete) {
                continue;
            }
            if (written[slot] == split) {
                result[end] = maskId;
                marks[end++] = false;
            }
            if (end < to) {
                result[end] = written[slot] == split ? tokens[slot] : written[slot];
                marks[end++] = original[slot];
            }
        }
        Arrays.fill(result, end, to, maskId);
        Arrays.fill(marks, end, to, false);
    }

    private Candidates candidates() {
        return Objects.requireNonNull(candidates, "no call has been read");
    }

    private int count(IntPredicate of) {
        return (int) IntStream.range(0, length()).filter(of).count();
    }
}
