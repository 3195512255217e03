package dev.dllm.laws;

import dev.dllm.cache.CachePolicies;
import dev.dllm.cache.CachePolicy;
import dev.dllm.decode.DecodeSettings;
import dev.dllm.decode.Unmasking;
import dev.dllm.decode.UnmaskingRules;
import dev.dllm.model.AttentionPattern;
import dev.dllm.model.CausalModel;
import dev.dllm.model.ModelSpec;
import dev.dllm.reference.Family;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// One choice of everything that is chosen independently.
record Combination(Family family, String cache, String rule, Profile profile, Texts texts) {
    /// Arguments that are tried besides those that a name alone stands for.
    private static final List<String> MORE_CACHES = List.of(
            "block:before", "block:after", "block:changed", "block:trailing", "block:prompt", "block:prefilled",
            "block:merged,sub-blocks", "prefix:finished", "prefix:never", "prefix:block,3", "dual:finished", "dual:block,2,1,1",
            "dual:block,0,1,-1,2", "vicinity:2,3,1,4", "dkv:3", "dkv:3,keep-masks", "dkv-pd:2", "dkv-prefill:keep-masks",
            "dkv-greedy:3,1", "d2cache:2,0.3,2,0", "sparse:0.8,1", "dllm-cache:5,2,0.5", "dllm-cache:3,2,0", "trailing:1", "trailing:2");

    /// Random networks are sure of nothing: with lower thresholds rules decide several masks in a call.
    private static final List<String> MORE_RULES = List.of(
            "schedule:timesteps", "schedule:linear", "threshold:0.1", "threshold:0.1,1", "relaxed-threshold:0.5,0.05",
            "hierarchical:0.2,0.1", "multi-block:0.1,0.3", "confident:0.1", "edit:0.1,0.1", "entropy-bound:4,all",
            "factor:1.8", "klass:0.05,0.5,1", "saber:1", "remdm:2,2,0.5,3,now", "wino:0.05,0.3", "freedave:3,0.1",
            "freedave:6,Infinity,0,eager", "ssd:2,3", "apd:1,6,2", "guided:20,0", "guided:threshold,0.05",
            "guided:sampled", "guided:rejection,0", "d2f:0.1,0.3,0.5", "insert-delete:0.1,0.1,2",
            "levenshtein:0.1,0.1,2,9", "sdlm:0.05,3", "linear-spec:4", "self-correct:3,4,0",
            "edlm:2,1");

    /// In the place of names whose own arguments ask for many calls: long canvases, many rounds, many calls on a full block.
    private static final Map<String, String> SHORT = Map.of(
            "daedal", "daedal:22,0.1,0.08", "expand-delete", "expand-delete:18", "remdm", "remdm:1,1,0.8,2", "insert-delete",
            "insert-delete:0.5,0,3", "levenshtein", "levenshtein:0.5,0,3");

    /// Every cache by its name, and some with other arguments.
    static List<String> caches() {
        return joined(CachePolicies.names(), MORE_CACHES);
    }

    /// Every rule by its name, and some with other arguments.
    static List<String> rules() {
        return joined(namedRules(), MORE_RULES);
    }

    /// Those of [#rules] that draw whatever the sampling, or those that do not.
    static List<String> rules(boolean draws) {
        DecodeSettings settings = DecodeSettings.of(new AttentionPattern.Bidirectional(), 1, 1);
        return rules().stream().filter(rule -> settings.withUnmasking(UnmaskingRules.parse(rule)).draws() == draws).toList();
    }

    /// Every rule by its name.
    static List<String> namedRules() {
        return UnmaskingRules.names().stream().map(name -> SHORT.getOrDefault(name, name)).toList();
    }

    static CachePolicy cache(String text) {
        return CachePolicies.parse(text);
    }

    /// @param verifier for rules that need one
    static Unmasking rule(String text, CausalModel verifier) {
        Unmasking rule = UnmaskingRules.parse(text);
        return rule.needsVerifier() ? rule.withVerifier(verifier) : rule;
    }

    DecodeSettings settings(ModelSpec model, CausalModel verifier) {
        return profile.of(DecodeSettings.of(model.pattern(), 8, 4)
                .withCache(cache(cache))
                .withUnmasking(rule(rule, verifier)));
    }

    List<Request> requests(ModelSpec model, CausalModel verifier) {
        return texts.with(settings(model, verifier));
    }

    /// The combination of these [#parts].
    static Combination of(Object... parts) {
        return new Combination((Family) parts[0], (String) parts[1], (String) parts[2], (Profile) parts[3], (Texts) parts[4]);
    }

    /// The choices, in order.
    List<Object> parts() {
        return List.of(family, cache, rule, profile, texts);
    }

    /// Whether the texts can be had: only bidirectional attention sees text behind a hole.
    boolean hasTexts(ModelSpec model) {
        AttentionPattern attention = profile.of(DecodeSettings.of(model.pattern(), 8, 4)).attention();
        return texts == Texts.PLAIN || attention instanceof AttentionPattern.Bidirectional;
    }

    private static List<String> joined(List<String> one, List<String> other) {
        List<String> both = new ArrayList<>(one);
        both.addAll(other);
        return both;
    }
}
