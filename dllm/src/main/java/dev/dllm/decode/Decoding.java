package dev.dllm.decode;

import dev.dllm.cache.Window;
import dev.dllm.model.KvCache;
import dev.dllm.model.ModelSpec;
import dev.dllm.model.SequenceForward;
import dev.dllm.runtime.Backend;
import dev.dllm.runtime.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// One sequence on its way from masks to text: the canvas, where it stands, and what its rules remember. The [Denoiser]
/// drives it: [#advance], then one network call on [#forwards], then [#apply], until it is finished. Not thread-safe.
///
/// A step is what a call decides. If the settings reuse logits, a step that would ask the same as the one before takes its
/// answer, and costs no call; draws and clocks go by steps.
public final class Decoding implements AutoCloseable {
    /// Calls in a row that may write nothing; rules that work make one or two.
    private static final int MOST_IDLE = 100;

    private final DecodeSettings settings;
    private final Canvas canvas;
    private final int[] textBeforeHoles;
    private final List<Lane> lanes;
    private BlockSchedule schedule;
    private final Unmasking.State unmasking;
    private final Optional<ExitRule.State> exit;
    private final Pacing pacing;
    private final CallPlanner planner;
    private final Proposer proposer;
    private final KeptLogits keptLogits = new KeptLogits();
    private final Edits edits = new Edits();

    private @Nullable Span span;
    private Phase phase = Phase.BEFORE;
    private BlockProgress progress = new BlockProgress(new Span(0, 1), 0, 1);
    private @Nullable PlannedCall planned;
    private boolean exited;
    private int steps;
    private int calls;
    private long positionsComputed;
    private int committedEnd;
    private int textEnd;
    private boolean endsWithEos;
    private @Nullable FinishReason finishReason;

    /// Where the run stands with its span. Before and after a block the cache policy may make a call of its own.
    private enum Phase {
        BEFORE,
        DURING,
        AFTER
    }

    /// A prompt with nothing but open positions behind it.
    ///
    /// @throws IllegalArgumentException if the settings do not fit the model or each other
    public Decoding(int[] prompt, DecodeSettings settings, ModelSpec model, List<KvCache> keyValues) {
        this(prompt, Template.hole(settings.genLength()), settings, model, keyValues);
    }

    /// @param prompt    1 or more ids of the model's vocabulary
    /// @param template  what is behind it; its last hole ends at the settings' generation length
    /// @param keyValues as many as [#tables] says; grown here to the canvas
    /// @throws IllegalArgumentException if the settings do not fit the model or each other
    public Decoding(int[] prompt, Template template, DecodeSettings settings, ModelSpec model, List<KvCache> keyValues) {
        if (keyValues.size() != tables(settings)) {
            throw new IllegalArgumentException(
                    keyValues.size() + " key/value tables where the settings need " + tables(settings));
        }
        Compatibility.require(settings, model);
        this.settings = settings;
        schedule = BlockSchedule.of(settings, prompt.length);
        int open = canvasLength(settings, model, prompt.length) - prompt.length;
        textBeforeHoles = template.textBeforeHoles();
        canvas = new Canvas(prompt, template.extended(open - settings.genLength()), model.maskId());
        unmasking = settings.unmasking().forModel(model).start();
        exit = settings.exit().map(rule -> rule.start(calls(settings, schedule)));
        pacing = settings.effectivePacing();
        proposer = new Proposer(settings, model.maskId());
        lanes = keyValues.stream()
                .map(table -> new Lane(
                            table, canvas, settings, settings.attention().anchoredAt(schedule.offset()), shifted(settings, model)))
                .toList();
        planner = new CallPlanner(settings, canvas, unmasking, exit, lanes);
        committedEnd = prompt.length;
        textEnd = prompt.length + settings.genLength();
    }

    /// Key/value tables that a sequence with these settings needs.
    public static int tables(DecodeSettings settings) {
        return settings.guidance() > 0 ? 2 : 1;
    }

