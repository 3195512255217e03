package dev.dllm.tokenizer.chat;

import dev.dllm.tokenizer.chat.Value.Array;
import dev.dllm.tokenizer.chat.Value.Bool;
import dev.dllm.tokenizer.chat.Value.Dict;
import dev.dllm.tokenizer.chat.Value.Generator;
import dev.dllm.tokenizer.chat.Value.Host;
import dev.dllm.tokenizer.chat.Value.Int;
import dev.dllm.tokenizer.chat.Value.Markup;
import dev.dllm.tokenizer.chat.Value.Namespace;
import dev.dllm.tokenizer.chat.Value.None;
import dev.dllm.tokenizer.chat.Value.Range;
import dev.dllm.tokenizer.chat.Value.Real;
import dev.dllm.tokenizer.chat.Value.Str;
import dev.dllm.tokenizer.chat.Value.Tuple;
import dev.dllm.tokenizer.chat.Value.Undefined;
import dev.dllm.tokenizer.chat.Value.View;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/// Python's operators on values of any type.
final class Operators {

    private Operators() {}

    /// `bool(value)`.
    static boolean isTrue(Value value) {
        return switch (value) {
            case Undefined _, None _ -> false;
            case Bool(boolean flag) -> flag;
            case Int(BigInteger number) -> number.signum() != 0;
            case Real(double number) -> number != 0;
            case Str(String text) -> !text.isEmpty();
            case Markup(String text) -> !text.isEmpty();
            case Array array -> !array.items().isEmpty();
            case Tuple tuple -> !tuple.items().isEmpty();
            case Dict dict -> !dict.entries().isEmpty();
            case View view -> !view.items().isEmpty();
            case Range range -> !range.items().isEmpty();
            case Namespace _, Generator _, Host _ -> true;
        };
    }

    /// `a + b` and the other arithmetic operators.
    static Value binary(String operator, Value a, Value b, Budget budget) {
        if (Numbers.isNumber(a) && Numbers.isNumber(b)) {
            return Numbers.apply(operator, a, b);
        }
        if (operator.equals("%") && a instanceof Str(String format)) {
            return budget.string(Printf.format(format, b, budget));
        }
        defined(a);
        defined(b);
        if (operator.equals("+")) {
            if (a instanceof Str(String left) && b instanceof Str(String right)) {
                budget.allocate(left.length() + right.length());
                return new Str(left.concat(right));
            }
            if (a instanceof Array(List<Value> left, _) && b instanceof Array(List<Value> right, _)) {
                return Array.of(joined(left, right, budget));
            }
            if (a instanceof Tuple(List<Value> left, _) && b instanceof Tuple(List<Value> right, _)) {
                return Tuple.of(joined(left, right, budget));
            }
        }
        if (operator.equals("*")) {
            BigInteger left = Numbers.integer(a);
            BigInteger right = Numbers.integer(b);
            if (left != null || right != null) {
                return repeated(left == null ? a : b, Numbers.clamped(left == null ? b : a), budget);
            }
        }
        throw new TemplateFailure("unsupported operand type(s) for " + operator + ": '" + a.type() + "' and '"
                + b.type() + "'");
    }

    private static List<Value> joined(List<Value> left, List<Value> right, Budget budget) {
        budget.allocateItems(left.size() + right.size());
        List<Value> all = new ArrayList<>(left);
        all.addAll(right);
        return all;
    }

    private static Value repeated(Value value, int times, Budget budget) {
        int count = Math.max(times, 0);
        return switch (value) {
            case Str(String text) -> {
                budget.allocate((long) count * text.length());
                yield new Str(text.repeat(text.isEmpty() ? 0 : count));
            }
            case Array(List<Value> items, _) -> Array.of(repeated(items, count, budget));
            case Tuple(List<Value> items, _) -> Tuple.of(repeated(items, count, budget));
            default -> throw new TemplateFailure("can't multiply sequence by non-int of type '" + value.type() + "'");
        };
    }

    private static List<Value> repeated(List<Value> items, int count, Budget budget) {
        budget.allocateItems((long) count * items.size());
        List<Value> all = new ArrayList<>();
        for (int i = 0; i < count && !items.isEmpty(); i++) {
            all.addAll(items);
        }
        return all;
    }

