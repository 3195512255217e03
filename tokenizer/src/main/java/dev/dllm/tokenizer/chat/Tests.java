package dev.dllm.tokenizer.chat;

import dev.dllm.tokenizer.chat.Value.Bool;
import dev.dllm.tokenizer.chat.Value.Dict;
import dev.dllm.tokenizer.chat.Value.Host;
import dev.dllm.tokenizer.chat.Value.Int;
import dev.dllm.tokenizer.chat.Value.Markup;
import dev.dllm.tokenizer.chat.Value.None;
import dev.dllm.tokenizer.chat.Value.Real;
import dev.dllm.tokenizer.chat.Value.Str;
import dev.dllm.tokenizer.chat.Value.Tuple;
import dev.dllm.tokenizer.chat.Value.Undefined;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// The tests that stand after `is`.
///
/// @see "pallets/jinja, src/jinja2/tests.py"
final class Tests {
    private static final Map<String, String> COMPARISONS = Map.ofEntries(
            Map.entry("==", "=="), Map.entry("eq", "=="), Map.entry("equalto", "=="),
            Map.entry("!=", "!="), Map.entry("ne", "!="),
            Map.entry("<", "<"), Map.entry("lt", "<"), Map.entry("lessthan", "<"),
            Map.entry("<=", "<="), Map.entry("le", "<="),
            Map.entry(">", ">"), Map.entry("gt", ">"), Map.entry("greaterthan", ">"),
            Map.entry(">=", ">="), Map.entry("ge", ">="), Map.entry("in", "in"));
    private static final Set<String> PLAIN = Set.of("boolean", "callable", "defined", "escaped", "even", "false",
            "filter", "float", "integer", "iterable", "lower", "mapping", "none", "number", "odd", "sequence", "string",
            "test", "true", "undefined", "upper");
    private static final Set<String> WITH_ARGUMENT = Set.of("divisibleby", "sameas");

    private final Budget budget;

    Tests(Budget budget) {
        this.budget = budget;
    }

    static boolean isKnown(String name) {
        return PLAIN.contains(name) || WITH_ARGUMENT.contains(name) || COMPARISONS.containsKey(name);
    }

    boolean test(String name, Value value, Arguments arguments) {
        budget.work(value instanceof Str ? Extent.shallow(value) : 0);
        String comparison = COMPARISONS.get(name);
        if (comparison != null) {
            return Operators.compare(comparison, value, arguments.bind(name, 1, "other")[0], budget);
        }
        if (WITH_ARGUMENT.contains(name)) {
            Value other = arguments.bind(name, 1, "other")[0];
            return name.equals("sameas") ? isSame(value, other) : leaves(value, other, 0);
        }
        if (!PLAIN.contains(name)) {
            TreeSet<String> known = new TreeSet<>(PLAIN);
            known.addAll(WITH_ARGUMENT);
            known.addAll(COMPARISONS.keySet());
            throw new TemplateFailure("No test named '" + name + "'; known: " + String.join(", ", known));
        }
        arguments.bind(name, 0);
        return plain(name, value);
    }

    private boolean plain(String name, Value value) {
        return switch (name) {
            case "defined" -> !(value instanceof Undefined);
            case "undefined" -> value instanceof Undefined;
            case "none" -> value instanceof None;
            case "boolean" -> value instanceof Bool;
            case "true" -> value instanceof Bool(boolean flag) && flag;
            case "false" -> value instanceof Bool(boolean flag) && !flag;
            case "integer" -> value instanceof Int;
            case "float" -> value instanceof Real;
            case "number" -> Numbers.isNumber(value);
            case "string" -> value instanceof Str || value instanceof Markup;
            case "escaped" -> value instanceof Markup;
            case "mapping" -> value instanceof Dict;
            case "iterable" -> Sequences.isIterable(value);
            case "sequence" -> Sequences.lengthOrMinusOne(value) >= 0 && !(value instanceof Value.View)
                    && !(value instanceof Host);
            case "callable" -> value instanceof Undefined || value instanceof Host host && host.isCallable();
            case "odd" -> leaves(value, Int.of(2), 1);
            case "even" -> leaves(value, Int.of(2), 0);
            case "lower" -> CharacterKinds.isLower(Text.str(value));
            case "upper" -> CharacterKinds.isUpper(Text.str(value));
            case "filter" -> value instanceof Str(String text) && Filters.isKnown(text);
            case "test" -> value instanceof Str(String text) && isKnown(text);
            default -> throw new IllegalArgumentException(name);
        };
    }

    private boolean leaves(Value value, Value divisor, int remainder) {
        return Operators.binary("%", value, divisor, budget).equals(Int.of(remainder));
    }

    /// Identity: for what cannot be changed, Python keeps one object per value in all cases that matter.
    private static boolean isSame(Value a, Value b) {
        boolean scalar = a instanceof None || a instanceof Bool || a instanceof Int || a instanceof Str
                || a instanceof Tuple(List<Value> items, _) && items.isEmpty();
        return a == b || scalar && a.getClass() == b.getClass() && a.equals(b);
    }
}
