package dev.dllm.laws;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.dllm.decode.DecodeSettings;
import dev.dllm.decode.Unmasking;
import dev.dllm.model.AttentionPattern;
import dev.dllm.model.ModelSpec;
import dev.dllm.reference.Family;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Where an approximate cache is exact, a whole run is the same with it and without it, whatever the family and the rule.
///
/// Bit for bit: a row's logits do not depend on which rows are computed beside it. Rules that put masks back, or revise tokens, are
/// left out where a cache says that it sees such a token as it was.
class ExactCacheLawsTest {
    private static final List<String> FORWARD_RULES = List.of(
            "schedule", "threshold:0.1", "random-order", "entropy-bound:4,all", "hierarchical:0.2,0.1", "confident:0.1", "apd:1,6,2");

    private static Models deep;
    private static Models flat;

    @BeforeAll
    static void load(@TempDir Path directory) throws IOException {
        deep = new Models(directory, 2);
        flat = new Models(directory, 1);
    }

    @AfterAll
    static void close() {
        deep.close();
        flat.close();
    }

    /// Everything accepted, of some caches with some rules for some families, whose canvases differ from those without a cache.
    ///
    /// @param fits which families the law is about
    private static Set<String> differing(
            Models models, BiPredicate<Family, ModelSpec> fits, List<String> caches, List<String> rules,
            UnaryOperator<DecodeSettings> change) {
        Set<String> differing = new TreeSet<>();
        int compared = 0;
        for (Family family : Family.values()) {
            Bench bench = models.of(family);
            if (!fits.test(family, bench.spec())) {
                continue;
            }
            for (String rule : rules) {
                Unmasking unmasking = Combination.rule(rule, models.verifier());
                DecodeSettings settings =
                        change.apply(DecodeSettings.of(bench.spec().pattern(), 14, 4).withUnmasking(unmasking));
                if (!Refusal.of(bench.spec(), settings).isEmpty()) {
                    continue;
                }
                Request request = Request.plain(Texts.prompt(7), settings);
                Outcome exact = bench.run(request);
                for (String cache : caches) {
                    DecodeSettings cached = settings.withCache(Combination.cache(cache));
                    if (Refusal.of(bench.spec(), cached).isEmpty()) {
                        compared++;
                        Outcome found = bench.run(request.with(cached));
                        // A cache that ranks masks is shown more rows of logits.
                        boolean same = found.changedCanvases().equals(exact.changedCanvases())
                                && (cached.cache().ranksMasks() || found.changingLogits().equals(exact.changingLogits()));
                        if (!same) {
                            differing.add(cache + " of " + family + " with " + rule);
                        }
                    }
                }
            }
        }
        assertTrue(compared > 0, "nothing was compared");
        return differing;
    }

    private static boolean bidirectional(ModelSpec model) {
        return model.pattern() instanceof AttentionPattern.Bidirectional;
    }

    /// J1, for every rule: what is refreshed at every call is not cached.
    @Test
    void aRefreshAtEveryCall() {
        assertEquals(Set.of(), differing(
                deep, (family, _) -> deep.kinds().contains(family),
                List.of("dkv:1", "dkv:1,keep-masks", "dkv-greedy:1,2", "dllm-cache:1,1,0", "trailing:64", "dual:finished,1"),
                Combination.namedRules(), settings -> settings));
    }

    /// J1: windows and selections that hold everything. A shifted model's full calls between blocks commit a position by themselves.
    @Test
    void everythingSelected() {
        assertEquals(Set.of(), differing(
                deep, (family, model) -> deep.kinds().contains(family) && !model.shifted(),
                List.of("vicinity:64,64,1", "dual:block,1", "prefix:block,1", "dual:block,0,64,64", "d2cache:64,1,10,0"),
                FORWARD_RULES, settings -> settings.withBlockLength(16)));
    }

    /// J2: keys and values of one layer depend on nothing but token and position.
    @Test
    void oneLayer() {
        assertEquals(Set.of(), differing(
                flat, (_, model) -> model.transformer().routingBlockLength() == 0,
                List.of("freecache", "dual:finished", "prefix:finished", "dkv:2", "dkv:4", "dkv:100", "dkv-prefill", "dkv-pd:4"),
                FORWARD_RULES, settings -> settings));
        assertEquals(Set.of(), differing(
                flat, (_, model) -> !model.shifted() && model.transformer().routingBlockLength() == 0,
                List.of("prefix", "dual", "vicinity:1,1,0,0"), FORWARD_RULES, settings -> settings));
    }

