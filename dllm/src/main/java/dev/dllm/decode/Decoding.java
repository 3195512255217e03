package dev.dllm.decode;

import dev.dllm.cache.Window;
import dev.dllm.model.ForwardPlan;
import dev.dllm.model.KvCache;
import dev.dllm.model.ModelSpec;
import dev.dllm.model.SequenceForward;
import dev.dllm.runtime.Backend;
import dev.dllm.runtime.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// One sequence on its way from masks to text: the canvas, where it stands, and what its rules remember. The [Denoiser]
/// drives it: [#advance], then one network call on [#forwards], then [#apply], until it is finished. Not thread-safe.
public final class Decoding implements AutoCloseable {
    private final DecodeSettings settings;
    private final Canvas canvas;
    private final int[] textBeforeHoles;
    private final List<Lane> lanes;
    private BlockSchedule schedule;
    private final Unmasking.State unmasking;
    private final Optional<ExitRule.State> exit;
    private final Pacing pacing;
    private final Proposer proposer;
    private final Edits edits = new Edits();

    private @Nullable Span span;
    private Phase phase = Phase.BEFORE;
    private boolean policyCall;
    private int committedByPolicy;
    private boolean watched;
    private BlockProgress progress = new BlockProgress(new Span(0, 1), 0, 1);
    private Optional<Copies> copies = Optional.empty();
    /// Positions that the logits of the canvas's rows predict, then those of each copy.
    private List<int[]> wanted = List.of();
    /// Positions that the call may decide: those of the canvas's rows, unless the cache policy guesses at what was left out.
    private int[] decided = {};
    private List<SequenceForward> forwards = List.of();
    private boolean exited;
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
        List<int[]> holes = new ArrayList<>();
        for (int before : textBeforeHoles) {
            IntStream.Builder ids = IntStream.builder();
            int text = 0;
            for (int position = canvas.promptLength(); position < textEnd; position++) {
                if (canvas.isFixed(position)) {
                    text++;
                } else if (text == before) {
                    ids.add(canvas.token(position));
                }
            }
            holes.add(ids.build().toArray());
        }
        return holes;
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

    /// Bytes of keys and values that the sequence holds: of every position, whether its policy reuses them or not.
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

    /// Moves on to the next call.
    ///
    /// @return false if the run is over
    boolean advance(DecodeListener listener, int index) {
        while (finishReason == null) {
            if (span == null) {
                startSpan(schedule.start());
            } else if (planned(span, listener.watchesProposals())) {
                return true;
            } else {
                endSpan(span, listener, index);
            }
        }
        return false;
    }

    /// What the planned call computes.
    List<SequenceForward> forwards() {
        return forwards;
    }

    /// Rows of logits that the planned call returns for this sequence.
    int logitsRows() {
        return forwards.size() * wanted.stream().mapToInt(positions -> positions.length).sum();
    }

    /// Decides and writes what the planned call commits.
    ///
    /// @param logits `[logitsRows, vocabulary]`, changed
    /// @throws dev.dllm.model.NonFiniteLogitsException if a proposal has no confidence
    void apply(Tensor logits, Backend backend, DecodeListener listener, int index) {
        Span active = activeSpan();
        Tensor rows = proposer.guided(logits, wanted.stream().flatMapToInt(IntStream::of).toArray(), backend);
        List<Candidates> parts = new ArrayList<>();
        int row = 0;
        for (int[] positions : wanted) {
            Tensor own = rows.rows(row, row + positions.length);
            row += positions.length;
            if (!parts.isEmpty() && copies.orElseThrow() instanceof Copies.Shadow) {
                parts.add(proposer.standing(own, canvas, positions, calls, backend));
                continue;
            }
            int[] judged = parts.isEmpty() ? decided : positions;
            Tensor all = judged.length == positions.length ? own : proposer.guessed(own, positions, judged, backend);
            parts.add(proposer.candidates(all, canvas, active, judged, unmasking.forbidden(canvas), calls, backend));
        }
        if (!policyCall && listener.watchesProposals()) {
            listener.proposed(index, calls, canvas, parts.getFirst());
        }
        edits.clear();
        if (!policyCall) {
            boolean drafts = copies.isPresent() && copies.get() instanceof Copies.Drafts;
            Candidates candidates = drafts ? parts.getFirst().only(_ -> false) : parts.removeFirst();
            step(new Step(canvas, candidates, parts, progress, calls, settings.randomness(), settings.stop()), active);
        } else {
            Candidates all = parts.getFirst();
            all.only(position -> position == committedByPolicy).commitBest(canvas, 1, edits);
            write();
            if (phase == Phase.DURING && committedByPolicy >= 0) {
                // An opening call that decodes is one of the span's calls.
                progress.called(true, edits.any(), true);
            }
            if (watched) {
                Candidates others = all.only(position -> position != committedByPolicy);
                unmasking.opened(new Step(canvas, others, List.of(), progress, calls, settings.randomness(), settings.stop()));
            }
        }
        listener.called(index, calls++, canvas, edits);

        if (exited) {
            finish(listener, index);
            return;
        }
        OptionalInt complete = settings.stop().completeAt(canvas, edits);
        if (complete.isPresent()) {
            textEnd = Math.clamp(complete.getAsInt() + 1L, canvas.promptLength(), textEnd);
            finishReason = FinishReason.EOS;
            commit(textEnd, listener, index);
        }
    }