    /// `a < b` and the other comparisons, `in`, `not in`.
    static boolean compare(String operator, Value a, Value b, Budget budget) {
        if (operator.endsWith("in")) {
            return contains(b, a, budget) == operator.equals("in");
        }
        budget.work(Math.min(Extent.of(a).weight(), Extent.of(b).weight()));
        return switch (operator) {
            case "==" -> a.equals(b);
            case "!=" -> !a.equals(b);
            default -> ordered(operator, a, b);
        };
    }

    private static boolean ordered(String operator, Value a, Value b) {
        if (Numbers.isNaN(a) || Numbers.isNaN(b)) {
            return false;
        }
        int order = order(a, b, operator);
        return switch (operator) {
            case "<" -> order < 0;
            case "<=" -> order <= 0;
            case ">" -> order > 0;
            case ">=" -> order >= 0;
            default -> throw new IllegalArgumentException(operator);
        };
    }

    /// The order of two values as sorting needs it.
    static int order(Value a, Value b) {
        return order(a, b, "<");
    }

    private static int order(Value a, Value b, String operator) {
        if (Numbers.isNumber(a) && Numbers.isNumber(b)) {
            return Numbers.compare(a, b);
        }
        if (a instanceof Str(String left) && b instanceof Str(String right)) {
            return Strings.compare(left, right);
        }
        if (a instanceof Array(List<Value> left, _) && b instanceof Array(List<Value> right, _)) {
            return order(left, right, operator);
        }
        if (a instanceof Tuple(List<Value> left, _) && b instanceof Tuple(List<Value> right, _)) {
            return order(left, right, operator);
        }
        defined(a);
        defined(b);
        throw new TemplateFailure("'" + operator + "' not supported between instances of '" + a.type() + "' and '"
                + b.type() + "'");
    }

    private static int order(List<Value> a, List<Value> b, String operator) {
        for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
            if (!a.get(i).equals(b.get(i))) {
                return order(a.get(i), b.get(i), operator);
            }
        }
        return Integer.compare(a.size(), b.size());
    }

    /// `item in container`.
    private static boolean contains(Value container, Value item, Budget budget) {
        budget.work(Extent.shallow(container) + searching(container, item));
        switch (container) {
            case Str(String text) -> {
                if (item instanceof Str(String part)) {
                    budget.search(text, part);
                    return text.contains(part);
                }
                defined(item);
                throw new TemplateFailure("'in <string>' requires string as left operand, not " + item.type());
            }
            case Dict dict -> {
                return dict.entries().containsKey(hashable(item, budget));
            }
            case Generator(var items) -> {
                while (items.hasNext()) {
                    if (items.next().equals(item)) {
                        return true;
                    }
                }
                return false;
            }
            default -> {
                return Sequences.items(container).contains(item);
            }
        }
    }

    /// What comparing an item with everything in a container takes.
    static long searching(Value container, Value item) {
        long each = Math.min(Extent.of(item).weight(), 1 << 30);
        return Math.min(Extent.of(container).weight(), Extent.shallow(container) * each);
    }

    /// `-value` and `+value`.
    static Value sign(String operator, Value value) {
        defined(value);
        if (!Numbers.isNumber(value)) {
            throw new TemplateFailure("bad operand type for unary " + operator + ": '" + value.type() + "'");
        }
        return operator.equals("-") ? Numbers.negate(value) : Numbers.negate(Numbers.negate(value));
    }

    /// Fails if a value is undefined.
    static Value defined(Value value) {
        if (value instanceof Undefined undefined) {
            throw undefined.failure();
        }
        return value;
    }

    /// A value that may be the key of a dict.
    static Value hashable(Value value, Budget budget) {
        budget.work(Extent.of(value).weight());
        requireHashable(value);
        return value;
    }

    private static void requireHashable(Value value) {
        boolean mutable = switch (value) {
            case Array _, Dict _ -> true;
            case Tuple tuple -> {
                for (Value item : tuple.items()) {
                    requireHashable(item);
                }
                yield false;
            }
            default -> false;
        };
        if (mutable) {
            throw new TemplateFailure("unhashable type: '" + value.type() + "'");
        }
    }
}
