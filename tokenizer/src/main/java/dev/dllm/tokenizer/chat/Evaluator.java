package dev.dllm.tokenizer.chat;

import dev.dllm.tokenizer.chat.Expression.CallArguments;
import dev.dllm.tokenizer.chat.Value.Bool;
import dev.dllm.tokenizer.chat.Value.Dict;
import dev.dllm.tokenizer.chat.Value.Host;
import dev.dllm.tokenizer.chat.Value.Str;
import dev.dllm.tokenizer.chat.Value.Undefined;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Computes expressions. Not thread-safe.
final class Evaluator {
    private final Budget budget;
    private final Attributes attributes;
    private final Filters filters;
    private final Tests tests;
    private int line = 1;

    Evaluator(Budget budget) {
        this.budget = budget;
        this.attributes = new Attributes(budget);
        this.tests = new Tests(budget);
        this.filters = new Filters(budget, attributes, tests);
    }

    /// The line of what was last begun, for messages.
    int line() {
        return line;
    }

    /// Counts a step that begins in this line.
    void step(int atLine) {
        line = atLine;
        budget.step();
    }

    Value evaluate(Expression expression, Scope scope) {
        budget.step();
        return switch (expression) {
            case Expression.Literal(Value value) -> value;
            case Expression.Name(String name) -> scope.get(name);
            case Expression.ListDisplay(var items) -> Value.Array.of(all(items, scope));
            case Expression.TupleDisplay(var items) -> Value.Tuple.of(all(items, scope));
            case Expression.DictDisplay(var keys, var values) -> dict(keys, values, scope);
            case Expression.Conditional conditional -> conditional(conditional, scope);
            case Expression.And(var left, var right) -> {
                Value value = evaluate(left, scope);
                yield Operators.isTrue(value) ? evaluate(right, scope) : value;
            }
            case Expression.Or(var left, var right) -> {
                Value value = evaluate(left, scope);
                yield Operators.isTrue(value) ? value : evaluate(right, scope);
            }
            case Expression.Not(var operand) -> Bool.of(!Operators.isTrue(evaluate(operand, scope)));
            case Expression.Comparison comparison -> comparison(comparison, scope);
            case Expression.Binary(var operator, var left, var right, int at) -> {
                Value a = evaluate(left, scope);
                Value b = evaluate(right, scope);
                line = at;
                yield Operators.binary(operator, a, b, budget);
            }
            case Expression.Sign(var operator, var operand, int at) -> {
                Value value = evaluate(operand, scope);
                line = at;
                yield Operators.sign(operator, value);
            }
            case Expression.Concatenation(var parts) -> concatenation(parts, scope);
            case Expression.Attribute(var target, var name, int at) -> {
                Value value = evaluate(target, scope);
                line = at;
                yield attributes.attribute(value, name);
            }
            case Expression.Item(var target, var key, int at) -> {
                Value value = evaluate(target, scope);
                Value wanted = evaluate(key, scope);
                line = at;
                yield attributes.item(value, wanted);
            }
            case Expression.Slice slice -> slice(slice, scope);
            case Expression.Call call -> call(call, evaluate(call.target(), scope), arguments(call.arguments(), scope));
            case Expression.Filter(var target, var name, var given, int at) -> {
                if (target == null) {
                    throw new IllegalArgumentException("the filter of a block");
                }
                Value value = evaluate(target, scope);
                Arguments arguments = arguments(given, scope);
                line = at;
                yield filters.apply(name, value, arguments);
            }
            case Expression.Test(var target, var name, var given, int at) -> {
                Value value = evaluate(target, scope);
                Arguments arguments = arguments(given, scope);
                line = at;
                yield Bool.of(tests.test(name, value, arguments));
            }
        };
    }

    /// Applies the filters of a block to its text.
    Value filter(Expression.Filter filter, String text, Scope scope) {
        Value value = filter.target() instanceof Expression.Filter inner ? filter(inner, text, scope) : new Str(text);
        Arguments arguments = arguments(filter.arguments(), scope);
        line = filter.line();
        return filters.apply(filter.name(), value, arguments);
    }

    /// Calls a value that a call's target has given.
    Value call(Expression.Call call, Value target, Arguments arguments) {
        line = call.line();
        Operators.defined(target);
        if (target instanceof Host host && host.isCallable()) {
            return host.call(arguments);
        }
        throw new TemplateFailure("'" + target.type() + "' object is not callable");
    }

    Arguments arguments(CallArguments given, Scope scope) {
        if (given == CallArguments.NONE) {
            return Arguments.NONE;
        }
        List<Value> positional = all(given.positional(), scope);
        Map<String, Value> named = new LinkedHashMap<>();
        for (int i = 0; i < given.names().size(); i++) {
            named.put(given.names().get(i), evaluate(given.values().get(i), scope));
        }
        if (given.more() != null) {
            positional.addAll(Sequences.items(evaluate(given.more(), scope)));
        }
        if (given.moreNamed() != null) {
            if (!(evaluate(given.moreNamed(), scope) instanceof Dict dict)) {
                throw new TemplateFailure("argument after ** must be a mapping");
            }
            dict.entries().forEach((key, value) -> {
                if (!(key instanceof Str(String name)) || named.put(name, value) != null) {
                    throw new TemplateFailure(
                            "found " + Text.repr(key) + " after **; accepted: strings, each argument once");
                }
            });
        }
        return new Arguments(positional, named);
    }

    private List<Value> all(List<Expression> expressions, Scope scope) {
        budget.allocateItems(expressions.size());
        List<Value> values = new ArrayList<>(expressions.size());
        for (Expression expression : expressions) {
            values.add(evaluate(expression, scope));
        }
        return values;
    }

    private Value dict(List<Expression> keys, List<Expression> values, Scope scope) {
        budget.allocateItems(keys.size());
        LinkedHashMap<Value, Value> entries = new LinkedHashMap<>();
        for (int i = 0; i < keys.size(); i++) {
            entries.put(Operators.hashable(evaluate(keys.get(i), scope), budget), evaluate(values.get(i), scope));
        }
        return Dict.of(entries);
    }

    private Value conditional(Expression.Conditional conditional, Scope scope) {
        if (Operators.isTrue(evaluate(conditional.test(), scope))) {
            return evaluate(conditional.then(), scope);
        }
        return conditional.otherwise() == null
                ? new Undefined("the inline if-expression evaluated to false and no else section was defined.")
                : evaluate(conditional.otherwise(), scope);
    }

    private Value comparison(Expression.Comparison comparison, Scope scope) {
        Value left = evaluate(comparison.first(), scope);
        for (int i = 0; i < comparison.operators().size(); i++) {
            Value right = evaluate(comparison.operands().get(i), scope);
            line = comparison.line();
            if (!Operators.compare(comparison.operators().get(i), left, right, budget)) {
                return Bool.FALSE;
            }
            left = right;
        }
        return Bool.TRUE;
    }

    private Value concatenation(List<Expression> parts, Scope scope) {
        StringBuilder out = new StringBuilder();
        for (Expression part : parts) {
            String text = Text.str(evaluate(part, scope));
            budget.allocate(text.length());
            out.append(text);
        }
        return new Str(out.toString());
    }

    private Value slice(Expression.Slice slice, Scope scope) {
        Value value = evaluate(slice.target(), scope);
        Value start = evaluate(slice.start(), scope);
        Value stop = evaluate(slice.stop(), scope);
        Value step = evaluate(slice.step(), scope);
        line = slice.line();
        return Sequences.slice(value, start, stop, step, budget);
    }
}