    /// Decides a step of the span, or that all that is left is committed.
    private void step(Step step, Span active) {
        if (settings.cache().ranksMasks()) {
            rankMasks(step.candidates());
        }
        boolean hadMasks = canvas.masks(active) > 0;
        int length = canvas.length();
        exited = exit.isPresent() && exit.get().exits(step);
        if (exited) {
            step.candidates().commitBest(canvas, step.candidates().size(), edits);
        } else {
            int rest = settings.stop().restStart(canvas);
            Candidates own = step.candidates().only(position -> position < rest && unmasking.wants(canvas, active, position));
            unmasking.decide(new Step(canvas, own, step.copies(), progress, calls, settings.randomness(), settings.stop()), edits);
        }
        write();
        progress.called(hadMasks, edits.any(), !lanes.getFirst().unfinished());
        if (canvas.length() == length) {
            // Copies leave no keys and values of the canvas behind, even if they wrote nothing; to a view that was left out,
            // everything may have changed.
            boolean changed = edits.any() || copies.isPresent();
            IntStream.range(0, lanes.size()).forEach(i -> lanes.get(i).applied(changed || i >= forwards.size()));
        } else {
            resize(active, canvas.length() - length);
        }
    }

    private void write() {
        settings.stop().fillBehindEos(canvas, edits);
        canvas.apply(edits);
    }

