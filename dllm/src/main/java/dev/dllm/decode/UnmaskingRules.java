package dev.dllm.decode;

import dev.dllm.choice.Arguments;
import dev.dllm.choice.Choices;
import java.util.function.Function;

/// The unmasking rules by name.
public final class UnmaskingRules {
    private static final Choices<Unmasking> RULES = new Choices<>("unmasking rule");

    static {
        add("schedule", "[quota]", a -> new Schedule(a.constant(0, Quota.class, Quota.EVEN)));
        add("threshold", "[t[,at-least[,inclusive]]]", a ->
                new Threshold(a.number(0, 0.95f), a.whole(1, 0), a.flag(2, "inclusive")));
        add("relaxed-threshold", "[t[,slack[,fall]]]", a ->
                new RelaxedThreshold(a.number(0, 0.9f), a.number(1, RelaxedThreshold.DEFAULT_SLACK), a.number(2, 0)));
        add("hierarchical", "[t,low]", a -> new Hierarchical(a.number(0, 0.9f), a.number(1, 0.4f)));
        add("multi-block", "[t[,opening]]", a -> new MultiBlock(a.number(0, 0.9f), a.number(1, 0.1f)));
        add("confident", "[t[,fallback]]", a -> new ConfidentDecoding(
                a.number(0, 0.95f),
                a.constant(1, ConfidentDecoding.Fallback.class, ConfidentDecoding.Fallback.SUREST)));
        add("edit", "[mask,edit[,at-least,post-steps]]", a -> new Editing(
                a.number(0, 0.7f), a.number(1, 0.5f), a.whole(2, 1), a.whole(3, Editing.DEFAULT_POST_STEPS)));
        add("entropy-bound", "[nats[,sum[,at-least]]]", a -> new EntropyBound(
                a.number(0, 0.1f), a.constant(1, EntropyBound.Sum.class, EntropyBound.Sum.OTHERS), a.whole(2, 1)));
        add("factor", "[f[,at-least[,last]]]", a -> new Factor(
                a.number(0, 1), a.whole(1, 1), a.constant(2, Factor.Last.class, Factor.Last.JUDGED)));
        add("klass", "[t,divergence[,history,at-least,delay,pick]]", a -> new Klass(
                a.number(0, 0.9f), a.number(1, 0.01f), a.whole(2, 2), a.whole(3, 1), a.whole(4, 0),
                a.constant(5, Klass.Pick.class, Klass.Pick.ALL)));
        add("random", "", _ -> new RandomUnmasking());
        add("random-order", "", _ -> new RandomOrder());
        add("budgeted-threshold", "[t]", a -> new BudgetedThreshold(a.number(0, 0.9f)));
        add("saber", "[at-least[,earlier]]", a -> new Saber(a.whole(0, 2), a.flag(1, "earlier")));
        add("remdm", "[per-call,remasked[,share,rounds,basis]]", a -> new Remdm(
                a.whole(0, 1), a.whole(1, 1), a.number(2, 0.875f), a.whole(3, 32),
                a.constant(4, Remdm.Basis.class, Remdm.Basis.COMMIT)));
        add("path-planning", "", _ -> new PathPlanning());
    }

    private UnmaskingRules() {}

    /// Reads a rule as [Unmasking#toString] writes it: a name, then optionally a colon and values separated by commas.
    ///
    /// @throws IllegalArgumentException if the name is unknown or the values do not fit it
    public static Unmasking parse(String text) {
        return RULES.parse(text);
    }

    /// Every rule with its arguments, for messages and help.
    public static String known() {
        return RULES.known();
    }

    private static void add(String name, String arguments, Function<Arguments, Unmasking> made) {
        RULES.add(name, arguments, made);
    }
}
