package dev.dllm.decode;

import dev.dllm.choice.Choices;
import dev.dllm.decode.ExitLimit.Curve;
import dev.dllm.decode.MarginExit.Region;

/// The exit rules by name.
public final class ExitRules {
    private static final Choices<ExitRule> RULES = new Choices<>("exit rule");

    static {
        RULES.add("prophet", "[early,mid,late[,from,to]]", a -> MarginExit.prophet(
                new Region(a.whole(3, 0), a.whole(4, DecodeSettings.WHOLE)),
                new ExitLimit.Stages(a.number(0, 7.5f), a.number(1, 5), a.number(2, 2.5f))));
        RULES.add("sched", "[linear|cosine|exp,high,low[,steepness]]", a -> MarginExit.sched(Region.GENERATED, new Curve(
                a.constant(0, Curve.Shape.class, Curve.Shape.LINEAR), a.number(1, 7.5f), a.number(2, 0), a.number(3, 4))));
    }

    private ExitRules() {}

    /// Reads a rule: a name, then optionally a colon and values separated by commas.
    ///
    /// @throws IllegalArgumentException if the name is unknown or the values do not fit it
    public static ExitRule parse(String text) {
        return RULES.parse(text);
    }

    /// Every rule with its arguments, for messages and help.
    public static String known() {
        return RULES.known();
    }
}