    /// Positions of the canvas up to where the last block ends, and the one that its last call may predict behind it.
    ///
    /// @throws ArithmeticException if they do not fit an int
    public static int canvasLength(DecodeSettings settings, ModelSpec model, int promptLength) {
        int end = BlockSchedule.of(settings, promptLength).end();
        return shifted(settings, model) && settings.cache().predictsNext() ? Math.addExact(end, 1) : end;
    }

    /// Calls allotted to a run.
    private static int calls(DecodeSettings settings, BlockSchedule schedule) {
        return schedule.spans().mapToInt(settings::steps).sum();
    }

    static boolean shifted(DecodeSettings settings, ModelSpec model) {
        return settings.shifted().orElse(model.shifted());
    }

    /// Frees what the rule holds besides Java's memory. Idempotent.
    @Override
    public void close() {
        unmasking.close();
        keptLogits.close();
    }

    Canvas canvas() {
        return canvas;
    }

    /// The generated ids: from the end of the prompt to the generation length, cut after the first EOS.
    public int[] output() {
        return canvas.copy(canvas.promptLength(), textEnd);
    }

    /// The generated ids of each hole of the template, in order. Given text stays in order when the canvas changes its length,
    /// so that it tells the holes apart.
    public List<int[]> holes() {
        return canvas.holes(textBeforeHoles, textEnd);
    }

    /// Every token of the canvas, prompt and masks that were left included.
    public int[] wholeCanvas() {
        return canvas.copy(0, canvas.length());
    }

    /// Network calls so far.
    public int calls() {
        return calls;
    }

    /// Positions computed so far, over all calls.
    public long positionsComputed() {
        return positionsComputed;
    }

    /// Bytes of keys and values, and of what else is kept of positions and copies: the most so far. Every position counts, whether
    /// its policy reuses what is stored or not.
    public long keyValueBytes() {
        return lanes.stream().mapToLong(Lane::keyValueBytes).sum();
    }

    /// Why the run ended.
    ///
    /// @throws IllegalStateException if it has not
    public FinishReason finishReason() {
        if (finishReason == null) {
            throw new IllegalStateException("the run has not ended");
        }
        return finishReason;
    }

    /// Moves on to the next call that the network has to answer.
    ///
    /// @return false if the run is over
    boolean advance(Backend backend, DecodeListener listener, int index) {
        planned = null;
        while (finishReason == null) {
            if (span == null) {
                startSpan(schedule.start());
                continue;
            }
            PlannedCall next = next(span, listener.watchesProposals());
            if (next == null) {
                endSpan(span, listener, index);
                continue;
            }
            Optional<Tensor> known = keptLogits.answer(next, backend);
            if (known.isEmpty()) {
                planned = next;
                positionsComputed += next.rows();
                return true;
            }
            apply(next, known.get(), backend, listener, index);
        }
        commit(textEnd, listener, index);
        return false;
    }

    /// What the planned call computes.
    List<SequenceForward> forwards() {
        return plannedCall().forwards();
    }

    /// Rows of logits that the planned call returns for this sequence.
    int logitsRows() {
        return plannedCall().logitsRows();
    }

    /// Decides and writes what the planned call commits.
    ///
    /// @param logits `[logitsRows, vocabulary]`, changed
    /// @throws dev.dllm.model.NonFiniteLogitsException if a proposal has no confidence
    void apply(Tensor logits, Backend backend, DecodeListener listener, int index) {
        calls++;
        PlannedCall call = plannedCall();
        if (settings.reuseLogits()) {
            keptLogits.keep(call, logits, backend);
        }
        apply(call, logits, backend, listener, index);
    }

    private void apply(PlannedCall call, Tensor logits, Backend backend, DecodeListener listener, int index) {
        Span active = activeSpan();
        List<Candidates> parts = proposer.parts(call, logits, canvas, active, unmasking.forbidden(canvas), steps, backend);
        edits.clear();
        switch (call.purpose()) {
            case PlannedCall.Purpose.Decide _ -> {
                if (listener.watchesProposals()) {
                    listener.proposed(index, steps, canvas, parts.getFirst());
                }
                Candidates candidates = call.drafts() ? parts.getFirst().only(_ -> false) : parts.removeFirst();
                decide(call, step(candidates, parts), active);
            }
            case PlannedCall.Purpose.Store store -> store(store, call.predicts(store.position()), parts.getFirst());
        }
        if (edits.any()) {
            keptLogits.forget();
        }
        listener.called(index, steps++, canvas, edits);

        if (exited) {
            finish();
            return;
        }
        settings.stop().ending(canvas, edits).ifPresent(ending -> {
            textEnd = Math.clamp(ending.end(), canvas.promptLength(), textEnd);
            finishReason = ending.reason();
        });
        if (finishReason == null && span != null) {
            commitUpTo(unmasking.active(canvas, schedule.block(span.start())), listener, index);
        }
    }

