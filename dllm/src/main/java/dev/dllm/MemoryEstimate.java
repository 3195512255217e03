package dev.dllm;

import dev.dllm.cache.CachePolicy;
import dev.dllm.decode.BlockSchedule;
import dev.dllm.decode.Canvas;
import dev.dllm.decode.DecodeSettings;
import dev.dllm.decode.Span;
import dev.dllm.model.FeedForwardShape;
import dev.dllm.model.ModelSpec;
import dev.dllm.model.TransformerConfig;
import dev.dllm.runtime.DType;
import java.util.Optional;
import java.util.stream.IntStream;

/// Off-heap memory that generating a batch takes besides the weights.
///
/// @param positions     of each canvas
/// @param rows          computed by the largest network call
/// @param cacheBytes    keys and values of all sequences
/// @param activationBytes of the largest network call; a session may keep two to three times as much
public record MemoryEstimate(int positions, int rows, long cacheBytes, long activationBytes) {

    /// The estimate plans every block; beyond this it would take longer than anybody waits.
    private static final long MOST_WORK = 1L << 28;

    private static final long MOST_POSITIONS = 1L << 30;

    /// Walks through the blocks of a request as its cache policy would.
    ///
    /// @throws InvalidRequestException if the request exceeds the model's context
    static MemoryEstimate of(ModelSpec spec, int batch, int promptLength, DecodeSettings settings) {
        TransformerConfig config = spec.transformer();
        requireContext(config, promptLength, settings);
        BlockSchedule schedule = BlockSchedule.of(settings);
        int positions = schedule.canvasLength(promptLength, settings.genLength());
        if ((long) positions * positions / settings.blockLength() > MOST_WORK || (long) positions * batch > MOST_POSITIONS) {
            throw new InvalidRequestException("memory of %d sequences of %d positions in blocks of %d: needs smaller numbers"
                    .formatted(batch, positions, settings.blockLength()));
        }
        Canvas canvas = new Canvas(new int[promptLength], positions, spec.maskId());
        CachePolicy.State cache = settings.cache().start(settings.attention());
        int rows = 0;
        int logitsRows = 0;
        for (Optional<Span> span = schedule.next(canvas, 0); span.isPresent();
                span = schedule.next(canvas, span.get().end())) {
            int start = span.get().start();
            int end = span.get().end();
            int[] masked = IntStream.range(start, end).filter(canvas::isMasked).toArray();
            rows = Math.max(rows, cache.plan(start, end, positions, masked).positions().length);
            logitsRows = Math.max(logitsRows, masked.length);
            cache.applied(true);
        }
        return new MemoryEstimate(
                positions,
                Math.multiplyExact(rows, batch),
                Math.multiplyExact(cacheBytesPerPosition(config) * positions, (long) batch),
                activationBytes(config, (long) rows * batch, (long) logitsRows * batch));
    }

    /// @throws InvalidRequestException if a request exceeds the model's context
    static void requireContext(TransformerConfig config, int promptLength, DecodeSettings settings) {
        if (settings.blockLength() > config.contextLimit()) {
            throw new InvalidRequestException("a block length of %d exceeds the model's context of %d positions"
                    .formatted(settings.blockLength(), config.contextLimit()));
        }
        if ((long) promptLength + settings.genLength() > config.contextLimit()) {
            throw new InvalidRequestException(
                    "a prompt of %d tokens and a generation length of %d exceed the model's context of %d positions"
                            .formatted(promptLength, settings.genLength(), config.contextLimit()));
        }
    }

    /// Bytes of keys and values of all layers for one position.
    public static long cacheBytesPerPosition(TransformerConfig config) {
        return 2L * config.layers().size() * DType.F32.bytes(config.attention().keyWidth());
    }

    /// The buffers of [dev.dllm.model.Transformer], which all layers share.
    private static long activationBytes(TransformerConfig config, long rows, long logitsRows) {
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
        long perRow = 4L * config.hidden() + config.rope().width() + 2L * config.attention().queryWidth() + 2L * config.attention().keyWidth()
                + 2 * width + experts;
        long perLogitsRow = (long) config.vocabulary() + config.hidden();
        return DType.F32.bytes(Math.addExact(Math.multiplyExact(rows, perRow), Math.multiplyExact(logitsRows, perLogitsRow)));
    }

    /// All of it.
    public long bytes() {
        return cacheBytes + activationBytes;
    }
}
