package dev.dllm;

import dev.dllm.cache.CachePolicy;
import dev.dllm.cache.Window;
import dev.dllm.decode.BlockSchedule;
import dev.dllm.decode.Canvas;
import dev.dllm.decode.DecodeSettings;
import dev.dllm.decode.Decoding;
import dev.dllm.decode.Span;
import dev.dllm.model.ModelSpec;
import java.util.Optional;

/// The largest network call of a run, for one view of its canvas.
///
/// @param rows       computed, copies included
/// @param logitsRows returned
/// @param slots      of the table of keys and values
record LargestCall(int rows, int logitsRows, int slots) {

    /// A run of more rows is not walked through; its calls are taken to compute the whole canvas, which is an upper bound.
    private static final long MOST_WORK = 1L << 26;

    /// Walks through the blocks of a run as its cache policy would.
    ///
    /// @param observed whether somebody watches the proposals of all masks
    /// @throws IllegalArgumentException if the policy does not fit the model
    static LargestCall of(ModelSpec spec, int promptLength, DecodeSettings settings, boolean observed) {
        int positions = Decoding.canvasLength(settings, spec, promptLength);
        BlockSchedule schedule = BlockSchedule.of(settings, promptLength);
        int span = Math.min(schedule.spanLength(), positions);
        boolean everyMask = observed || settings.proposesEveryMask() || settings.guidanceInterval() > 1
                || settings.unmasking().looksBeyondSpan();
        int computed = (long) positions * positions / span > MOST_WORK
                ? positions
                : mostComputed(spec, promptLength, settings, schedule);
        int masks = Math.min(positions - promptLength, settings.unmasking().lookahead());
        int predicted = Math.min(computed, everyMask ? masks : Math.min(span, masks));
        return new LargestCall(
                Math.addExact(computed, settings.unmasking().copiedRows(computed, span)),
                Math.addExact(predicted, settings.unmasking().copiedRows(predicted, span)),
                Math.addExact(positions, settings.unmasking().copiedRows(computed, span)));
    }

    private static int mostComputed(ModelSpec spec, int promptLength, DecodeSettings settings, BlockSchedule schedule) {
        int positions = Decoding.canvasLength(settings, spec, promptLength);
        Canvas canvas = new Canvas(new int[promptLength], positions, spec.maskId());
        CachePolicy.State cache =
                settings.cache().start(settings.attention().anchoredAt(schedule.offset()), settings.shifted().orElse(spec.shifted()));
        int most = 0;
        for (Optional<Span> next = schedule.spanAt(schedule.start()); next.isPresent(); next = schedule.spanAt(next.get().end())) {
            Span span = next.get();
            Span block = schedule.block(span.start());
            int end = settings.unmasking().reachesAhead() ? schedule.end() : block.end();
            Window window = new Window(
                    span.start(), span.end(), block.start(), block.start(), end, positions, canvas::isMasked, canvas::isMasked,
                    () -> new int[0]);
            if (span.start() == block.start()) {
                most = Math.max(most, cache.opening(window).map(plan -> plan.positions().length).orElse(0));
            }
            most = Math.max(most, cache.plan(window).positions().length);
            cache.applied(true);
        }
        return most;
    }
}