    private Step step(Candidates candidates, List<Candidates> copies) {
        return new Step(canvas, candidates, copies, progress, steps, settings.randomness(), settings.stop());
    }

    /// Writes what a call of the cache policy's own predicts.
    private void store(PlannedCall.Purpose.Store store, boolean predicted, Candidates all) {
        all.only(position -> position == store.position()).commitBest(canvas, 1, edits);
        write();
        if (store.opens() && predicted) {
            progress.opened();
        }
        if (store.watched()) {
            unmasking.opened(step(all.only(position -> position != store.position()), List.of()));
        }
    }

    /// Decides a step of the span, or that all that is left is committed.
    private void decide(PlannedCall call, Step step, Span active) {
        if (settings.cache().ranksMasks()) {
            rankMasks(call, step.candidates());
        }
        boolean hadMasks = canvas.masks(active) > 0;
        int length = canvas.length();
        exited = exit.isPresent() && exit.get().exits(step);
        if (exited) {
            step.candidates().commitBest(canvas, step.candidates().size(), edits);
        } else {
            int rest = settings.stop().restStart(canvas);
            Candidates own = step.candidates().only(position -> position < rest && unmasking.wants(canvas, active, position));
            unmasking.decide(step(own, step.copies()), edits);
        }
        write();
        progress.called(hadMasks, edits.any(), !lanes.getFirst().unfinished());
        if (canvas.length() == length) {
            // Copies leave no keys and values of the canvas behind, even if they wrote nothing; to a view that was left out,
            // everything may have changed.
            boolean changed = edits.any() || call.copies().isPresent();
            IntStream.range(0, lanes.size()).forEach(i -> lanes.get(i).applied(changed || i >= call.forwards().size()));
        } else {
            resize(active, canvas.length() - length);
        }
    }

    private void write() {
        settings.stop().fillBehindEos(canvas, edits);
        canvas.apply(edits);
    }

    /// Tells the cache policy how sure the model is of the masks that the call computed.
    private void rankMasks(PlannedCall call, Candidates candidates) {
        int[] indices = IntStream.range(0, candidates.size())
                .filter(i -> call.predicts(candidates.position(i)) && canvas.isMasked(candidates.position(i)))
                .toArray();
        float[] confidence = new float[indices.length];
        for (int i = 0; i < indices.length; i++) {
            confidence[i] = settings.confidence().of(
                    candidates.proposals(), indices[i], settings.randomness(), steps, candidates.position(indices[i]));
        }
        lanes.getFirst().proposed(Arrays.stream(indices).map(candidates::position).toArray(), confidence);
    }

    /// Moves everything behind the active span by as many positions as the canvas grew.
    private void resize(Span active, int growth) {
        textEnd += growth;
        schedule = schedule.grown(growth);
        // Nothing is left of a span whose positions have all been removed; then the walk begins anew, over full blocks.
        Optional<Span> left = schedule.spanAt(active.start());
        left.ifPresent(progress::resized);
        span = left.orElse(null);
        lanes.forEach(Lane::restart);
        proposer.restart();
    }

    /// Ends the run after a call that committed all that was left.
    private void finish() {
        OptionalInt eos = settings.stop().firstEos(canvas, textEnd);
        if (eos.isPresent()) {
            textEnd = eos.getAsInt() + 1;
        }
        finishReason = eos.isPresent() ? FinishReason.EOS : FinishReason.LENGTH;
    }

    /// Ends the run; the text is what has been committed so far.
    void cancel() {
        if (finishReason == null) {
            textEnd = committedEnd;
            finishReason = FinishReason.CANCELLED;
        }
    }

