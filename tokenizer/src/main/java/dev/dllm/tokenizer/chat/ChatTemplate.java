package dev.dllm.tokenizer.chat;

import java.time.Clock;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A chat template: turns the messages of a conversation into the text that a model was trained on. Immutable and
/// thread-safe.
///
/// Messages are maps, as the template sees them: usually `role` and `content`, the latter a string or a list of
/// parts, and whatever else the template knows, such as `tool_calls`. Accepted as values are null, text, booleans,
/// numbers, lists and maps with text as keys.
///
/// @see "huggingface/transformers, src/transformers/utils/chat_template_utils.py"
public final class ChatTemplate {
    /// Published templates have some 30,000 characters at most.
    private static final int MAX_LENGTH = 1 << 20;

    private final String source;
    private final List<Statement> body;
    private final Map<String, Object> variables;
    private final Clock clock;

    private ChatTemplate(String source, List<Statement> body, Map<String, Object> variables, Clock clock) {
        this.source = source;
        this.body = body;
        this.variables = variables;
        this.clock = clock;
    }

    /// Parses a template.
    ///
    /// @throws ChatTemplateException saying in which line what was found and what is accepted
    public static ChatTemplate parse(String source) {
        if (source.length() > MAX_LENGTH) {
            throw new ChatTemplateException("chat template: found " + source.length() + " characters; accepted: up to "
                    + MAX_LENGTH);
        }
        try {
            return new ChatTemplate(source, Parser.parse(source), Map.of(), Clock.systemDefaultZone());
        } catch (StackOverflowError e) {
            throw new ChatTemplateException("chat template: found nesting that is too deep; accepted: less", e);
        }
    }

    /// The same template with further variables, which every rendering sees.
    ///
    /// @param more values by name, e.g. `bos_token`
    public ChatTemplate withVariables(Map<String, ?> more) {
        Map<String, Object> all = new LinkedHashMap<>(variables);
        all.putAll(more);
        return new ChatTemplate(source, body, all, clock);
    }

    /// The same template with another clock for the function `strftime_now`.
    public ChatTemplate withClock(Clock other) {
        return new ChatTemplate(source, body, variables, other);
    }

    /// The template's text.
    public String source() {
        return source;
    }

    /// Renders a conversation.
    ///
    /// @param addGenerationPrompt whether the text ends where the model's answer begins
    /// @throws ChatTemplateException if the template refuses the messages, fails, or exceeds a limit
    public String render(List<? extends Map<String, ?>> messages, boolean addGenerationPrompt) {
        return render(messages, addGenerationPrompt, Map.of());
    }

    /// Renders a conversation with further variables.
    ///
    /// @param addGenerationPrompt whether the text ends where the model's answer begins
    /// @param more values by name: `tools`, `documents` and whatever the template knows
    /// @throws ChatTemplateException if the template refuses the messages, fails, or exceeds a limit
    public String render(
            List<? extends Map<String, ?>> messages, boolean addGenerationPrompt, Map<String, ?> more) {
        Map<String, Object> arguments = new LinkedHashMap<>(variables);
        // Without them these are None, not undefined, as in transformers.
        arguments.put("tools", null);
        arguments.put("documents", null);
        arguments.putAll(more);
        arguments.put("messages", messages);
        arguments.put("add_generation_prompt", addGenerationPrompt);
        return render(arguments);
    }

    private String render(Map<String, Object> arguments) {
        Budget budget = new Budget();
        Evaluator evaluator = new Evaluator(budget);
        try {
            JavaValues values = new JavaValues();
            Map<String, Value> converted = new HashMap<>();
            arguments.forEach((name, value) -> converted.put(name, values.convert(value)));
            budget.input(values.size());
            Map<String, Value> globals = Globals.of(budget, clock);
            globals.putAll(converted);
            return new Renderer(budget, evaluator).render(body, Scope.of(globals).inner());
        } catch (TemplateFailure e) {
            throw new ChatTemplateException("chat template, line " + evaluator.line() + ": " + e.getMessage(), e);
        } catch (StackOverflowError e) {
            throw new ChatTemplateException("chat template, line " + evaluator.line()
                    + ": found nesting that is too deep; accepted: less", e);
        }
    }
}
