package dev.dllm.tokenizer.chat;

import dev.dllm.tokenizer.chat.Value.Bool;
import dev.dllm.tokenizer.chat.Value.Host;
import dev.dllm.tokenizer.chat.Value.Int;
import dev.dllm.tokenizer.chat.Value.Undefined;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The variable `loop`. Items are taken as late as possible, since a condition on them may depend on what the body
/// does.
///
/// @see "pallets/jinja, src/jinja2/runtime.py, LoopContext"
final class Loop implements Host {

    /// Renders a recursive loop for other items.
    interface Recursion {
        Value render(Value items, int depth);
    }

    private final Iterator<Value> source;
    private final List<Value> ahead = new ArrayList<>();
    private final int depth;
    private final @Nullable Recursion recursion;
    private int index = -1;
    private @Nullable Value previous;
    private @Nullable Value current;
    private @Nullable Value next;
    private @Nullable List<Value> lastChanged;

    /// @param depth     how many loops this one is called from, from 0
    /// @param recursion null if the loop may not be called
    Loop(Iterator<Value> source, int depth, @Nullable Recursion recursion) {
        this.source = source;
        this.depth = depth;
        this.recursion = recursion;
    }

    /// The next item, or null.
    @Nullable Value advance() {
        Value item = peek();
        if (item != null) {
            next = null;
            previous = current;
            current = item;
            index++;
        }
        return item;
    }

    private @Nullable Value peek() {
        if (next == null) {
            next = !ahead.isEmpty() ? ahead.removeFirst() : source.hasNext() ? source.next() : null;
        }
        return next;
    }

    /// The number of items, for which all must be taken.
    int length() {
        source.forEachRemaining(ahead::add);
        return index + 1 + (next == null ? 0 : 1) + ahead.size();
    }

    @Override
    public String type() {
        return "LoopContext";
    }

    @Override
    public Value attribute(String name) {
        return switch (name) {
            case "index" -> Int.of(index + 1);
            case "index0" -> Int.of(index);
            case "revindex" -> Int.of(length() - index);
            case "revindex0" -> Int.of(length() - index - 1);
            case "first" -> Bool.of(index == 0);
            case "last" -> Bool.of(peek() == null);
            case "length" -> Int.of(length());
            case "depth" -> Int.of(depth + 1);
            case "depth0" -> Int.of(depth);
            case "previtem" -> previous == null ? new Undefined("there is no previous item") : previous;
            case "nextitem" -> {
                Value following = peek();
                yield following == null ? new Undefined("there is no next item") : following;
            }
            case "cycle" -> new Function("cycle", arguments -> {
                List<Value> items = arguments.positional();
                if (items.isEmpty()) {
                    throw new TemplateFailure("no items for cycling given");
                }
                return items.get(index % items.size());
            });
            case "changed" -> new Function("changed", arguments -> {
                boolean changed = !arguments.positional().equals(lastChanged);
                lastChanged = arguments.positional();
                return Bool.of(changed);
            });
            default -> Host.super.attribute(name);
        };
    }

    @Override
    public boolean isCallable() {
        return true;
    }

    @Override
    public Value call(Arguments arguments) {
        if (recursion == null) {
            throw new TemplateFailure("The loop must have the 'recursive' marker to be called recursively.");
        }
        return recursion.render(arguments.bind("loop", 1, "iterable")[0], depth + 1);
    }
}
