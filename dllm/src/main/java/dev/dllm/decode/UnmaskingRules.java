package dev.dllm.decode;

import dev.dllm.choice.Arguments;
import dev.dllm.choice.Choices;
import java.util.List;
import java.util.Optional;
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
        add("ancestral", "[remasking[,eta]]", a -> {
            Ancestral.Remasking remasking = a.constant(0, Ancestral.Remasking.class, Ancestral.Remasking.NONE);
            return new Ancestral(remasking, a.number(1, remasking.usual));
        });
        add("random-order", "", _ -> new RandomOrder());
        add("budgeted-threshold", "[t]", a -> new BudgetedThreshold(a.number(0, 0.9f)));
        add("saber", "[at-least[,earlier]]", a -> new Saber(a.whole(0, 2), a.flag(1, "earlier")));
        add("remdm", "[per-call,remasked[,share,rounds,basis]]", a -> new Remdm(
                a.whole(0, 1), a.whole(1, 1), a.number(2, 0.875f), a.whole(3, 32),
                a.constant(4, Remdm.Basis.class, Remdm.Basis.COMMIT)));
        add("self-correct", "[per-call,steps,patience]", a -> new SelfCorrection(
                a.whole(0, 1), a.whole(1, SelfCorrection.DEFAULT_STEPS), a.whole(2, SelfCorrection.DEFAULT_PATIENCE)));
        add("insert-delete", "[mask,edit[,post-steps]]", a ->
                new InsertDelete(a.number(0, 0.5f), a.number(1, 0), a.whole(2, Editing.DEFAULT_POST_STEPS)));
        add("levenshtein", "[mask,edit[,post-steps,calls]]", a -> new Levenshtein(
                a.number(0, 0.5f), a.number(1, 0), a.whole(2, Editing.DEFAULT_POST_STEPS),
                a.whole(3, Levenshtein.DEFAULT_CALLS)));
        add("daedal", "[max-length[,mask,expand-below]]", a ->
                new Daedal(a.whole(0, 2048), a.number(1, 0.9f), a.number(2, 0.1f)));
        add("expand-delete", "[max-length]", a -> new ExpandDelete(a.whole(0, ExpandDelete.DEFAULT_LENGTH)));
        add("wino", "[accept,keep]", a -> new Wino(a.number(0, 0.6f), a.number(1, 0.9f)));
        add("freedave", "[drafts[,threshold[,detours[,eager]]]]", a -> new SelfSpeculation(
                a.whole(0, 4), a.whole(2, 0), a.number(1, Float.POSITIVE_INFINITY), a.flag(3, "eager")));
        add("ssd", "[drafts,detours]", a -> new SelfSpeculation(a.whole(0, 4), a.whole(1, 4)));
        add("apd", "[weight,lookahead[,at-most]]", a -> new Adaptive(
                Optional.empty(), a.number(0, 0.7f), a.whole(2, DecodeSettings.WHOLE), a.whole(1, 100)));
        add("guided", "[top-k,ratio[,chunk]|threshold[,t[,chunk]]|sampled[,chunk]|rejection[,temperature[,chunk]]]", Guided::read);
        add("edlm", "[candidates[,window]]", a -> new Edlm(a.whole(0, 4), a.number(1, 0.5f)));
        add("d2f", "[skip[,join[,nearly]]]", a -> new Pipelined(a.number(0, 0.9f), a.number(1, 0.1f), a.number(2, 0.95f)));
        add("sdlm", "[t[,width]]", a -> new NextSequence(a.number(0, 0.9f), a.whole(1, NextSequence.DEFAULT_WIDTH)));
        add("sdlm-verified", "[width]", a -> new VerifiedSequence(a.whole(0, NextSequence.DEFAULT_WIDTH)));
        add("linear-spec", "[width]", a -> new LinearSpeculation(a.whole(0, LinearSpeculation.DEFAULT_WIDTH)));
        add("path-planning", "[curve]", a -> new Renoising(false, a.constant(0, Renoising.Curve.class, Renoising.Curve.LINEAR)));
        add("rdm", "[curve]", a -> new Renoising(true, a.constant(0, Renoising.Curve.class, Renoising.Curve.LINEAR)));
    }

    private UnmaskingRules() {}

    /// Reads a rule as [Unmasking#toString] writes it: a name, then optionally a colon and values separated by commas.
    ///
    /// @throws IllegalArgumentException if the name is unknown or the values do not fit it
    public static Unmasking parse(String text) {
        return RULES.parse(text);
    }

    /// The name of every rule.
    public static List<String> names() {
        return RULES.names();
    }

    /// Every rule with its arguments, for messages and help.
    public static String known() {
        return RULES.known();
    }

    private static void add(String name, String arguments, Function<Arguments, Unmasking> made) {
        RULES.add(name, arguments, made);
    }
}