    /// Why one layer is enough for that: what these caches reuse belongs to the token that stands there now. It is not so for those that
    /// keep masks.
    @Test
    void whatIsReusedBelongsToTheTokenThatStandsThere() {
        for (String rule : FORWARD_RULES) {
            for (String cache : List.of("none", "freecache", "dual:finished", "dkv:3", "dkv-prefill", "dkv-pd:3")) {
                assertEquals(0, stale(rule, cache), cache + " with " + rule);
            }
        }
        assertTrue(stale("schedule", "prefix:never") > 0);
        assertTrue(stale("schedule", "dkv:8,keep-masks") > 0);
    }

    /// Slots seen, over all calls and kinds of models, that hold keys and values of another token than the canvas.
    private static int stale(String rule, String cache) {
        int stale = 0;
        for (Family family : flat.kinds()) {
            Bench bench = flat.of(family);
            DecodeSettings settings = DecodeSettings.of(bench.spec().pattern(), 14, 4)
                    .withUnmasking(Combination.rule(rule, flat.verifier()))
                    .withCache(Combination.cache(cache));
            if (Refusal.of(bench.spec(), settings).isEmpty()) {
                stale += bench.run(Request.plain(Texts.prompt(7), settings)).calls().stream().mapToInt(Outcome.Call::stale).sum();
            }
        }
        return stale;
    }

    /// J3 and J4: the first two calls on a block are full ones for `dkv` and `sparse`, the first one for the windows.
    @Test
    void fewCallsPerBlock() {
        BiPredicate<Family, ModelSpec> fits = (_, model) -> !model.shifted();
        List<String> rules = List.of("schedule", "random-order");
        assertEquals(Set.of(), differing(deep, fits, List.of("dkv:8", "sparse"), rules, settings -> settings.withSteps(2)));
        assertEquals(Set.of(), differing(
                deep, fits, List.of("prefix", "dual", "vicinity:1,1,0,0", "dkv:8", "sparse"), rules, settings -> settings.withSteps(1)));
    }

    /// J10: nothing before a block depends on it, whenever its keys and values are made final. Rules that draw do so by the number of the
    /// call, which a cache's own calls shift.
    @Test
    void blockCausalPrefixes() {
        BiPredicate<Family, ModelSpec> fits = (_, model) -> !bidirectional(model);
        List<String> withoutCalls = List.of("block", "freecache", "prefix:finished");
        List<String> withCalls = List.of(
                "block:prompt", "block:before", "block:after", "block:changed", "block:trailing", "block:prefilled");
        assertEquals(Set.of(), differing(deep, fits, withoutCalls, Combination.rules(), settings -> settings));
        // In a causal context such calls write the next block's first token.
        assertEquals(Set.of(), differing(
                deep, (_, model) -> model.pattern() instanceof AttentionPattern.BlockCausal, withCalls, Combination.rules(false),
                settings -> settings));
        assertEquals(Set.of(), differing(deep, fits, List.of("prefix", "dual"), FORWARD_RULES, settings -> settings));
        // A block of 7 ends with the prompt, whose rows then see nothing behind it.
        assertEquals(Set.of(), differing(
                deep, (_, model) -> !bidirectional(model) && model.transformer().routingBlockLength() == 0, List.of("dkv-prefill"),
                FORWARD_RULES, settings -> settings.withBlockLength(7)));
    }

    /// Otherwise equality would say nothing about them.
    @Test
    void elsewhereTheyAreApproximations() {
        UnaryOperator<DecodeSettings> plain = settings -> settings;
        for (String cache : List.of(
                "dkv-pd:8", "dkv:8", "dual", "freecache", "prefix", "vicinity:1,1,0", "d2cache:2,0.1,2,0", "sparse:0.3", "dllm-cache",
                "trailing:1")) {
            Set<String> differing = differing(
                    deep, (family, model) -> deep.kinds().contains(family) && bidirectional(model), List.of(cache), List.of("schedule"),
                    plain);
            assertTrue(!differing.isEmpty(), cache);
        }
        assertTrue(!differing(flat, (_, _) -> true, List.of("prefix:never"), FORWARD_RULES, plain).isEmpty());
        assertTrue(!differing(flat, (_, model) -> model.shifted(), List.of("dkv:8,keep-masks"), FORWARD_RULES, plain).isEmpty());
    }
}
