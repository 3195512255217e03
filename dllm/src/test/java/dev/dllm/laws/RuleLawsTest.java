package dev.dllm.laws;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.dllm.decode.DecodeSettings;
import dev.dllm.decode.ExitRules;
import dev.dllm.decode.Pacing;
import dev.dllm.decode.Template;
import dev.dllm.model.AttentionPattern;
import dev.dllm.model.ModelSpec;
import dev.dllm.reference.Family;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Settings of rules that come to the same, for every kind of model, and for caches that make no difference to it.
class RuleLawsTest {
    private static Models models;

    @BeforeAll
    static void load(@TempDir Path directory) throws IOException {
        models = new Models(directory, 2);
    }

    @AfterAll
    static void close() {
        models.close();
    }

    /// Compares runs of some rules with what they should be.
    ///
    /// @param family whose models the law is about
    /// @param other  the run that a run of the rule should be like
    /// @param alike  whether two runs are alike
    /// @return what is not
    private static Set<String> differing(
            Predicate<ModelSpec> family, List<String> rules, List<String> caches, UnaryOperator<Request> other,
            BiPredicate<Outcome, Outcome> alike) {
        return differing(family, rules, caches, UnaryOperator.identity(), other, alike);
    }

    /// @param base settings of both runs
    private static Set<String> differing(
            Predicate<ModelSpec> family, List<String> rules, List<String> caches, UnaryOperator<DecodeSettings> base,
            UnaryOperator<Request> other, BiPredicate<Outcome, Outcome> alike) {
        Set<String> differing = new TreeSet<>();
        int compared = 0;
        for (Family name : models.kinds()) {
            Bench bench = models.of(name);
            for (String rule : family.test(bench.spec()) ? rules : List.<String>of()) {
                for (String cache : caches) {
                    DecodeSettings settings = base.apply(DecodeSettings.of(bench.spec().pattern(), 14, 4)
                            .withUnmasking(Combination.rule(rule, models.verifier()))
                            .withCache(Combination.cache(cache)));
                    Request one = Request.plain(Texts.prompt(7), settings);
                    Request two = other.apply(one);
                    if (Refusal.of(bench.spec(), settings).isEmpty() && Refusal.of(bench.spec(), two.settings()).isEmpty()) {
                        compared++;
                        if (!alike.test(bench.run(one), bench.run(two))) {
                            differing.add(rule + " of " + name + " with " + cache);
                        }
                    }
                }
            }
        }
        assertTrue(compared > 0, "nothing was compared");
        return differing;
    }

    private static boolean sameChanges(Outcome one, Outcome other) {
        return one.changedCanvases().equals(other.changedCanvases());
    }

    private static boolean bidirectional(ModelSpec model) {
        return model.pattern() instanceof AttentionPattern.Bidirectional;
    }

    private static UnaryOperator<Request> with(UnaryOperator<DecodeSettings> change) {
        return request -> request.with(change.apply(request.settings()));
    }

    private static UnaryOperator<Request> rule(String text) {
        return with(settings -> settings.withUnmasking(Combination.rule(text, models.verifier())));
    }

    /// J5: what no confidence reaches leaves one token per call.
    @Test
    void nothingIsSureEnough() {
        assertEquals(Set.of(), differing(
                _ -> true,
                List.of("threshold:2", "threshold:2,1", "relaxed-threshold:2,0", "hierarchical:2,2", "multi-block:2,1",
                        "edit:2,2", "entropy-bound:0", "entropy-bound:0,all", "factor:1e-6", "klass:2,1", "wino:2,0",
                        "d2f:2,1,0", "budgeted-threshold:2"),
                List.of("none", "block", "prefix:finished", "dkv:3"), rule("schedule"), RuleLawsTest::sameChanges));
    }

    /// J6: what every confidence reaches leaves one call per block.
    @Test
    void everythingIsSureEnough() {
        assertEquals(Set.of(), differing(
                _ -> true,
                List.of("threshold:-1", "threshold:-1,1", "relaxed-threshold:-1,0", "hierarchical:-1,-1", "multi-block:-1,1",
                        "confident:-1", "edit:-1,2", "entropy-bound:1e9", "entropy-bound:1e9,all", "factor:1e6", "wino:-1,0",
                        "d2f:-1,1,0", "apd:1,100"),
                List.of("none", "block", "prefix:finished"),
                request -> rule("schedule").apply(with(settings -> settings.withSteps(1)).apply(request)), RuleLawsTest::sameChanges));
    }

    /// J7: a block as long as the text is none.
    @Test
    void oneBlock() {
        List<String> rules = Combination.rules().stream().filter(rule -> !grows(rule)).toList();
        for (Family family : models.kinds()) {
            Bench bench = models.of(family);
            for (String rule : bidirectional(bench.spec()) ? rules : List.<String>of()) {
                DecodeSettings settings = DecodeSettings.of(bench.spec().pattern(), 14, 14)
                        .withUnmasking(Combination.rule(rule, models.verifier()));
                if (Refusal.of(bench.spec(), settings).isEmpty()) {
                    Request request = Request.plain(Texts.prompt(7), settings);
                    Request whole = request.with(settings.withBlockLength(DecodeSettings.WHOLE));
                    assertEquals(bench.run(request), bench.run(whole), family + " " + rule);
                }
            }
        }
    }

    private static boolean grows(String rule) {
        return Combination.rule(rule, models.verifier()).longest(14) > 14;
    }

