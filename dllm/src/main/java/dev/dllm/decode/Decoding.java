package dev.dllm.decode;

import dev.dllm.cache.CachePolicy;
import dev.dllm.model.AttentionPattern;
import dev.dllm.model.ForwardPlan;
import dev.dllm.model.KvCache;
import dev.dllm.model.ModelSpec;
import dev.dllm.model.NonFiniteLogitsException;
import dev.dllm.runtime.Noise;
import dev.dllm.runtime.ProposalSpec;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// One sequence on its way from masks to text: the canvas, where it stands, and what its rules remember. The [Denoiser]
/// drives it: [#advance], then one network call as [#plan] says, then [#apply], until it is finished. Not thread-safe.
public final class Decoding {
    private final DecodeSettings settings;
    private final Canvas canvas;
    private final KvCache keyValues;
    private final BlockSchedule schedule;
    private final Unmasking.State unmasking;
    private final CachePolicy.State cache;
    private final Pacing pacing;
    private final ProposalSpec proposalSpec;
    private final Edits edits = new Edits();

    private @Nullable Span span;
    private BlockProgress progress = new BlockProgress(0, 0, 1);
    private int[] wanted = {};
    private int calls;
    private long positionsComputed;
    private int committedEnd;
    private int textEnd;
    private boolean endsWithEos;
    private @Nullable FinishReason finishReason;

    /// @param prompt   1 or more ids of the model's vocabulary
    /// @param keyValues of this sequence; grown here to the canvas
    /// @throws IllegalArgumentException if the settings do not fit the model
    public Decoding(int[] prompt, DecodeSettings settings, ModelSpec model, KvCache keyValues) {
        requireWholeRoutingBlocks(settings, model.transformer().routingBlockLength());
        this.settings = settings;
        this.keyValues = keyValues;
        schedule = BlockSchedule.of(settings);
        canvas = new Canvas(prompt, schedule.canvasLength(prompt.length, settings.genLength()), model.maskId());
        unmasking = settings.unmasking().start();
        cache = settings.cache().start(settings.attention());
        pacing = settings.unmasking().pacing(settings.steps());
        proposalSpec = settings.suppressMask()
                ? settings.sampling().spec(model.maskId())
                : settings.sampling().spec();
        committedEnd = prompt.length;
        textEnd = prompt.length + settings.genLength();
        keyValues.require(canvas.length());
    }

    Canvas canvas() {
        return canvas;
    }

    /// The generated ids: from the end of the prompt to the generation length, cut after the first EOS.
    public int[] output() {
        return canvas.copy(canvas.promptLength(), textEnd);
    }

    /// Network calls so far.
    public int calls() {
        return calls;
    }

    /// Positions computed so far, over all calls.
    public long positionsComputed() {
        return positionsComputed;
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

    KvCache keyValues() {
        return keyValues;
    }

    /// Moves on to the next block that gets a call.
    ///
    /// @return false if the run is over
    boolean advance(DecodeListener listener, int index) {
        while (finishReason == null) {
            if (span != null) {
                if (pacing.another(canvas.masks(span), progress)) {
                    return true;
                }
                endBlock(span, listener, index);
            }
            if (finishReason == null) {
                startBlock();
            }
        }
        return false;
    }

    /// What the next call computes.
    ForwardPlan plan() {
        Span active = activeSpan();
        wanted = IntStream.range(active.start(), active.end())
                .filter(position -> unmasking.wants(canvas, position))
                .toArray();
        ForwardPlan plan = cache.plan(active.start(), active.end(), canvas.length(), wanted);
        positionsComputed += plan.positions().length;
        return plan;
    }

    /// Positions whose logits the planned call wants, ascending.
    int[] wanted() {
        return wanted;
    }

    /// The keys of the randomness of the planned call, one per wanted position.
    long[] noiseKeys() {
        return IntStream.of(wanted)
                .mapToLong(position -> Noise.key(settings.seed(), calls, position))
                .toArray();
    }

    ProposalSpec proposalSpec() {
        return proposalSpec;
    }

    /// Decides and writes what the planned call commits.
    ///
    /// @throws NonFiniteLogitsException if a proposal has no confidence
    void apply(Candidates candidates, DecodeListener listener, int index) {
        requireFinite(candidates);
        boolean hadMasks = canvas.masks(activeSpan()) > 0;
        edits.clear();
        unmasking.decide(canvas, candidates, progress, edits);
        canvas.apply(edits);
        progress.called(hadMasks, edits.size() > 0);
        cache.applied(edits.size() > 0);
        listener.called(index, calls++, canvas, edits);

        OptionalInt complete = settings.stop().completeAt(canvas, edits);
        if (complete.isPresent()) {
            textEnd = Math.clamp(complete.getAsInt() + 1L, canvas.promptLength(), textEnd);
            finishReason = FinishReason.EOS;
            commit(textEnd, listener, index);
        }
    }

    /// Ends the run; the text is what has been committed so far.
    void cancel() {
        if (finishReason == null) {
            textEnd = committedEnd;
            finishReason = FinishReason.CANCELLED;
        }
    }

    private void startBlock() {
        span = schedule.next(canvas, span == null ? 0 : span.end()).orElse(null);
        if (span != null) {
            progress = new BlockProgress(span.length(), canvas.masks(span), settings.steps());
        } else {
            finishReason = endsWithEos ? FinishReason.EOS : FinishReason.LENGTH;
            if (!endsWithEos && canvas.masks(new Span(canvas.promptLength(), textEnd)) > 0) {
                finishReason = FinishReason.STEPS;
            }
        }
    }

    private void endBlock(Span block, DecodeListener listener, int index) {
        OptionalInt eos = settings.stop().firstEos(canvas, Math.min(block.end(), textEnd));
        if (eos.isPresent()) {
            textEnd = eos.getAsInt() + 1;
            endsWithEos = true;
        }
        commit(Math.min(block.end(), textEnd), listener, index);
        if (settings.stop().afterBlock() && settings.stop().firstEos(canvas, block.end()).isPresent()) {
            finishReason = endsWithEos ? FinishReason.EOS : FinishReason.LENGTH;
        }
    }

    /// Reports the positions up to `end` as final.
    private void commit(int end, DecodeListener listener, int index) {
        if (end > committedEnd) {
            listener.committed(index, canvas, committedEnd, end);
            committedEnd = end;
        }
    }

    private void requireFinite(Candidates candidates) {
        for (int i = 0; i < candidates.size(); i++) {
            if (Float.isNaN(candidates.confidence(i))) {
                throw new NonFiniteLogitsException("the logits of position " + candidates.position(i) + " at call " + calls
                        + " are not finite: the checkpoint holds NaN or infinite weights, or the computation overflowed");
            }
        }
    }

    /// Else the experts of a finished position would depend on the block behind it.
    private static void requireWholeRoutingBlocks(DecodeSettings settings, int routingBlockLength) {
        if (routingBlockLength > 0 && settings.attention() instanceof AttentionPattern.BlockCausal
                && settings.blockLength() % routingBlockLength != 0) {
            throw new IllegalArgumentException("block length %d cuts the routing blocks of %d positions; needs a multiple of %d"
                    .formatted(settings.blockLength(), routingBlockLength, routingBlockLength));
        }
    }

    private Span activeSpan() {
        return Objects.requireNonNull(span, "no block is active");
    }
}
