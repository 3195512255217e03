package dev.dllm.laws;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.dllm.decode.DecodeSettings;
import dev.dllm.decode.ExitRules;
import dev.dllm.decode.FinishReason;
import dev.dllm.decode.Learned;
import dev.dllm.decode.Pacing;
import dev.dllm.decode.Template;
import dev.dllm.model.AttentionPattern;
import dev.dllm.model.CausalModel;
import dev.dllm.model.ModelSpec;
import dev.dllm.reference.Family;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
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

    /// What a law is about: a request that is accepted.
    private record Case(Family family, String rule, String cache, Request request) {

        Bench bench() {
            return models.of(family);
        }

        boolean isAccepted() {
            return Refusal.of(bench().spec(), request.settings()).isEmpty();
        }

        Case with(UnaryOperator<Request> change) {
            return new Case(family, rule, cache, change.apply(request));
        }

        Outcome run() {
            return bench().run(request);
        }

        @Override
        public String toString() {
            return rule + " of " + family + " with " + cache;
        }
    }

    /// Every kind of model of some, with every rule and cache of some, where they go together. 1 or more.
    private static List<Case> cases(Predicate<ModelSpec> family, List<String> rules, List<String> caches) {
        List<Case> cases = new ArrayList<>();
        for (Family name : models.kinds()) {
            ModelSpec spec = models.of(name).spec();
            for (String rule : family.test(spec) ? rules : List.<String>of()) {
                for (String cache : caches) {
                    DecodeSettings settings = DecodeSettings.of(spec.pattern(), 14, 4)
                            .withUnmasking(Combination.rule(rule, models.verifier()))
                            .withCache(Combination.cache(cache));
                    cases.add(new Case(name, rule, cache, Request.plain(Texts.prompt(7), settings)));
                }
            }
        }
        cases.removeIf(one -> !one.isAccepted());
        assertTrue(!cases.isEmpty(), "there is no such case");
        return cases;
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
        return differing(cases(family, rules, caches), other, alike);
    }

    private static Set<String> differing(List<Case> cases, UnaryOperator<Request> other, BiPredicate<Outcome, Outcome> alike) {
        List<Case> compared = cases.stream().filter(one -> one.with(other).isAccepted()).toList();
        assertTrue(!compared.isEmpty(), "nothing was compared");
        return compared.stream()
                .filter(one -> !alike.test(one.run(), one.with(other).run()))
                .map(Case::toString)
                .collect(Collectors.toCollection(TreeSet::new));
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
        List<Case> oneBlock = cases(RuleLawsTest::bidirectional, rules, List.of("none")).stream()
                .map(one -> one.with(with(settings -> settings.withBlockLength(14))))
                .toList();
        assertEquals(Set.of(), differing(
                oneBlock, with(settings -> settings.withBlockLength(DecodeSettings.WHOLE)), Outcome::equals));
    }

    private static boolean grows(String rule) {
        return Combination.rule(rule, models.verifier()).longest(14) > 14;
    }

    /// J8: drafts lead where steps lead, in no more calls.
    @Test
    void draftsAreStepsInFewerCalls() {
        assertEquals(Set.of(), differing(
                _ -> true,
                List.of("freedave:1", "freedave:2", "freedave:8", "ssd:2,3", "ssd:4,4"),
                Combination.caches(), rule("schedule"),
                (drafted, stepped) -> drafted.canvas().equals(stepped.canvas()) && drafted.calls().size() <= stepped.calls().size()));
    }

    /// Cases of [#cases] with a causal context, and blocks of the whole text or of some length.
    private static List<Case> inCausalContext(List<String> rules, List<String> caches, int blockLength) {
        List<Case> cases = new ArrayList<>();
        for (Family family : models.kinds()) {
            for (String rule : rules) {
                for (String cache : caches) {
                    DecodeSettings settings = DecodeSettings.of(new AttentionPattern.CausalContext(4), 14, blockLength)
                            .withUnmasking(Combination.rule(rule, models.verifier()))
                            .withCache(Combination.cache(cache));
                    cases.add(new Case(family, rule, cache, Request.plain(Texts.prompt(7), settings)));
                }
            }
        }
        cases.removeIf(one -> !one.isAccepted());
        return cases;
    }

    /// J8 again: proposals of windows are accepted as long as windows behind them agree.
    @Test
    void verifiedWindowsWriteTokenByToken() {
        for (int blockLength : List.of(4, DecodeSettings.WHOLE)) {
            for (int width : List.of(2, 3, 5)) {
                assertEquals(Set.of(), differing(
                        inCausalContext(List.of("sdlm-verified:" + width), List.of("none", "block", "block:before"), blockLength),
                        rule("sdlm:2," + width),
                        (verified, plain) -> verified.canvas().equals(plain.canvas()) && verified.calls().size() <= plain.calls().size()));
            }
        }
    }

    /// What is read is what the same network writes as a causal language model, whatever its windows propose.
    @Test
    void linearSpeculationWritesWhatACausalModelWrites() {
        List<String> rules = List.of("linear-spec:2", "linear-spec:5", "linear-spec:32");
        for (int blockLength : List.of(4, DecodeSettings.WHOLE)) {
            for (Case one : inCausalContext(rules, List.of("none", "block", "block:changed"), blockLength)) {
                assertEquals(causal(one.bench(), one.request()), one.run().ids(), one::toString);
            }
        }
    }

    /// What a network writes token by token that sees nothing behind a token.
    private static List<Integer> causal(Bench bench, Request request) {
        CausalModel model = new CausalModel(bench.model().transformer(), bench.spec().transformer(), bench.model().backend());
        List<Integer> written = new ArrayList<>();
        int[] next = request.prompt();
        try (CausalModel.Reading reading = model.newReading()) {
            while (written.size() < request.settings().genLength()) {
                float[] row = reading.read(next, next.length - 1)[0];
                row[bench.spec().maskId()] = Float.NEGATIVE_INFINITY;
                int best = 0;
                for (int token = 1; token < row.length; token++) {
                    best = row[token] > row[best] ? token : best;
                }
                written.add(best);
                next = new int[] {best};
            }
        }
        return written;
    }

    /// J10: every rule in a causal context, with what is final stored or not. A call of the cache's own shifts the numbers that rules
    /// draw by.
    @Test
    void finalTokensOfACausalContextMayBeStored() {
        List<Case> stored = inCausalContext(Combination.rules(), List.of("block"), 4);
        stored.addAll(inCausalContext(Combination.rules(false), List.of("block:prompt"), 4));
        assertEquals(Set.of(), differing(
                stored, with(settings -> settings.withCache(Combination.cache("none"))), RuleLawsTest::sameChanges));
    }

    /// J12: nothing is drawn where the most probable token is taken, but by rules that draw; one of them is refused there.
    @Test
    void withoutTemperatureTheSeedDoesNothing() {
        assertEquals(Set.of(), differing(
                _ -> true, Combination.rules(false), List.of("none"), with(settings -> settings.withSeed(99)), Outcome::equals));
        for (String rule : Combination.rules(true).stream().filter(rule -> !rule.startsWith("edlm")).toList()) {
            Set<String> differing = differing(
                    _ -> true, List.of(rule), List.of("none"), with(settings -> settings.withSeed(99)), Outcome::equals);
            assertTrue(!differing.isEmpty(), rule);
        }
    }

    /// Rules with steps that write nothing are spared calls; [Profile#REUSING] says what holds.
    @Test
    void somethingIsReused() {
        for (Case one : cases(_ -> true, List.of("random", "schedule:timesteps"), List.of("none", "block", "block:after"))) {
            Case reusing = one.with(with(Profile.REUSING::of));
            Outcome outcome = reusing.run();
            Profile.REUSING.check(reusing.bench(), reusing.request(), outcome);
            assertTrue(outcome.networkCalls() < outcome.calls().size(), reusing::toString);
        }
    }

    /// Some text of every kind of model goes round in circles; [Profile#REPEATING] says what else holds.
    @Test
    void somethingRepeats() {
        Set<Family> repeating = cases(_ -> true, List.of("schedule", "random", "threshold:0.1"), List.of("none")).stream()
                .filter(one -> one.with(with(Profile.REPEATING::of)).run().finishReason() == FinishReason.REPETITION)
                .map(Case::family)
                .collect(Collectors.toSet());
        assertEquals(Set.copyOf(models.kinds()), repeating);
    }

    /// A policy that is as sure as the model is a threshold of a half; sevenfold sure, of a 14th.
    @Test
    void aPolicyThatFollowsConfidenceIsAThreshold() {
        Learned sevenfold = new Learned(
                (confidence, _) -> {
                    for (int i = 0; i < confidence.length; i++) {
                        confidence[i] = Math.min(1, 7 * confidence[i]);
                    }
                    return confidence;
                },
                0);
        assertEquals(Set.of(), differing(
                _ -> true, List.of("threshold:" + 1 / 14f + ",1"), List.of("none", "block", "dkv:3", "prefix:finished"),
                with(settings -> settings.withUnmasking(sevenfold)), RuleLawsTest::sameChanges));
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

    /// Corrections that are not allotted leave what was committed first.
    @Test
    void correctingNothing() {
        assertEquals(Set.of(), differing(
                _ -> true, List.of("self-correct:1,0,0"), List.of("none", "block", "dkv:3", "prefix:finished"),
                rule("schedule"), RuleLawsTest::sameChanges));
    }

    /// One candidate is no choice, and neither are several that are alike.
    @Test
    void choosingAmongTheSame() {
        List<String> caches = List.of("none", "block", "dkv:3", "prefix:finished");
        List<Case> drawn = cases(_ -> true, List.of("ancestral"), caches).stream()
                .map(one -> one.with(with(Profile.SAMPLED::of)))
                .toList();
        List<Case> alike = drawn.stream()
                .map(one -> one.with(with(settings -> settings.withSampling(settings.sampling().withTopK(1)))))
                .toList();
        assertEquals(Set.of(), differing(drawn, rule("edlm:1,1"), Outcome::equals));
        assertEquals(Set.of(), differing(alike, rule("edlm:3,1"), Outcome::equals));
    }

    /// J19: without the tokens that insert and delete, and without edits, they are not missed.
    @Test
    void insertingAndDeletingNothing() {
        List<String> thresholds = List.of("0.05", "0.1", "0.3", "2");
        for (String threshold : thresholds) {
            List<Case> without = cases(
                            model -> model.editIds().delete().isPresent(),
                            List.of("insert-delete:" + threshold + ",2", "levenshtein:" + threshold + ",2"), List.of("none", "block"))
                    .stream()
                    .map(one -> one.with(with(RuleLawsTest::withoutEditIds)))
                    .toList();
            assertEquals(Set.of(), differing(without, rule("threshold:" + threshold + ",1"), RuleLawsTest::sameChanges));
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
        for (Case one : cases(_ -> true, rules, List.of("none"))) {
            Outcome base = one.run();
            for (String exit : List.of("prophet:1e30,1e30,1e30", "sched:linear,1e30,1e30")) {
                Case watched = one.with(with(settings -> settings.withExit(ExitRules.parse(exit))));
                if (watched.isAccepted()) {
                    assertEquals(base.canvas(), watched.run().canvas(), () -> watched + " and " + exit);
                }
            }
        }
    }

    /// J27: every call leaves fewer masks.
    @Test
    void saberAlwaysProgresses() {
        for (Case one : cases(_ -> true, List.of("saber:1", "saber:2", "saber:5"), List.of("none", "block", "dkv:3"))) {
            boolean progresses = one.run().calls().stream().allMatch(call -> call.commit().decided() > call.commit().masked());
            assertTrue(progresses, one::toString);
        }
    }

    /// J29: the order of rows in a call does not matter, unless experts admit neighbouring rows together.
    @Test
    void theOrderOfRows() {
        List<Case> cases = cases(
                model -> model.transformer().routingBlockLength() == 0,
                List.of("schedule", "wino:0.05,0.3", "freedave:3,0.1", "threshold:0.1"), List.of("none", "block", "dkv:3", "dual"));
        for (Case one : cases) {
            Outcome ordered = one.run();
            Random random = new Random(3);
            one.bench().change(network -> new Shuffled(network, random));
            Outcome shuffled = one.run();
            one.bench().change(UnaryOperator.identity());
            assertEquals(ordered, shuffled, one::toString);
        }
    }
}