    /// Tells the cache policy how sure the model is of the masks that the call computed.
    private void rankMasks(Candidates candidates) {
        int[] indices = IntStream.range(0, candidates.size())
                .filter(i -> Arrays.binarySearch(wanted.getFirst(), candidates.position(i)) >= 0 && canvas.isMasked(candidates.position(i)))
                .toArray();
        float[] confidence = new float[indices.length];
        for (int i = 0; i < indices.length; i++) {
            confidence[i] = settings.confidence().of(
                    candidates.proposals(), indices[i], settings.randomness(), calls, candidates.position(indices[i]));
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

    /// Whether the next call evaluates the canvas without its prompt too.
    private boolean evaluatesGuidance() {
        return lanes.size() > 1
                && (copies.isPresent() || calls < DecodeSettings.ALWAYS_GUIDED || calls % settings.guidanceInterval() == 0);
    }

    /// The views of the canvas that the next call evaluates.
    private List<Lane> nextLanes() {
        return evaluatesGuidance() ? lanes : lanes.subList(0, 1);
    }

    /// Ends the run after a call that committed all that was left.
    private void finish(DecodeListener listener, int index) {
        OptionalInt eos = settings.stop().firstEos(canvas, textEnd);
        if (eos.isPresent()) {
            textEnd = eos.getAsInt() + 1;
        }
        finishReason = eos.isPresent() ? FinishReason.EOS : FinishReason.LENGTH;
        commit(textEnd, listener, index);
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

    /// Plans the next call on the span, if it gets another one.
    private boolean planned(Span active, boolean observed) {
        Span block = schedule.block(active.start());
        Window window = new Window(
                active.start(), active.end(), block.start(), Math.max(block.end(), unmasking.reach(canvas, block)),
                unmasking.horizon(canvas), canvas::isMasked,
                () -> unmasking.next(canvas, progress, calls, settings.randomness()));
        if (phase == Phase.BEFORE) {
            phase = Phase.DURING;
            watched = settings.unmasking().watchesOpening();
            if (plannedByPolicy(lane -> lane.opening(window), settings.cache().predictsFirst(), block.start())) {
                return true;
            }
        }
        if (phase == Phase.DURING) {
            if (lanes.getFirst().unfinished() || unmasking.another(pacing, canvas.masks(active), progress)) {
                policyCall = false;
                copies = unmasking.copies(canvas, active);
                plan(
                        nextLanes().stream().map(lane -> lane.plan(window)).toList(),
                        IntStream.range(0, window.length()).filter(position -> wants(active, position, observed)).toArray());
                return true;
            }
            phase = Phase.AFTER;
            watched = false;
            return active.end() == block.end()
                    && plannedByPolicy(lane -> lane.closing(window), settings.cache().predictsNext(), block.end());
        }
        return false;
    }

    /// Plans a call of the cache policy's own, which commits nothing but one position, if it predicts that.
    private boolean plannedByPolicy(Function<Lane, Optional<ForwardPlan>> question, boolean predicts, int position) {
        List<ForwardPlan> plans = nextLanes().stream().map(question).flatMap(Optional::stream).toList();
        if (plans.isEmpty()) {
            return false;
        }
        policyCall = true;
        copies = Optional.empty();
        boolean open = predicts && position < canvas.length() && canvas.isMasked(position);
        committedByPolicy = open ? position : -1;
        Span active = activeSpan();
        plan(
                plans,
                IntStream.range(0, canvas.length())
                        .filter(p -> p == committedByPolicy || watched && unmasking.wants(canvas, active, p))
                        .toArray());
        if (IntStream.of(wanted.getFirst()).noneMatch(p -> p == committedByPolicy)) {
            committedByPolicy = -1;
        }
        return true;
    }

    private boolean wants(Span active, int position, boolean observed) {
        return unmasking.wants(canvas, active, position)
                || canvas.isMasked(position) && (observed || wantsEveryMask())
                || exit.isPresent() && exit.get().wants(canvas, position);
    }

    /// Whether something besides the rule looks at the proposals of all masks.
    private boolean wantsEveryMask() {
        return exit.isPresent() || settings.smoothing().isPresent() || settings.cache().ranksMasks()
                || evaluatesGuidance() && settings.guidanceInterval() > 1;
    }

    private void plan(List<ForwardPlan> plans, int[] positions) {
        List<CallRows> rows = new ArrayList<>();
        for (int i = 0; i < plans.size(); i++) {
            int[] tokens = i == 0 ? canvas.tokens() : canvas.unconditional();
            rows.add(lanes.get(i).rows(plans.get(i), tokens, copies, canvas.maskId()));
            positionsComputed += rows.getLast().tokens().length;
        }
        List<int[]> predicted = new ArrayList<>();
        for (int[] part : rows.getFirst().parts()) {
            int[] asked = !predicted.isEmpty() && copies.orElseThrow() instanceof Copies.Shadow shadow ? shadow.judged() : positions;
            predicted.add(lanes.getFirst().predicted(asked, part));
        }
        wanted = predicted;
        decided = settings.cache().guessesLeftOut() && !policyCall ? positions : predicted.getFirst();
        List<SequenceForward> asked = new ArrayList<>();
        for (int i = 0; i < plans.size(); i++) {
            asked.add(lanes.get(i).forward(rows.get(i), canvas.length(), predicted, calls));
        }
        forwards = asked;
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
        int end = block.end();
        OptionalInt eos = settings.stop().firstEos(canvas, Math.min(end, textEnd));
        if (eos.isPresent()) {
            textEnd = eos.getAsInt() + 1;
            endsWithEos = true;
        }
        commit(Math.min(end, textEnd), listener, index);
        if (settings.stop().endsAfter(canvas, block)) {
            finishReason = endsWithEos ? FinishReason.EOS : FinishReason.LENGTH;
            edits.clear();
            settings.stop().fillBehind(canvas, block, edits);
            canvas.apply(edits);
            listener.filled(index, calls - 1, canvas, edits);
        }
    }

    /// Reports the positions up to `end` as final.
    private void commit(int end, DecodeListener listener, int index) {
        if (end > committedEnd) {
            listener.committed(index, canvas, committedEnd, end);
            committedEnd = end;
        }
    }

    private Span activeSpan() {
        return Objects.requireNonNull(span, "no span is active");
    }
}
