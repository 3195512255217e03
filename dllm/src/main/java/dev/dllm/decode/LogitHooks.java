package dev.dllm.decode;

import dev.dllm.choice.Choices;

/// The logit hooks by name.
public final class LogitHooks {
    private static final Choices<LogitHook> HOOKS = new Choices<>("logit hook");

    static {
        HOOKS.add("credit", "[alpha,gamma,decay]", a -> new Credit(a.number(0, 0.7f), a.number(1, 0.2f), a.number(2, 0.8f)));
        HOOKS.add("left-penalty", "[logits]", a -> new LeftPenalty(a.number(0, 1)));
    }

    private LogitHooks() {}

    /// Reads a hook as [LogitHook#toString] writes it: a name, then optionally a colon and values separated by commas.
    ///
    /// @throws IllegalArgumentException if the name is unknown or the values do not fit it
    public static LogitHook parse(String text) {
        return HOOKS.parse(text);
    }

    /// All of them with their arguments, for messages and help.
    public static String known() {
        return HOOKS.known();
    }
}