    private void startSpan(int position) {
        span = schedule.spanAt(position).orElse(null);
        if (span != null) {
            phase = position == schedule.block(position).start() ? Phase.BEFORE : Phase.DURING;
            progress = new BlockProgress(span, canvas.masks(span), settings.steps(span), rest(span));
        } else {
            finishReason = endsWithEos ? FinishReason.EOS : FinishReason.LENGTH;
            if (!endsWithEos && canvas.masks(new Span(canvas.promptLength(), textEnd)) > 0) {
                finishReason = FinishReason.STEPS;
            }
        }
    }

    private BlockProgress.Rest rest(Span active) {
        int before = schedule.spans().filter(s -> s.start() < active.start()).mapToInt(settings::steps).sum();
        int behind = schedule.spans().filter(s -> s.start() > active.start()).mapToInt(settings::steps).sum();
        int end = schedule.end();
        return new BlockProgress.Rest(before, behind, active.end() < end ? canvas.masks(new Span(active.end(), end)) : 0);
    }

    /// The next call on the span, if it gets another one.
    private @Nullable PlannedCall next(Span active, boolean observed) {
        Span block = schedule.block(active.start());
        Window window = new Window(
                active.start(), active.end(), block.start(), unmasking.active(canvas, block),
                Math.max(block.end(), unmasking.reach(canvas, block)),
                unmasking.horizon(canvas), canvas::isMasked, position -> unmasking.wants(canvas, active, position),
                () -> unmasking.next(canvas, progress, steps, settings.randomness()));
        if (phase == Phase.BEFORE) {
            phase = Phase.DURING;
            Optional<PlannedCall> opening = planner.opening(active, window, steps);
            if (opening.isPresent()) {
                return opening.get();
            }
        }
        if (phase == Phase.DURING) {
            if (lanes.getFirst().unfinished() || unmasking.another(pacing, canvas.masks(active), progress)) {
                requireProgress();
                return planner.deciding(active, window, steps, observed);
            }
            phase = Phase.AFTER;
            return active.end() == block.end() ? planner.closing(block, window, steps).orElse(null) : null;
        }
        return null;
    }

    /// A rule that goes on until nothing is masked, and writes nothing, would go on for ever.
    private void requireProgress() {
        if (pacing instanceof Pacing.UntilFull && progress.idle() >= MOST_IDLE) {
            throw new IllegalStateException("unmasking rule '%s' wrote nothing in %d calls in a row, though it goes on until nothing is masked"
                    .formatted(settings.unmasking(), MOST_IDLE));
        }
    }

    private void endSpan(Span over, DecodeListener listener, int index) {
        Span block = schedule.block(over.start());
        if (over.end() == block.end()) {
            endBlock(block, listener, index);
        }
        if (finishReason == null) {
            startSpan(over.end());
        }
    }

    private void endBlock(Span block, DecodeListener listener, int index) {
        commitUpTo(block.end(), listener, index);
        if (settings.stop().endsAfter(canvas, block)) {
            finishReason = endsWithEos ? FinishReason.EOS : FinishReason.LENGTH;
            edits.clear();
            settings.stop().fillBehind(canvas, block, edits);
            canvas.apply(edits);
            listener.filled(index, steps - 1, canvas, edits);
        }
    }

    /// Reports what is decided for good, up to where the text ends.
    private void commitUpTo(int end, DecodeListener listener, int index) {
        OptionalInt eos = settings.stop().firstEos(canvas, Math.min(end, textEnd));
        if (eos.isPresent()) {
            textEnd = eos.getAsInt() + 1;
            endsWithEos = true;
        }
        commit(Math.min(settings.stop().settledEnd(end), textEnd), listener, index);
    }

    /// Reports the positions up to `end` as final.
    private void commit(int end, DecodeListener listener, int index) {
        if (end > committedEnd) {
            listener.committed(index, canvas, committedEnd, end);
            committedEnd = end;
        }
    }

    private PlannedCall plannedCall() {
        return Objects.requireNonNull(planned, "no call is planned");
    }

    private Span activeSpan() {
        return Objects.requireNonNull(span, "no span is active");
    }
}
