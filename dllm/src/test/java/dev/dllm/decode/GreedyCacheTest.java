package dev.dllm.decode;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.dllm.cache.GreedyCache;
import dev.dllm.decode.ScriptedNetwork.Answer;
import dev.dllm.model.AttentionPattern;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What dKV-Cache-Greedy computes when positions are decoded in the order 6, 3, 8, 5, 7, 4, unless a test says otherwise.
class GreedyCacheTest {
    private static final int[] PROMPT = {1, 2, 3};
    private static final ScriptedNetwork.Script SCRIPT = (call, tokens, position) -> new Answer(5, 0.5);

    private static final DecodeSettings SETTINGS = Scripted.settings()
            .withAttention(new AttentionPattern.Bidirectional())
            .withGenLength(6)
            .withBlockLength(6)
            .withSteps(6)
            .withUnmasking(new RandomOrder())
            .withRandomness(order(6, 3, 8, 5, 7, 4));

    private static Randomness order(Integer... positions) {
        return new Randomness() {
            @Override
            public long key(int call, int position) {
                return 0;
            }

            @Override
            public double uniform(int call, int position) {
                return 1 - 0.1 * List.of(positions).indexOf(position);
            }
        };
    }

    private static List<String> calls(DecodeSettings settings, int refresh, int nearby) {
        return Scripted.run(PROMPT, settings.withCache(new GreedyCache(refresh, nearby)), SCRIPT).calls();
    }

    @Test
    void decodesInTheOrderThatWasDrawn() {
        assertEquals(
                List.of("6=5", "3=5", "8=5", "5=5", "7=5", "4=5"), Scripted.run(PROMPT, SETTINGS, SCRIPT).changes());
    }

    @Test
    void computesWhatIsDecodedNowAndWhatWasDecodedBefore() {
        assertEquals(
                List.of(
                        "[0..9) for [3, 4, 5, 6, 7, 8]", "[3..4)+[6..7) for [3]", "[3..4)+[8..9) for [8]",
                        "[5..6)+[8..9) for [5]", "[5..6)+[7..8) for [7]", "[4..5)+[7..8) for [4]"),
                calls(SETTINGS, 100, 0));
        assertEquals("[0..9) for [4, 5, 7, 8]", calls(SETTINGS, 2, 0).get(2));
    }

    @Test
    void masksNearbyAreComputedToo() {
        List<String> calls = calls(SETTINGS, 100, 2);
        // Around 3: 2 is prompt, 4 counts, 1 is prompt, 5 counts.
        assertEquals("[3..7) for [3, 4, 5]", calls.get(1));
        // Around 8: 7 counts; 6 was decoded two calls ago; 5 counts.
        assertEquals("[3..4)+[5..6)+[7..9) for [5, 7, 8]", calls.get(2));
        // Around 5: 4 counts, 6 was decoded; 3 was decoded two calls ago; 7 counts.
        assertEquals("[4..6)+[7..9) for [4, 5, 7]", calls.get(3));
    }

    @Test
    void whatIsComputedAnywayDoesNotCountAsNearby() {
        // Call 1 decodes 5 and 7; 4 and 8 were decoded before. Around 5 not 4 but 6; around 7 neither 6, 8, 5 nor 4 but 3.
        assertEquals(
                "[3..9) for [3, 5, 6, 7]",
                calls(SETTINGS.withSteps(3).withRandomness(order(4, 8, 5, 7, 6, 3)), 100, 1).get(1));
    }

    @Test
    void aRefreshAtEveryCallIsNoCache() {
        assertEquals(Scripted.run(PROMPT, SETTINGS, SCRIPT).calls(), calls(SETTINGS, 1, 4));
    }

    @Test
    void everyBlockHasAnOrderOfItsOwn() {
        var run = Scripted.run(
                PROMPT, SETTINGS.withBlockLength(3).withSteps(3).withCache(new GreedyCache(100, 0)), SCRIPT);

        assertEquals(List.of("3=5", "5=5", "4=5", "6=5", "8=5", "7=5"), run.changes());
        assertEquals("[0..9) for [6, 7, 8]", run.calls().get(3));
        assertArrayEquals(new int[] {5, 5, 5, 5, 5, 5}, run.output());
    }

    @Test
    void seededOrdersAreAFunctionOfTheSeed() {
        var seeded = SETTINGS.withSeed(3);
        assertEquals(Scripted.run(PROMPT, seeded, SCRIPT).changes(), Scripted.run(PROMPT, seeded, SCRIPT).changes());
    }

    @Test
    void refusesRulesWithoutAnOrderAndShiftedModels() {
        var message = assertThrows(
                        IllegalArgumentException.class, () -> calls(SETTINGS.withUnmasking(new Schedule()), 2, 4))
                .getMessage();
        assertEquals(
                "cache 'dkv-greedy:2,4' needs to know what is decoded next, which rule 'schedule' decides by what the model "
                        + "says; accepted here: random-order",
                message);
        assertThrows(IllegalArgumentException.class, () -> calls(SETTINGS.withShifted(true), 2, 4));
        assertThrows(IllegalArgumentException.class, () -> new GreedyCache(0, 0));
        assertThrows(IllegalArgumentException.class, () -> new GreedyCache(1, -1));
    }
}
