package dev.dllm.tokenizer.chat;

import dev.dllm.tokenizer.chat.Value.Int;
import dev.dllm.tokenizer.chat.Value.Markup;
import dev.dllm.tokenizer.chat.Value.None;
import dev.dllm.tokenizer.chat.Value.Real;
import dev.dllm.tokenizer.chat.Value.Str;
import dev.dllm.tokenizer.chat.Value.Undefined;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The filters that stand after `|`: this class has those for any value and for numbers, and knows who has the others.
///
/// @see "pallets/jinja, src/jinja2/filters.py"
final class Filters {
    private static final int MAX_WIDTH = 1000;
    private static final Set<String> OWN = Set.of("abs", "default", "d", "float", "int", "length", "count", "round",
            "safe", "string", "tojson");

    private final Budget budget;
    private final TextFilters text;
    private final SequenceFilters sequence;

    Filters(Budget budget, Attributes attributes, Tests tests) {
        this.budget = budget;
        this.text = new TextFilters(budget);
        this.sequence = new SequenceFilters(budget, attributes, tests, this);
    }

    static boolean isKnown(String name) {
        return OWN.contains(name) || TextFilters.NAMES.contains(name) || SequenceFilters.NAMES.contains(name);
    }

    /// @throws TemplateFailure if there is no such filter, or it cannot be applied
    Value apply(String name, Value value, Arguments arguments) {
        budget.step();
        boolean goesThrough = value instanceof Str || value instanceof Markup || SequenceFilters.NAMES.contains(name);
        budget.work((goesThrough ? Extent.shallow(value) : 0) + arguments.weight());
        if (TextFilters.NAMES.contains(name)) {
            return text.apply(name, value, arguments);
        }
        if (SequenceFilters.NAMES.contains(name)) {
            return sequence.apply(name, value, arguments);
        }
        return switch (name) {
            case "default", "d" -> {
                @Nullable Value[] bound = arguments.bind(name, 0, "default_value", "boolean");
                boolean orFalse = bound[1] != null && Operators.isTrue(bound[1]);
                boolean replaced = value instanceof Undefined || orFalse && !Operators.isTrue(value);
                yield !replaced ? value : bound[0] == null ? Str.EMPTY : bound[0];
            }
            case "length", "count" -> {
                arguments.bind(name, 0);
                yield Int.of(Sequences.length(value));
            }
            case "string" -> {
                arguments.bind(name, 0);
                yield value instanceof Str || value instanceof Markup ? value : budget.string(Text.str(value));
            }
            case "safe" -> {
                arguments.bind(name, 0);
                yield new Markup(budget.string(Text.str(value)).text());
            }
            case "tojson" -> json(value, arguments);
            case "abs" -> {
                arguments.bind(name, 0);
                Operators.sign("+", value);
                yield Numbers.absolute(value);
            }
            case "int" -> {
                @Nullable Value[] bound = arguments.bind(name, 0, "default", "base");
                int base = bound[1] == null ? 10 : Numbers.clamped(bound[1]);
                Value parsed = Parsing.integer(Operators.defined(value), base);
                yield parsed != null ? parsed : bound[0] == null ? Int.of(0) : bound[0];
            }
            case "float" -> {
                Value whenNone = arguments.bind(name, 0, "default")[0];
                Value parsed = Parsing.real(Operators.defined(value));
                yield parsed != null ? parsed : whenNone == null ? new Real(0) : whenNone;
            }
            case "round" -> round(value, arguments);
            default -> {
                TreeSet<String> known = new TreeSet<>(OWN);
                known.addAll(TextFilters.NAMES);
                known.addAll(SequenceFilters.NAMES);
                throw new TemplateFailure("No filter named '" + name + "'; known: " + String.join(", ", known));
            }
        };
    }

    private Value json(Value value, Arguments arguments) {
        @Nullable Value[] bound = arguments.bind("tojson", 0, "ensure_ascii", "indent", "separators", "sort_keys");
        String indent = bound[1] == null || bound[1] instanceof None ? null
                : bound[1] instanceof Str(String text) ? text
                : " ".repeat(width("tojson", bound[1]));
        String item = indent == null ? ", " : ",";
        String key = ": ";
        if (bound[2] != null && !(bound[2] instanceof None)) {
            List<Value> separators = Sequences.items(bound[2]);
            if (separators.size() != 2) {
                throw new TemplateFailure("tojson: found " + separators.size() + " separators; accepted: 2");
            }
            item = Text.str(separators.get(0));
            key = Text.str(separators.get(1));
        }
        return budget.string(new JsonText(indent, item, key, isTrue(bound[0]), isTrue(bound[3]), budget).write(value));
    }

    /// A width that a filter was given; negative ones count as 0.
    static int width(String filter, Value value) {
        int width = Math.max(Numbers.clamped(value), 0);
        if (width > MAX_WIDTH) {
            throw new TemplateFailure(filter + ": found a width of " + width + "; accepted: up to " + MAX_WIDTH);
        }
        return width;
    }

    /// A flag that a filter was given; false where none was.
    static boolean isTrue(@Nullable Value value) {
        return value != null && Operators.isTrue(value);
    }

    private static Value round(Value value, Arguments arguments) {
        @Nullable Value[] bound = arguments.bind("round", 0, "precision", "method");
        int precision = bound[0] == null ? 0 : Numbers.clamped(bound[0]);
        String method = bound[1] == null ? "common" : Text.str(bound[1]);
        Operators.sign("+", value);
        switch (method) {
            case "common" -> {
                return Numbers.round(value, precision);
            }
            case "ceil", "floor" -> {
                Value scale = Numbers.apply("**", Int.of(10), Int.of(Math.clamp(precision, -400, 400)));
                Value scaled = Numbers.apply("*", value, scale);
                BigInteger whole = Numbers.integer(scaled);
                if (whole == null) {
                    Numbers.truncate(Numbers.real(scaled));
                    RoundingMode mode = method.equals("ceil") ? RoundingMode.CEILING : RoundingMode.FLOOR;
                    whole = new BigDecimal(Numbers.real(scaled)).setScale(0, mode).toBigInteger();
                }
                return Numbers.apply("/", new Int(whole), scale);
            }
            default -> throw new TemplateFailure("round: found method '" + method + "'; accepted: common, ceil, floor");
        }
    }

    /// A value that a filter works on as text. What is marked safe is refused: Python would go on marking it.
    static String soft(String filter, Value value) {
        if (value instanceof Markup) {
            throw new TemplateFailure(
                    filter + ": found text marked safe, which can only be printed; accepted: unmarked text");
        }
        return Text.str(value);
    }
}
