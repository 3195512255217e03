package dev.dllm.decode;

import dev.dllm.cache.CachePolicy;
import dev.dllm.cache.Window;
import dev.dllm.model.AttentionPattern;
import dev.dllm.model.ForwardPlan;
import dev.dllm.model.KvCache;
import dev.dllm.model.SequenceForward;
import dev.dllm.model.SoftInputs;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// One view of a canvas that the network evaluates: keys and values of its own, and what its cache policy remembers of them.
/// A guided sequence has two, with and without its prompt.
final class Lane {
    private final KvCache keyValues;
    private final Canvas canvas;
    private final CachePolicy policy;
    private final Optional<Smoothing> smoothing;
    private final AttentionPattern attention;
    private final boolean shifted;
    private CachePolicy.State cache;
    private int slots;
    /// Positions whose input has a soft part.
    private final BitSet softened = new BitSet();

    /// @param keyValues grown here to the canvas
    Lane(KvCache keyValues, Canvas canvas, DecodeSettings settings, AttentionPattern attention, boolean shifted) {
        this.keyValues = keyValues;
        this.canvas = canvas;
        this.policy = settings.cache();
        this.smoothing = settings.smoothing();
        this.attention = attention;
        this.shifted = shifted;
        reserve();
        cache = policy.start(attention, shifted);
    }

    /// Forgets everything, when the canvas has another length.
    void restart() {
        reserve();
        softened.clear();
        cache = policy.start(attention, shifted);
    }

    private void reserve() {
        keyValues.require(canvas.length());
        if (policy.leavesRowsOut()) {
            keyValues.requireOutputs();
        }
        if (smoothing.isPresent()) {
            keyValues.requireInputs();
        }
    }

    /// Bytes of what is kept of the canvas's positions, and of copies: the most so far.
    long keyValueBytes() {
        return Math.max(slots, canvas.length())
                * (keyValues.keyValueBytes()
                        + (policy.leavesRowsOut() ? keyValues.outputBytes() : 0)
                        + (smoothing.isPresent() ? keyValues.inputBytes() : 0));
    }

    Optional<ForwardPlan> opening(Window window) {
        return cache.opening(window);
    }

    ForwardPlan plan(Window window) {
        return cache.plan(window);
    }

    Optional<ForwardPlan> closing(Window window) {
        return cache.closing(window);
    }

    boolean unfinished() {
        return cache.unfinished();
    }

    void proposed(int[] positions, float[] confidence) {
        cache.proposed(positions, confidence);
    }

    void applied(boolean edited) {
        cache.applied(edited);
    }

    /// The rows of a call, with the copies that a rule asks for.
    ///
    /// @param tokens of the canvas as this view has it
    CallRows rows(ForwardPlan plan, int[] tokens, Optional<Copies> copies, PlannedCall.Purpose purpose) {
        // What is made final of a causal context is read, token by token.
        boolean reads = attention instanceof AttentionPattern.CausalContext && purpose instanceof PlannedCall.Purpose.Store;
        CallRows.Prediction prediction = new CallRows.Prediction(shifted || reads, canvas::isMasked);
        return copies
                .map(asked -> CallRows.of(plan, tokens, prediction, asked, attention, canvas.maskId()))
                .orElseGet(() -> CallRows.of(plan, tokens, prediction));
    }

    /// Every computed mask adds what was stored for it; the call stores anew what it predicts.
    private SoftInputs soft(float weight, ForwardPlan plan, int[] predicted) {
        int[] computed = plan.positions();
        softened.stream().filter(position -> !canvas.isMasked(position)).forEach(softened::clear);
        int[] rows = IntStream.range(0, computed.length)
                .filter(row -> softened.get(computed[row]))
                .toArray();
        Arrays.stream(predicted).forEach(softened::set);
        return new SoftInputs(rows, weight, predicted);
    }

    /// What the network is asked.
    ///
    /// @param length of the canvas
    /// @param wanted positions that each part of the call predicts
    /// @param call   of the run, from 0
    SequenceForward forward(CallRows rows, int length, List<int[]> wanted, int call) {
        IntStream.Builder logitsRows = IntStream.builder();
        for (int i = 0; i < wanted.size(); i++) {
            int[] part = rows.parts().get(i);
            for (int position : wanted.get(i)) {
                logitsRows.add(part[position]);
            }
        }
        slots = Math.max(slots, rows.slots());
        keyValues.require(slots);
        SoftInputs soft = smoothing.map(s -> soft(s.weight(call), rows.plan(), wanted.getFirst())).orElse(SoftInputs.NONE);
        return new SequenceForward(
                rows.tokens(), length, rows.plan().withLogitsRows(logitsRows.build().toArray()), keyValues, soft);
    }
}
