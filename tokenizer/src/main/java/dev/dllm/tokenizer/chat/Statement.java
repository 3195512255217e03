package dev.dllm.tokenizer.chat;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A part of a template that is executed for its output or its effect on variables.
sealed interface Statement {

    /// Text as it stands.
    record Data(String text) implements Statement {}

    /// `{{ value }}`.
    record Output(Expression value, int line) implements Statement {}

    /// `if`, with one body per test and one for none.
    record If(List<Expression> tests, List<List<Statement>> bodies, List<Statement> otherwise, int line)
            implements Statement {}

    /// `for`.
    ///
    /// @param condition which items are taken, or null for all
    /// @param otherwise for when there is none
    /// @param recursive whether `loop(…)` may be called
    record For(Target target, Expression items, @Nullable Expression condition, List<Statement> body,
            List<Statement> otherwise, boolean recursive, int line) implements Statement {}

    /// `set target = value`.
    record Assign(Target target, Expression value, int line) implements Statement {}

    /// `set target` … `endset`.
    ///
    /// @param filter applied to the text of the body, or null
    record SetBlock(Target target, Expression.@Nullable Filter filter, List<Statement> body, int line)
            implements Statement {}

    /// `with`: variables for a body. Also a body with variables of its own and none given.
    record With(List<Target> targets, List<Expression> values, List<Statement> body, int line) implements Statement {}

    record Macro(MacroDefinition definition, int line) implements Statement {}

    /// `call`: calls a macro that may call the body.
    record CallBlock(Expression.Call call, MacroDefinition caller, int line) implements Statement {}

    /// `filter` … `endfilter`.
    record FilterBlock(Expression.Filter filter, List<Statement> body, int line) implements Statement {}

    record Break() implements Statement {}

    record Continue() implements Statement {}

    /// What is assigned to.
    sealed interface Target {
        record Variable(String name) implements Target {}

        record Several(List<Target> targets) implements Target {}

        record NamespaceAttribute(String namespace, String name) implements Target {}
    }

    /// A macro, or the body of a `call` block.
    ///
    /// @param name     null for a body
    /// @param defaults of the last parameters
    /// @param specials which of `caller`, `varargs`, `kwargs` the body mentions; it only takes what belongs to them
    ///     if it does
    record MacroDefinition(@Nullable String name, List<String> parameters, List<Expression> defaults,
            Set<String> specials, List<Statement> body) {}
}
