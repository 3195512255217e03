package dev.dllm.tokenizer.chat;

import dev.dllm.tokenizer.chat.Statement.Target;
import dev.dllm.tokenizer.chat.Value.Namespace;
import dev.dllm.tokenizer.chat.Value.Str;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Executes statements. Not thread-safe; one per rendering.
final class Renderer {
    private final Budget budget;
    private final Evaluator evaluator;

    Renderer(Budget budget, Evaluator evaluator) {
        this.budget = budget;
        this.evaluator = evaluator;
    }

    /// How execution goes on after a statement.
    private enum Flow { NEXT, BREAK, CONTINUE }

    /// The text that statements print.
    String render(List<Statement> body, Scope scope) {
        StringBuilder out = new StringBuilder();
        execute(body, scope, out);
        return out.toString();
    }

    private Flow execute(List<Statement> body, Scope scope, StringBuilder out) {
        for (Statement statement : body) {
            Flow flow = execute(statement, scope, out);
            if (flow != Flow.NEXT) {
                return flow;
            }
        }
        return Flow.NEXT;
    }

    private Flow execute(Statement statement, Scope scope, StringBuilder out) {
        budget.step();
        switch (statement) {
            case Statement.Data(String text) -> print(text, out);
            case Statement.Output(var value, int line) -> {
                evaluator.step(line);
                print(Text.str(evaluator.evaluate(value, scope)), out);
            }
            case Statement.If conditional -> {
                return conditional(conditional, scope, out);
            }
            case Statement.For loop -> {
                evaluator.step(loop.line());
                loop(loop, evaluator.evaluate(loop.items(), scope), scope, out, 0);
            }
            case Statement.Assign(var target, var value, int line) -> {
                evaluator.step(line);
                assign(target, evaluator.evaluate(value, scope), scope);
            }
            case Statement.SetBlock(var target, var filter, var body, int line) -> {
                evaluator.step(line);
                String text = render(body, scope.inner());
                budget.allocate(text.length());
                assign(target, filter == null ? new Str(text) : evaluator.filter(filter, text, scope), scope);
            }
            case Statement.With with -> {
                return with(with, scope, out);
            }
            case Statement.Macro(var definition, int line) -> {
                evaluator.step(line);
                scope.set(String.valueOf(definition.name()), new Macro(definition, scope, this, evaluator, budget));
            }
            case Statement.CallBlock(var call, var caller, int line) -> {
                evaluator.step(line);
                Value target = evaluator.evaluate(call.target(), scope);
                Arguments arguments = evaluator.arguments(call.arguments(), scope)
                        .with("caller", new Macro(caller, scope, this, evaluator, budget));
                print(Text.str(evaluator.call(call, target, arguments)), out);
            }
            case Statement.FilterBlock(var filter, var body, int line) -> {
                evaluator.step(line);
                String text = render(body, scope.inner());
                budget.allocate(text.length());
                print(Text.str(evaluator.filter(filter, text, scope)), out);
            }
            case Statement.Break _ -> {
                return Flow.BREAK;
            }
            case Statement.Continue _ -> {
                return Flow.CONTINUE;
            }
        }
        return Flow.NEXT;
    }

    private void print(String text, StringBuilder out) {
        budget.output((long) out.length() + text.length());
        budget.allocate(text.length());
        out.append(text);
    }

    private Flow conditional(Statement.If conditional, Scope scope, StringBuilder out) {
        for (int i = 0; i < conditional.tests().size(); i++) {
            if (Operators.isTrue(evaluator.evaluate(conditional.tests().get(i), scope))) {
                return execute(conditional.bodies().get(i), scope, out);
            }
        }
        return execute(conditional.otherwise(), scope, out);
    }

    /// Values are computed outside the new scope.
    private Flow with(Statement.With with, Scope scope, StringBuilder out) {
        Scope inner = scope.inner();
        for (int i = 0; i < with.targets().size(); i++) {
            evaluator.step(with.line());
            assign(with.targets().get(i), evaluator.evaluate(with.values().get(i), scope), inner);
        }
        return execute(with.body(), inner, out);
    }

    private void loop(Statement.For statement, Value items, Scope scope, StringBuilder out, int depth) {
        budget.work(Extent.shallow(items));
        Iterator<Value> source = Sequences.iterate(items);
        if (statement.condition() != null) {
            source = new Selection(source, item -> {
                Scope test = scope.inner();
                assign(statement.target(), item, test);
                return Operators.isTrue(evaluator.evaluate(statement.condition(), test));
            });
        }
        Loop.Recursion recursion = !statement.recursive() ? null : (more, deeper) -> {
            budget.enter();
            StringBuilder inside = new StringBuilder();
            loop(statement, more, scope, inside, deeper);
            budget.leave();
            return new Str(inside.toString());
        };
        Loop loop = new Loop(source, depth, recursion);
        boolean completed = false;
        for (Value item = loop.advance(); item != null; item = loop.advance()) {
            evaluator.step(statement.line());
            Scope iteration = scope.inner();
            iteration.set("loop", loop);
            assign(statement.target(), item, iteration);
            Flow flow = execute(statement.body(), iteration, out);
            if (flow == Flow.BREAK) {
                break;
            }
            // As in jinja2, an iteration that is left early does not count for `else`.
            completed |= flow == Flow.NEXT;
        }
        if (!completed) {
            execute(statement.otherwise(), scope.inner(), out);
        }
    }

    private void assign(Target target, Value value, Scope scope) {
        switch (target) {
            case Target.Variable(String name) -> scope.set(name, value);
            case Target.NamespaceAttribute(String name, String attribute) -> {
                if (!(scope.get(name) instanceof Namespace namespace)) {
                    throw new TemplateFailure("cannot assign attribute on non-namespace object '" + name + "'");
                }
                budget.allocateItems(1);
                namespace.attributes().put(attribute, value);
            }
            case Target.Several(List<Target> targets) -> {
                List<Value> items = Sequences.items(Operators.defined(value));
                if (items.size() != targets.size()) {
                    throw new TemplateFailure(
                            "found " + items.size() + " values to unpack; accepted: " + targets.size());
                }
                for (int i = 0; i < items.size(); i++) {
                    assign(targets.get(i), items.get(i), scope);
                }
            }
        }
    }

    /// Those items of an iterator that meet a condition, found only when they are asked for.
    private static final class Selection implements Iterator<Value> {
        private final Iterator<Value> source;
        private final Predicate<Value> condition;
        private @Nullable Value next;

        Selection(Iterator<Value> source, Predicate<Value> condition) {
            this.source = source;
            this.condition = condition;
        }

        @Override
        public boolean hasNext() {
            while (next == null && source.hasNext()) {
                Value item = source.next();
                next = condition.test(item) ? item : null;
            }
            return next != null;
        }

        @Override
        public Value next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            Value item = next;
            next = null;
            return item;
        }
    }
}
