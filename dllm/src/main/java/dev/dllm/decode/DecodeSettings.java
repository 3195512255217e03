package dev.dllm.decode;

import dev.dllm.cache.CachePolicy;
import dev.dllm.cache.NoCache;
import dev.dllm.model.AttentionPattern;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// Everything that decides how a canvas is denoised. Independent choices; any may be replaced by a `with` method. Immutable
/// and thread-safe.
///
/// @param genLength    response positions allotted, 1 or more
/// @param blockLength  positions of a block, 1 or more; [#WHOLE] for no blocks
/// @param spanLength   positions denoised together, 1 or more; blocks that are longer are denoised in parts
/// @param anchor       where blocks are cut
/// @param steps        calls allotted to a span; 0 for as many as it has positions
/// @param attention    which positions see each other; block-causal blocks are those of `blockLength`
/// @param shifted      whether the row of position i predicts position i + 1; empty for what the model was trained to
/// @param unmasking    which proposals are committed
/// @param confidence   what makes one proposal surer than another
/// @param adjustments  what changes how sure proposals are, in this order
/// @param pacing       when a span is over; empty for the rule's own
/// @param cache        which keys and values are reused
/// @param sampling     how a token is drawn
/// @param guidance     strength of classifier-free guidance, 0 for none: the logits move away from those that the masked
///                     prompt would give; every call computes twice the positions
/// @param guidanceInterval calls from one evaluation without the prompt to the next, 1 or more; between two of them the
///                     difference that it made is used again. The run's first [#ALWAYS_GUIDED] calls all have one
/// @param randomness   of all draws; without effect if nothing is drawn
/// @param smoothing    what the inputs of masks hold besides the mask token, if anything
/// @param hooks        what changes the logits first
/// @param exit         when all that is left is committed at once, if ever
/// @param stop         when a text is over early
/// @param suppressMask whether the mask token can be proposed; false only to compare with references that allow it
/// @param reuseLogits  whether a step takes the logits of the one before, instead of a call, if nothing was written in between
///                     and it would ask the same; needs a cache whose calls depend on the canvas alone
public record DecodeSettings(
        int genLength,
        int blockLength,
        int spanLength,
        Anchor anchor,
        int steps,
        AttentionPattern attention,
        Optional<Boolean> shifted,
        Unmasking unmasking,
        Confidence confidence,
        List<ConfidenceAdjustment> adjustments,
        Optional<Pacing> pacing,
        CachePolicy cache,
        Sampling sampling,
        float guidance,
        int guidanceInterval,
        Randomness randomness,
        Optional<Smoothing> smoothing,
        List<LogitHook> hooks,
        Optional<ExitRule> exit,
        StopRule stop,
        boolean suppressMask,
        boolean reuseLogits) {

    /// A block or span length that covers any canvas.
    public static final int WHOLE = 1 << 24;

    /// More guidance than any method uses, and too little to make an infinity of a logit.
    public static final int MOST_GUIDANCE = 1_000_000;

    /// Calls at the start of a run that are guided anew whatever the interval.
    public static final int ALWAYS_GUIDED = 5;

    /// @throws IllegalArgumentException if a number is out of range
    public DecodeSettings {
        checkRange("generation length", genLength);
        checkRange("block length", blockLength);
        checkRange("span length", spanLength);
        if (steps != 0) {
            checkRange("steps", steps);
        }
        checkRange("guidance interval", guidanceInterval);
        if (!(guidance >= 0 && guidance <= MOST_GUIDANCE)) {
            throw new IllegalArgumentException("guidance " + guidance + ": needs 0 (none) to " + MOST_GUIDANCE);
        }
        if (guidance > 0 && smoothing.isPresent()) {
            throw new IllegalArgumentException("guidance with smoothing: their logits would be of different inputs; needs one of them");
        }
        adjustments = List.copyOf(adjustments);
        hooks = List.copyOf(hooks);
        attention = attention.withBlockLength(blockLength);
    }

    /// Greedy decoding in blocks one token per call, without cache, guidance or stop.
    public static DecodeSettings of(AttentionPattern attention, int genLength, int blockLength) {
        return new DecodeSettings(
                genLength, blockLength, WHOLE, anchorOf(attention), 0, attention, Optional.empty(), new Schedule(),
                Confidence.PROBABILITY, List.of(), Optional.empty(), new NoCache(), Sampling.greedy(), 0, 1, Randomness.seeded(0),
                Optional.empty(), List.of(), Optional.empty(), StopRule.never(), true, false);
    }

    /// Calls allotted to a span.
    public int steps(Span span) {
        return steps == 0 ? span.length() : steps;
    }

    /// When a span is over: as set, or as the rule has it.
    public Pacing effectivePacing() {
        return pacing.orElseGet(() -> unmasking.pacing());
    }

    /// Whether something besides the rule looks at what every call proposes for all masks of the canvas.
    public boolean proposesEveryMask() {
        return exit.isPresent() || smoothing.isPresent() || cache.ranksMasks();
    }

    /// Whether a run draws anything, so that a seed makes a difference.
    public boolean draws() {
        return sampling.draws() || confidence == Confidence.RANDOM || unmasking.draws()
                || adjustments.stream().anyMatch(ConfidenceAdjustment::draws);
    }

    public DecodeSettings withGenLength(int genLength) {
        return copy(fields -> fields.genLength = genLength);
    }

    public DecodeSettings withBlockLength(int blockLength) {
        return copy(fields -> fields.blockLength = blockLength);
    }

    public DecodeSettings withSpanLength(int spanLength) {
        return copy(fields -> fields.spanLength = spanLength);
    }

    public DecodeSettings withAnchor(Anchor anchor) {
        return copy(fields -> fields.anchor = anchor);
    }

    public DecodeSettings withSteps(int steps) {
        return copy(fields -> fields.steps = steps);
    }

    /// Another attention, and the blocks that go with it.
    public DecodeSettings withAttention(AttentionPattern attention) {
        return copy(fields -> {
            fields.attention = attention;
            fields.anchor = anchorOf(attention);
        });
    }

    public DecodeSettings withShifted(boolean shifted) {
        return copy(fields -> fields.shifted = Optional.of(shifted));
    }

    public DecodeSettings withUnmasking(Unmasking unmasking) {
        return copy(fields -> fields.unmasking = unmasking);
    }

    public DecodeSettings withConfidence(Confidence confidence) {
        return copy(fields -> fields.confidence = confidence);
    }

    public DecodeSettings withAdjustments(ConfidenceAdjustment... adjustments) {
        return copy(fields -> fields.adjustments = List.of(adjustments));
    }

    public DecodeSettings withPacing(Pacing pacing) {
        return copy(fields -> fields.pacing = Optional.of(pacing));
    }

    public DecodeSettings withCache(CachePolicy cache) {
        return copy(fields -> fields.cache = cache);
    }

    public DecodeSettings withSampling(Sampling sampling) {
        return copy(fields -> fields.sampling = sampling);
    }

    public DecodeSettings withGuidance(float guidance) {
        return copy(fields -> fields.guidance = guidance);
    }

    public DecodeSettings withGuidanceInterval(int guidanceInterval) {
        return copy(fields -> fields.guidanceInterval = guidanceInterval);
    }

    public DecodeSettings withRandomness(Randomness randomness) {
        return copy(fields -> fields.randomness = randomness);
    }

    public DecodeSettings withSeed(long seed) {
        return withRandomness(Randomness.seeded(seed));
    }

    public DecodeSettings withSmoothing(Smoothing smoothing) {
        return copy(fields -> fields.smoothing = Optional.of(smoothing));
    }

    public DecodeSettings withHooks(LogitHook... hooks) {
        return copy(fields -> fields.hooks = List.of(hooks));
    }

    public DecodeSettings withExit(ExitRule exit) {
        return copy(fields -> fields.exit = Optional.of(exit));
    }

    public DecodeSettings withStop(StopRule stop) {
        return copy(fields -> fields.stop = stop);
    }

    public DecodeSettings withSuppressMask(boolean suppressMask) {
        return copy(fields -> fields.suppressMask = suppressMask);
    }

    public DecodeSettings withReuseLogits(boolean reuseLogits) {
        return copy(fields -> fields.reuseLogits = reuseLogits);
    }

    /// Block-causal models were trained on blocks from the start of the sequence, those with a causal context on blocks behind a text
    /// of any length; others know no blocks.
    private static Anchor anchorOf(AttentionPattern attention) {
        return switch (attention) {
            case AttentionPattern.Bidirectional _ -> Anchor.PROMPT;
            case AttentionPattern.BlockCausal _ -> Anchor.START;
            case AttentionPattern.CausalContext _ -> Anchor.BEHIND_PROMPT;
        };
    }

    private static void checkRange(String what, int value) {
        if (value < 1 || value > WHOLE) {
            throw new IllegalArgumentException(what + " " + value + ": needs 1 to " + WHOLE);
        }
    }

    private DecodeSettings copy(Consumer<Fields> change) {
        Fields fields = new Fields(this);
        change.accept(fields);
        return fields.settings();
    }

    /// The components, to change one of them.
    private static final class Fields {
        int genLength;
        int blockLength;
        int spanLength;
        Anchor anchor;
        int steps;
        AttentionPattern attention;
        Optional<Boolean> shifted;
        Unmasking unmasking;
        Confidence confidence;
        List<ConfidenceAdjustment> adjustments;
        Optional<Pacing> pacing;
        CachePolicy cache;
        Sampling sampling;
        float guidance;
        int guidanceInterval;
        Randomness randomness;
        Optional<Smoothing> smoothing;
        List<LogitHook> hooks;
        Optional<ExitRule> exit;
        StopRule stop;
        boolean suppressMask;
        boolean reuseLogits;

        Fields(DecodeSettings from) {
            genLength = from.genLength;
            blockLength = from.blockLength;
            spanLength = from.spanLength;
            anchor = from.anchor;
            steps = from.steps;
            attention = from.attention;
            shifted = from.shifted;
            unmasking = from.unmasking;
            confidence = from.confidence;
            adjustments = from.adjustments;
            pacing = from.pacing;
            cache = from.cache;
            sampling = from.sampling;
            guidance = from.guidance;
            guidanceInterval = from.guidanceInterval;
            randomness = from.randomness;
            smoothing = from.smoothing;
            hooks = from.hooks;
            exit = from.exit;
            stop = from.stop;
            suppressMask = from.suppressMask;
            reuseLogits = from.reuseLogits;
        }

        DecodeSettings settings() {
            return new DecodeSettings(
                    genLength, blockLength, spanLength, anchor, steps, attention, shifted, unmasking, confidence,
                    adjustments, pacing, cache, sampling, guidance, guidanceInterval, randomness, smoothing, hooks, exit, stop,
                    suppressMask, reuseLogits);
        }
    }
}
