package dev.dllm;

import dev.dllm.cache.CachePolicy;
import dev.dllm.cache.Window;
import dev.dllm.decode.BlockSchedule;
import dev.dllm.decode.Canvas;
import dev.dllm.decode.DecodeSettings;
import dev.dllm.decode.Decoding;
import dev.dllm.decode.Span;
import dev.dllm.model.AttentionPattern;
import dev.dllm.model.FeedForwardShape;
import dev.dllm.model.ModelSpec;
import dev.dllm.model.TransformerConfig;
import dev.dllm.runtime.DType;
import java.util.Optional;

/// Off-heap memory that generating a batch takes besides the weights.
///
/// @param positions     of each canvas
/// @param rows          computed by the largest network call
/// @param cacheBytes    keys and values of all sequences, and what else is kept of their positions
/// @param activationBytes of the largest network call; a session may keep two to three times as much
public record MemoryEstimate(int positions, int rows, long cacheBytes, long activationBytes) {

    /// The estimate plans every block; beyond this it would take longer than anybody waits.
    private static final long MOST_WORK = 1L << 28;

    private static final long MOST_POSITIONS = 1L << 30;

    /// Walks through the blocks of a request as its cache policy would.
    ///
    /// @throws InvalidRequestException if the request exceeds the model's context
    static MemoryEstimate of(ModelSpec spec, int batch, int promptLength, DecodeSettings asked) {
        DecodeSettings settings = asked.withGenLength(asked.unmasking().longest(asked.genLength()));
        TransformerConfig config = spec.transformer();
        requireContext(config, promptLength, settings);
        BlockSchedule schedule = BlockSchedule.of(settings, promptLength);
        int positions = Decoding.canvasLength(settings, spec, promptLength);
        if ((long) positions * positions / settings.blockLength() > MOST_WORK || (long) positions * batch > MOST_POSITIONS) {
            throw new InvalidRequestException("memory of %d sequences of %d positions in blocks of %d: needs smaller numbers"
                    .formatted(batch, positions, settings.blockLength()));
        }
        Canvas canvas = new Canvas(new int[promptLength], positions, spec.maskId());
        CachePolicy.State cache =
                settings.cache().start(settings.attention().anchoredAt(schedule.offset()), settings.shifted().orElse(spec.shifted()));
        int rows = 0;
        int logitsRows = 0;
        for (Optional<Span> span = schedule.spanAt(schedule.start()); span.isPresent();
                span = schedule.spanAt(span.get().end())) {
            Span block = schedule.block(span.get().start());
            Window window = new Window(
                    span.get().start(), span.get().end(), block.start(), block.end(), positions, canvas::isMasked,
                    () -> new int[0]);
            if (span.get().start() == block.start()) {
                rows = Math.max(rows, cache.opening(window).map(plan -> plan.positions().length).orElse(0));
            }
            rows = Math.max(rows, cache.plan(window).positions().length);
            Span predicted = settings.smoothing().isPresent() ? new Span(promptLength, positions) : span.get();
            logitsRows = Math.max(logitsRows, canvas.masks(predicted));
            cache.applied(true);
        }
        int tables = Decoding.tables(settings);
        return new MemoryEstimate(
                positions,
                Math.multiplyExact(Math.multiplyExact(rows, tables), batch),
                Math.multiplyExact((cacheBytesPerPosition(config) + keptBytesPerPosition(config, settings)) * positions, (long) batch * tables),
                Math.addExact(
                        activationBytes(config, (long) rows * batch * tables, (long) logitsRows * batch * tables),
                        partBytes(config, settings, (long) rows * batch * tables, (long) logitsRows * batch)));
    }

    /// @throws InvalidRequestException if a request exceeds the model's context
    static void requireContext(TransformerConfig config, int promptLength, DecodeSettings settings) {
        if (settings.attention() instanceof AttentionPattern.BlockCausal && settings.blockLength() > config.contextLimit()) {
            throw new InvalidRequestException("a block length of %d exceeds the model's context of %d positions"
                    .formatted(settings.blockLength(), config.contextLimit()));
        }
        int longest = settings.unmasking().longest(settings.genLength());
        if ((long) promptLength + longest > config.contextLimit()) {
            throw new InvalidRequestException(
                    "a prompt of %d tokens and a generation length of %d exceed the model's context of %d positions"
                            .formatted(promptLength, longest, config.contextLimit()));
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

    /// The buffers of [dev.dllm.model.Transformer] where layers compute a part of the rows, and for soft inputs.
    private static long partBytes(TransformerConfig config, DecodeSettings settings, long rows, long logitsRows) {
        long perRow = 2L * config.hidden() + config.rope().width() + config.attention().keyWidth();
        long part = settings.cache().leavesRowsOut() ? Math.multiplyExact(rows, perRow) : 0;
        long soft = settings.smoothing().isPresent() ? Math.multiplyExact(logitsRows, 3L * config.hidden()) : 0;
        return DType.F32.bytes(Math.addExact(part, soft));
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
