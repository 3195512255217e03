package dev.dllm.decode;

import java.util.Comparator;
import java.util.function.IntPredicate;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/// Chooses positions by what speaks least for them: what rules mask again.
final class Least {

    private Least() {}

    /// The `count` positions with the smallest values, or all if there are fewer; the lowest position wins ties.
    static int[] of(Span span, IntPredicate eligible, IntToDoubleFunction value, int count) {
        return IntStream.range(span.start(), span.end())
                .filter(eligible)
                .boxed()
                .sorted(Comparator.comparingDouble(value::applyAsDouble))
                .limit(count)
                .mapToInt(position -> position)
                .toArray();
    }
}