    /// J8: drafts lead where steps lead, in no more calls.
    @Test
    void draftsAreStepsInFewerCalls() {
        assertEquals(Set.of(), differing(
                _ -> true,
                List.of("freedave:1", "freedave:2", "freedave:3", "freedave:4", "freedave:8", "ssd:1,1", "ssd:2,3", "ssd:4,4", "ssd:8,2"),
                Combination.caches(), rule("schedule"),
                (drafted, stepped) -> drafted.canvas().equals(stepped.canvas()) && drafted.calls().size() <= stepped.calls().size()));
    }

    /// J12: nothing is drawn where the most probable token is taken, but by rules that draw.
    @Test
    void withoutTemperatureTheSeedDoesNothing() {
        List<String> rules = Combination.rules().stream().filter(rule -> !rule.startsWith("random")).toList();
        assertEquals(Set.of(), differing(
                _ -> true, rules, List.of("none", "block"), with(settings -> settings.withSeed(99)), Outcome::equals));
        assertTrue(!differing(
                        _ -> true, List.of("random", "random-order"), List.of("none"),
                        with(settings -> settings.withSeed(99)), Outcome::equals)
                .isEmpty());
    }

    /// J18: editing that nothing is sure enough for is none.
    @Test
    void editingWithoutEdits() {
        for (String threshold : List.of("-1", "0.05", "0.1", "0.3")) {
            assertEquals(Set.of(), differing(
                    _ -> true, List.of("edit:" + threshold + ",2"), List.of("none", "block", "dkv:3"),
                    rule("threshold:" + threshold + ",1"), RuleLawsTest::sameChanges));
        }
    }

    /// J19: without the tokens that insert and delete, and without edits, they are not missed.
    @Test
    void insertingAndDeletingNothing() {
        List<String> thresholds = List.of("0.05", "0.1", "0.3", "2");
        for (String threshold : thresholds) {
            assertEquals(Set.of(), differing(
                    model -> model.editIds().delete().isPresent(),
                    List.of("insert-delete:" + threshold + ",2", "levenshtein:" + threshold + ",2"), List.of("none", "block"),
                    RuleLawsTest::withoutEditIds, rule("threshold:" + threshold + ",1"), RuleLawsTest::sameChanges));
        }
    }

    private static DecodeSettings withoutEditIds(DecodeSettings settings) {
        ModelSpec.EditIds ids = models.of(Family.LLADA22).spec().editIds();
        return settings.withSampling(
                settings.sampling().withSuppressed(ids.delete().orElseThrow(), ids.split().orElseThrow()));
    }

    /// J22: text behind the prompt is part of it. Blocks are cut at the same places if its length is a multiple of theirs.
    @Test
    void textBehindThePromptIsPrompt() {
        List<String> rules = Combination.rules().stream().filter(rule -> !grows(rule)).toList();
        UnaryOperator<Request> split = request -> new Request(
                Arrays.copyOf(request.prompt(), 3),
                Template.text(Arrays.copyOfRange(request.prompt(), 3, 7)).andHole(14), request.settings().withGenLength(18));
        assertEquals(Set.of(), differing(
                RuleLawsTest::bidirectional, rules, List.of("none"), split, RuleLawsTest::sameChanges));
    }

    /// J25: shadows that judge, and take nothing back, change nothing.
    @Test
    void shadowsAreNotSeen() {
        for (String accept : List.of("-1", "0.05", "0.1", "2")) {
            assertEquals(Set.of(), differing(
                    _ -> true, List.of("wino:" + accept + ",0"), List.of("none", "block", "dual", "dkv:3"),
                    rule("wino:" + accept + ",1e-30"), RuleLawsTest::sameChanges));
        }
    }

    /// J26: limits that nothing reaches end no run. One that ends without masks ends before calls that would only edit.
    @Test
    void exitsOutOfReach() {
        List<String> rules = Combination.rules().stream()
                .filter(rule -> !(Combination.rule(rule, models.verifier()).pacing() instanceof Pacing.UntilStable))
                .toList();
        for (String exit : List.of("prophet:1e30,1e30,1e30", "sched:linear,1e30,1e30")) {
            assertEquals(Set.of(), differing(
                    _ -> true, rules, List.of("none"), with(settings -> settings.withExit(ExitRules.parse(exit))),
                    (base, watched) -> base.canvas().equals(watched.canvas())));
        }
    }

    /// J27: every call leaves fewer masks.
    @Test
    void saberAlwaysProgresses() {
        assertEquals(Set.of(), differing(
                _ -> true, List.of("saber:1", "saber:2", "saber:5"), List.of("none", "block", "dkv:3"), UnaryOperator.identity(),
                (run, _) -> run.calls().stream().allMatch(call -> call.commit().decided() > call.commit().masked())));
    }

    /// J29: the order of rows in a call does not matter, unless experts admit neighbouring rows together.
    @Test
    void theOrderOfRows() {
        for (Family family : models.kinds()) {
            Bench bench = models.of(family);
            for (String cache : List.of("none", "block", "dkv:3", "dual")) {
                for (String rule : List.of("schedule", "wino:0.05,0.3", "freedave:3,0.1", "threshold:0.1")) {
                    DecodeSettings settings = DecodeSettings.of(bench.spec().pattern(), 14, 4)
                            .withUnmasking(Combination.rule(rule, models.verifier()))
                            .withCache(Combination.cache(cache));
                    if (bench.spec().transformer().routingBlockLength() == 0 && Refusal.of(bench.spec(), settings).isEmpty()) {
                        Request request = Request.plain(Texts.prompt(7), settings);
                        Outcome ordered = bench.run(request);
                        Random random = new Random(3);
                        bench.change(network -> new Shuffled(network, random));
                        Outcome shuffled = bench.run(request);
                        bench.change(UnaryOperator.identity());
                        assertEquals(ordered, shuffled, family + " " + cache + " " + rule);
                    }
                }
            }
        }
    }
}
