package dev.dllm.tokenizer.chat;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// An expression of a template. Lines are kept where something can go wrong.
sealed interface Expression {

    record Literal(Value value) implements Expression {}

    record Name(String name) implements Expression {}

    record ListDisplay(List<Expression> items) implements Expression {}

    record TupleDisplay(List<Expression> items) implements Expression {}

    /// Keys and values in turn.
    record DictDisplay(List<Expression> keys, List<Expression> values) implements Expression {}

    /// `then if test else otherwise`; without `else` it is undefined.
    record Conditional(Expression test, Expression then, @Nullable Expression otherwise) implements Expression {}

    record And(Expression left, Expression right) implements Expression {}

    record Or(Expression left, Expression right) implements Expression {}

    record Not(Expression operand) implements Expression {}

    /// `first < a <= b …`: each neighbouring pair compared, each operand computed once.
    record Comparison(Expression first, List<String> operators, List<Expression> operands, int line)
            implements Expression {}

    /// `+ - * / // % **`.
    record Binary(String operator, Expression left, Expression right, int line) implements Expression {}

    /// `-` or `+`.
    record Sign(String operator, Expression operand, int line) implements Expression {}

    /// `a ~ b ~ …`: everything as text.
    record Concatenation(List<Expression> parts) implements Expression {}

    /// `target.name`.
    record Attribute(Expression target, String name, int line) implements Expression {}

    /// `target[key]`.
    record Item(Expression target, Expression key, int line) implements Expression {}

    /// `target[start:stop:step]`, with `None` for what is not there.
    record Slice(Expression target, Expression start, Expression stop, Expression step, int line)
            implements Expression {}

    record Call(Expression target, CallArguments arguments, int line) implements Expression {}

    /// `target | name(…)`.
    ///
    /// @param target null for the text of a block
    record Filter(@Nullable Expression target, String name, CallArguments arguments, int line) implements Expression {}

    /// `target is name(…)`.
    record Test(Expression target, String name, CallArguments arguments, int line) implements Expression {}

    /// The arguments of a call.
    ///
    /// @param names      of keyword arguments
    /// @param values     of keyword arguments, in the same order
    /// @param more       `*more`
    /// @param moreNamed  `**moreNamed`
    record CallArguments(List<Expression> positional, List<String> names, List<Expression> values,
            @Nullable Expression more, @Nullable Expression moreNamed) {
        static final CallArguments NONE = new CallArguments(List.of(), List.of(), List.of(), null, null);
    }
}
