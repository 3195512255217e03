package dev.dllm.tokenizer.chat;

import dev.dllm.tokenizer.chat.Value.Array;
import dev.dllm.tokenizer.chat.Value.Dict;
import dev.dllm.tokenizer.chat.Value.Markup;
import dev.dllm.tokenizer.chat.Value.Range;
import dev.dllm.tokenizer.chat.Value.Str;
import dev.dllm.tokenizer.chat.Value.Tuple;
import dev.dllm.tokenizer.chat.Value.View;

/// How large a value is with all that is in it. What a value holds several times counts several times, as it does for
/// whatever goes through the value: a few lists in lists can weigh more than any machine could look at.
///
/// @param depth  how deeply it is nested; 0 for what holds nothing
/// @param weight what looking at everything in it takes, in the unit of [Budget#work]
record Extent(int depth, long weight) {
    private static final int EACH = 16;
    /// Where weights stop to grow, so that they can be added.
    private static final long HIGHEST = 1L << 50;
    private static final Extent SCALAR = new Extent(0, EACH);

    static Extent of(Value value) {
        return switch (value) {
            case Array array -> array.extent();
            case Tuple tuple -> tuple.extent();
            case Dict dict -> dict.extent();
            case Str(String text) -> new Extent(0, EACH + text.length());
            case Markup(String text) -> new Extent(0, EACH + text.length());
            case View view -> over(view.items());
            case Range range -> new Extent(0, EACH * (1L + range.items().size()));
            default -> SCALAR;
        };
    }

    /// The extent of what holds these items.
    ///
    /// @throws TemplateFailure if it is nested too deeply: everything that goes through values recurses
    static Extent over(Iterable<Value> items) {
        int depth = 0;
        long weight = EACH;
        for (Value item : items) {
            Extent extent = of(item);
            depth = Math.max(depth, extent.depth);
            weight = Math.min(HIGHEST, weight + extent.weight);
        }
        if (depth >= Budget.MAX_VALUE_DEPTH) {
            throw new TemplateFailure(
                    "found values nested more than " + Budget.MAX_VALUE_DEPTH + " deep; accepted: fewer");
        }
        return new Extent(depth + 1, weight);
    }

    /// The extent of what holds both.
    Extent with(Extent other) {
        return new Extent(Math.max(depth, other.depth), Math.min(HIGHEST, weight + other.weight));
    }

    /// What looking at a value without what is in its items takes.
    static long shallow(Value value) {
        return switch (value) {
            case Str(String text) -> EACH + text.length();
            case Markup(String text) -> EACH + text.length();
            case Array array -> EACH * (1L + array.items().size());
            case Tuple tuple -> EACH * (1L + tuple.items().size());
            case Dict dict -> EACH * (1L + dict.entries().size());
            case View view -> EACH * (1L + view.items().size());
            case Range range -> EACH * (1L + range.items().size());
            default -> EACH;
        };
    }
}
