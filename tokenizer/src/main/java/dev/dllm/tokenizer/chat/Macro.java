package dev.dllm.tokenizer.chat;

import dev.dllm.tokenizer.chat.Statement.MacroDefinition;
import dev.dllm.tokenizer.chat.Value.Dict;
import dev.dllm.tokenizer.chat.Value.Host;
import dev.dllm.tokenizer.chat.Value.Str;
import dev.dllm.tokenizer.chat.Value.Tuple;
import dev.dllm.tokenizer.chat.Value.Undefined;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A macro, or the body of a `call` block, with the scope it was defined in.
///
/// @see "pallets/jinja, src/jinja2/runtime.py, Macro"
final class Macro implements Host {
    private final MacroDefinition definition;
    private final Scope scope;
    private final Renderer renderer;
    private final Evaluator evaluator;
    private final Budget budget;

    Macro(MacroDefinition definition, Scope scope, Renderer renderer, Evaluator evaluator, Budget budget) {
        this.definition = definition;
        this.scope = scope;
        this.renderer = renderer;
        this.evaluator = evaluator;
        this.budget = budget;
    }

    @Override
    public String type() {
        return "Macro";
    }

    @Override
    public boolean isCallable() {
        return true;
    }

    @Override
    public Value attribute(String name) {
        return switch (name) {
            case "name" -> definition.name() == null ? Value.None.NONE : new Str(definition.name());
            case "arguments" -> {
                List<Value> names = new ArrayList<>();
                definition.parameters().forEach(parameter -> names.add(new Str(parameter)));
                yield Tuple.of(names);
            }
            default -> Host.super.attribute(name);
        };
    }

    @Override
    public Value call(Arguments arguments) {
        budget.enter();
        Scope inner = scope.inner();
        bind(arguments, inner);
        String text = renderer.render(definition.body(), inner);
        budget.leave();
        return new Str(text);
    }

    private void bind(Arguments arguments, Scope inner) {
        List<String> parameters = definition.parameters();
        Map<String, Value> named = new LinkedHashMap<>(arguments.named());
        int given = Math.min(arguments.positional().size(), parameters.size());
        int firstDefault = parameters.size() - definition.defaults().size();
        for (int i = 0; i < parameters.size(); i++) {
            String parameter = parameters.get(i);
            Value value = i < given ? arguments.positional().get(i) : named.remove(parameter);
            if (value == null) {
                value = i >= firstDefault
                        ? evaluator.evaluate(definition.defaults().get(i - firstDefault), inner)
                        : new Undefined("parameter '" + parameter + "' was not provided");
            }
            inner.set(parameter, value);
        }
        bindSpecials(arguments, given, named, inner);
    }

    private void bindSpecials(Arguments arguments, int given, Map<String, Value> named, Scope inner) {
        if (takes("caller")) {
            Value caller = named.remove("caller");
            inner.set("caller", caller == null ? new Undefined("No caller defined") : caller);
        }
        if (takes("kwargs")) {
            inner.set("kwargs", Dict.named(named));
        } else if (!named.isEmpty()) {
            throw new TemplateFailure("macro '" + definition.name() + "' takes no keyword argument '"
                    + named.keySet().iterator().next() + "'");
        }
        List<Value> more = arguments.positional().subList(given, arguments.positional().size());
        if (takes("varargs")) {
            inner.set("varargs", Tuple.of(more));
        } else if (!more.isEmpty()) {
            throw new TemplateFailure("macro '" + definition.name() + "' takes not more than "
                    + definition.parameters().size() + " argument(s)");
        }
    }

    private boolean takes(String special) {
        return definition.specials().contains(special) && !definition.parameters().contains(special);
    }

    @Override
    public String toString() {
        return definition.name() == null ? "<Macro anonymous>" : "<Macro '" + definition.name() + "'>";
    }
}
