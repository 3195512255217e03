package dev.dllm;

import dev.dllm.decode.DecodeSettings;
import dev.dllm.decode.Decoding;
import dev.dllm.model.AttentionPattern;
import dev.dllm.model.FeedForwardShape;
import dev.dllm.model.ModelSpec;
import dev.dllm.model.TransformerConfig;
import dev.dllm.runtime.DType;

/// Off-heap memory that generating a batch takes besides the weights.
///
/// @param positions     of each canvas
/// @param rows          computed by the largest network call
/// @param cacheBytes    keys and values of all sequences, those of drafts and of a verifier included, and what else is kept of
///                      their positions
/// @param activationBytes of the largest network call; a session may keep two to three times as much
public record MemoryEstimate(int positions, long rows, long cacheBytes, long activationBytes) {

    /// What a batch of equal requests takes.
    ///
    /// @param promptLength of each, text that is given behind its last hole included
    /// @param observed     whether somebody watches the proposals of all masks
    /// @throws InvalidRequestException if the request exceeds the model's context
    /// @throws IllegalArgumentException if the cache policy does not fit the model
    static MemoryEstimate of(ModelSpec spec, int batch, int promptLength, DecodeSettings asked, boolean observed) {
        requireContext(spec.transformer(), promptLength, asked);
        DecodeSettings settings = asked.withGenLength(asked.unmasking().longest(asked.genLength()));
        try {
            return sum(spec, batch, promptLength, settings, observed);
        } catch (ArithmeticException e) {
            throw new InvalidRequestException("memory of %d sequences of %d and %d tokens: exceeds any number; needs smaller ones"
                    .formatted(batch, promptLength, settings.genLength()), e);
        }
    }

    private static MemoryEstimate sum(ModelSpec spec, int batch, int promptLength, DecodeSettings settings, boolean observed) {
        TransformerConfig config = spec.transformer();
        LargestCall call = LargestCall.of(spec, promptLength, settings, observed);
        int views = Decoding.tables(settings);
        long rows = Math.multiplyExact((long) call.rows() * views, batch);
        long logitsRows = Math.multiplyExact((long) call.logitsRows() * views, batch);
        long perPosition = cacheBytesPerPosition(config) + keptBytesPerPosition(config, settings);
        int positions = Decoding.canvasLength(settings, spec, promptLength);
        return new MemoryEstimate(
                positions,
                rows,
                Math.addExact(
                        Math.multiplyExact(Math.multiplyExact(perPosition, call.slots()), (long) batch * views),
                        Math.multiplyExact(settings.unmasking().verifierBytes(positions), batch)),
                Math.addExact(activationBytes(config, rows, logitsRows), partBytes(config, settings, rows, logitsRows)));
    }

    /// @throws InvalidRequestException if a request exceeds the model's context
    static void requireContext(TransformerConfig config, int promptLength, DecodeSettings settings) {
        if (settings.attention() instanceof AttentionPattern.BlockCausal && settings.blockLength() > config.contextLimit()) {
            throw new InvalidRequestException("a block length of %d exceeds the model's context of %d positions"
                    .formatted(settings.blockLength(), config.contextLimit()));
        }
        int longest = settings.unmasking().longest(settings.genLength());
        if (promptLength >= config.contextLimit()) {
            throw new InvalidRequestException("a prompt of %d tokens leaves nothing of the model's context of %d positions"
                    .formatted(promptLength, config.contextLimit()));
        }
        if ((long) promptLength + settings.genLength() > config.contextLimit()) {
            throw new InvalidRequestException(
                    "a prompt of %d tokens and a generation length of %d exceed the model's context of %d positions"
                            .formatted(promptLength, settings.genLength(), config.contextLimit()));
        }
        if ((long) promptLength + longest > config.contextLimit()) {
            throw new InvalidRequestException(
                    "a prompt of %d tokens and the %d that rule '%s' may write exceed the model's context of %d positions; needs a smaller"
                            .formatted(promptLength, longest, settings.unmasking(), config.contextLimit()) + " max-length");
        }
    }

    /// Bytes of keys and values of all layers for one position.
    public static long cacheBytesPerPosition(TransformerConfig config) {
        return 2L * config.layers().size() * DType.F32.bytes(config.attention().keyWidth());
    }

    /// Bytes of what layers added and of soft inputs, for one position.
    private static long keptBytesPerPosition(TransformerConfig config, DecodeSettings settings) {
        long outputs = settings.cache().leavesRowsOut() ? 2L * config.layers().size() : 0;
        return (outputs + (settings.smoothing().isPresent() ? 1 : 0)) * DType.F32.bytes(config.hidden());
    }

    /// The buffers of [dev.dllm.model.Transformer] where layers compute a part of the rows, and for soft inputs; logits that are kept.
    private static long partBytes(TransformerConfig config, DecodeSettings settings, long rows, long logitsRows) {
        long perRow = 2L * config.hidden() + config.rope().width() + config.attention().keyWidth();
        long part = settings.cache().leavesRowsOut() ? Math.multiplyExact(rows, perRow) : 0;
        long soft = settings.smoothing().isPresent() ? Math.multiplyExact(logitsRows, 3L * config.hidden()) : 0;
        long kept = settings.reuseLogits() ? Math.multiplyExact(logitsRows, 2L * config.vocabulary()) : 0;
        return DType.F32.bytes(Math.addExact(Math.addExact(part, soft), kept));
    }

    /// The buffers of [dev.dllm.model.Transformer], which all layers share.
    static long activationBytes(TransformerConfig config, long rows, long logitsRows) {
        long width = 1;
        long experts = 1;
        for (FeedForwardShape shape : config.layers()) {
            switch (shape) {
                case FeedForwardShape.Dense dense -> width = Math.max(width, dense.width());
                case FeedForwardShape.Experts moe -> {
                    width = Math.max(width, moe.sharedWidth());
                    experts = Math.max(experts, moe.experts() + 2L * moe.router().topK());
                }
            }
        }
        long perRow = 4L * config.hidden() + config.rope().width()
                + 2L * config.attention().queryWidth() + 2L * config.attention().keyWidth() + 2 * width + experts;
        long perLogitsRow = (long) config.vocabulary() + config.hidden();
        return DType.F32.bytes(Math.addExact(Math.multiplyExact(rows, perRow), Math.multiplyExact(logitsRows, perLogitsRow)));
    }

    /// All of it.
    public long bytes() {
        return cacheBytes + activationBytes;
    }
}
