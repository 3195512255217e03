package dev.dllm.decode;

import dev.dllm.cache.Window;
import dev.dllm.decode.PlannedCall.Purpose;
import dev.dllm.model.ForwardPlan;
import dev.dllm.model.SequenceForward;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/// Turns what the cache policy computes, and whose proposals are wanted, into what the network is asked.
final class CallPlanner {
    private final DecodeSettings settings;
    private final Canvas canvas;
    private final Unmasking.State unmasking;
    private final Optional<ExitRule.State> exit;
    private final List<Lane> lanes;

    /// @param lanes the views of the canvas: with its prompt, then, if there is guidance, without it
    CallPlanner(
            DecodeSettings settings, Canvas canvas, Unmasking.State unmasking, Optional<ExitRule.State> exit, List<Lane> lanes) {
        this.settings = settings;
        this.canvas = canvas;
        this.unmasking = unmasking;
        this.exit = exit;
        this.lanes = lanes;
    }

    /// A call whose proposals the rule decides.
    ///
    /// @param step     of the run, from 0
    /// @param observed whether somebody watches the proposals of all masks
    PlannedCall deciding(Span active, Window window, int step, boolean observed) {
        Optional<Copies> copies = unmasking.copies(canvas, active);
        boolean guided = evaluatesGuidance(step, copies);
        boolean everyMask = observed || settings.proposesEveryMask() || guided && settings.guidanceInterval() > 1;
        IntPredicate wanted = position -> unmasking.wants(canvas, active, position)
                || position < window.length()
                        && (everyMask && canvas.isMasked(position) || exit.isPresent() && exit.get().wants(canvas, position));
        List<ForwardPlan> plans = lanes.subList(0, guided ? 2 : 1).stream().map(lane -> lane.plan(window)).toList();
        return planned(new Purpose.Decide(), copies, plans, wanted, step);
    }

    /// A call of the cache policy's own before a block, if it makes one.
    Optional<PlannedCall> opening(Span active, Window window, int step) {
        boolean watched = settings.unmasking().watchesOpening();
        int first = settings.cache().predictsFirst() ? maskAt(window.blockStart()) : -1;
        return storing(lane -> lane.opening(window), new Purpose.Store(first, true, watched), step, position ->
                position == first || watched && unmasking.wants(canvas, active, position));
    }

    /// A call of the cache policy's own behind a block, if it makes one.
    Optional<PlannedCall> closing(Span block, Window window, int step) {
        int next = settings.cache().predictsNext() ? maskAt(block.end()) : -1;
        return storing(lane -> lane.closing(window), new Purpose.Store(next, false, false), step, position -> position == next);
    }

    /// Every view of the canvas takes part: what is not stored now would be missing later.
    private Optional<PlannedCall> storing(
            Function<Lane, Optional<ForwardPlan>> question, Purpose purpose, int step, IntPredicate wanted) {
        List<ForwardPlan> plans = lanes.stream().map(question).flatMap(Optional::stream).toList();
        return plans.isEmpty() ? Optional.empty() : Optional.of(planned(purpose, Optional.empty(), plans, wanted, step));
    }

    private int maskAt(int position) {
        return position < canvas.length() && canvas.isMasked(position) ? position : -1;
    }

    /// Whether the call evaluates the canvas without its prompt too.
    private boolean evaluatesGuidance(int step, Optional<Copies> copies) {
        return lanes.size() > 1
                && (copies.isPresent() || step < DecodeSettings.ALWAYS_GUIDED || step % settings.guidanceInterval() == 0);
    }

    private PlannedCall planned(
            Purpose purpose, Optional<Copies> copies, List<ForwardPlan> plans, IntPredicate wanted, int step) {
        int[] positions = IntStream.range(0, canvas.length()).filter(wanted).toArray();
        List<CallRows> rows = new ArrayList<>();
        for (int i = 0; i < plans.size(); i++) {
            int[] tokens = i == 0 ? canvas.tokens() : canvas.unconditional();
            rows.add(lanes.get(i).rows(plans.get(i), tokens, copies, purpose));
        }
        List<int[]> predicted = new ArrayList<>();
        for (int[] part : rows.getFirst().parts()) {
            int[] asked = !predicted.isEmpty() && copies.orElseThrow() instanceof Copies.Shadow shadow ? shadow.judged() : positions;
            predicted.add(Arrays.stream(asked).filter(position -> part[position] >= 0).toArray());
        }
        boolean guesses = settings.cache().guessesLeftOut() && purpose instanceof Purpose.Decide;
        List<SequenceForward> forwards = new ArrayList<>();
        for (int i = 0; i < plans.size(); i++) {
            forwards.add(lanes.get(i).forward(rows.get(i), canvas.length(), predicted, step));
        }
        return new PlannedCall(purpose, copies, predicted, guesses ? positions : predicted.getFirst(), forwards);
    }
}
