package dev.dllm.laws;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.dllm.decode.DecodeSettings;
import dev.dllm.reference.Family;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What holds for every run, whatever was chosen. [Observer] and [Table] check every call.
class ProductLawsTest {
    private static Models models;
    private static Map<Family, List<Combination>> covering;

    @BeforeAll
    static void load(@TempDir Path directory) throws IOException {
        models = new Models(directory, 2);
        covering = Product.covering(ProductLawsTest::accepted).stream().collect(Collectors.groupingBy(Combination::family));
    }

    @AfterAll
    static void close() {
        models.close();
    }

    private static boolean accepted(Combination combination) {
        Bench bench = models.of(combination.family());
        return combination.hasTexts(bench.spec())
                && Refusal.of(bench.spec(), combination.settings(bench.spec(), models.verifier())).isEmpty();
    }

    /// A combination is refused for the reasons of [Refusal], before anything is computed, and for no other.
    @Test
    void whatIsRefused() {
        Map<String, Integer> wrong = new TreeMap<>();
        Product.forEach(models.kinds(), Texts.PLAIN, combination -> {
            Bench bench = models.of(combination.family());
            wronglyJudged(bench, combination.requests(bench.spec(), models.verifier()).getFirst())
                    .ifPresent(problem -> wrong.merge(combination.rule() + " with " + combination.cache() + problem, 1, Integer::sum));
        });
        assertEquals(Map.of(), wrong);
    }

    /// The same with settings that refuse so much that hardly a run is left.
    @Test
    void whatIsRefusedBesides() {
        Map<String, String> wrong = new TreeMap<>();
        for (Family family : models.kinds()) {
            Bench bench = models.of(family);
            for (String cache : List.of("none", "block", "block:merged,sub-blocks", "dual", "d2cache")) {
                for (String rule : List.of("schedule", "wino", "freedave", "insert-delete", "guided:rejection,0")) {
                    for (Profile profile : Profile.values()) {
                        DecodeSettings settings =
                                new Combination(family, cache, rule, profile, Texts.PLAIN).settings(bench.spec(), models.verifier());
                        List<DecodeSettings> others = List.of(
                                settings.withReuseLogits(true), settings.withGuidanceInterval(2),
                                settings.withReuseLogits(true).withGuidanceInterval(2));
                        for (DecodeSettings other : others) {
                            wronglyJudged(bench, Request.plain(Texts.prompt(7), other.withGenLength(12)))
                                    .ifPresent(problem -> wrong.put(family + ", " + cache + ", " + rule + ", " + profile, problem));
                        }
                    }
                }
            }
        }
        assertEquals(Map.of(), wrong);
    }

    /// What is wrong with whether a request is accepted, if anything is.
    private static Optional<String> wronglyJudged(Bench bench, Request request) {
        List<Refusal> expected = Refusal.of(bench.spec(), request.settings());
        String found = "accepted";
        try {
            bench.requireAccepted(request);
        } catch (IllegalArgumentException e) {
            found = e.getMessage();
        }
        String message = found;
        boolean right = expected.isEmpty() ? message.equals("accepted") : expected.stream().anyMatch(r -> r.isStatedBy(message));
        return right ? Optional.empty() : Optional.of(": " + expected + ", found: " + message);
    }

    @ParameterizedTest
    @EnumSource
    void everyRun(Family family) {
        Bench bench = models.of(family);
        Map<Combination, List<Outcome>> alone = new LinkedHashMap<>();
        Map<String, String> failures = new TreeMap<>();
        for (Combination combination : covering.get(family)) {
            try {
                alone.put(combination, alone(bench, combination));
            } catch (AssertionError | RuntimeException e) {
                failures.put(combination.toString(), e.toString());
            }
        }
        List<Combination> order = List.copyOf(alone.keySet());
        for (int i = 0; i < order.size(); i++) {
            Combination one = order.get(i);
            Combination other = order.get((i + 1) % order.size());
            List<Request> batch = new ArrayList<>(one.requests(bench.spec(), models.verifier()));
            batch.addAll(1, other.requests(bench.spec(), models.verifier()));
            List<Outcome> together = bench.run(batch);
            boolean same = List.of(together.getFirst(), together.getLast()).equals(alone.get(one))
                    && together.subList(1, 3).equals(alone.get(other));
            if (!same) {
                failures.put(one + " beside " + other, "not the same alone and in a batch (J28)");
            }
        }
        assertEquals("", failures.entrySet().stream().map(Object::toString).collect(Collectors.joining("\n")));
    }

    /// Runs both texts one after the other.
    private static List<Outcome> alone(Bench bench, Combination combination) {
        List<Outcome> outcomes = new ArrayList<>();
        for (Request request : combination.requests(bench.spec(), models.verifier())) {
            Outcome outcome = bench.run(request);
            Bounds.of(request, bench.spec()).check(outcome);
            combination.profile().check(bench, request, outcome);
            outcomes.add(outcome);
        }
        return outcomes;
    }
}
