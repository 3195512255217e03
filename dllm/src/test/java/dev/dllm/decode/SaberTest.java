package dev.dllm.decode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.dllm.decode.ScriptedNetwork.Answer;
import dev.dllm.model.AttentionPattern;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Faster as the text becomes surer, with tokens that are taken back.
class SaberTest {
    private static final int[] PROMPT = {1, 2, 3, 4};

    @Test
    void theFirstCallCommitsTheRequiredNumberAndTakesTheWorseHalfBack() {
        // Two are committed, max(2 / 2, ceil(2 / 8)) = 1 is masked again: the one with less confidence, since all began at 0.
        // Nothing is above the average of 0.93 and 0.92 at call 1, so it commits 5 and 6; none changed, so the lowest goes back.
        var run = run(block(4), new Saber(2), (call, tokens, position) -> new Answer(5, 0.86 + 0.01 * position));

        assertEquals(List.of("7=5", "6=5", "4=5 5=5"), run.changes());
    }

    @Test
    void whatIsSurerThanTheAverageCommitIsCommittedTogether() {
        // Call 0 commits 7, for 0.5; call 1 finds 4 to 6 at 0.6, which fills the block, so that nothing is taken back.
        var run = run(block(4), new Saber(1), (call, tokens, position) -> new Answer(5, position == 7 ? 0.5 : call == 0 ? 0.4 : 0.6));

        assertEquals(List.of("7=5", "4=5 5=5 6=5"), run.changes());
    }

    @Test
    void theTokenThatLostMostIsMaskedAgain() {
        // Call 1 commits 5 and 6 at 0.6, above 0.5, and 4 is left; of 5, 6 and 7 the last one fell from 0.5 to 0.3.
        ScriptedNetwork.Script script = (call, tokens, position) -> switch (position) {
            case 7 -> new Answer(5, call == 1 ? 0.3 : 0.5);
            case 4 -> new Answer(5, 0.2);
            default -> new Answer(5, call == 0 ? 0.4 : 0.6);
        };
        var run = run(block(4), new Saber(1), script);

        assertEquals(List.of("7=5", "5=5 6=5 7=" + Scripted.MASK), run.changes().subList(0, 2));
    }

    @Test
    void anAverageCountsCommitsThatWereTakenBack() {
        // Of call 0, 0.9 was kept and 0.5 was not: 0.7 on average, which all are above at call 1. Nothing is above 0.9, so that
        // the required two would be committed.
        ScriptedNetwork.Script script = (call, tokens, position) -> switch (position) {
            case 4 -> new Answer(5, 0.9);
            case 5 -> new Answer(6, call == 0 ? 0.5 : 0.8);
            case 6 -> new Answer(7, call == 0 ? 0.4 : 0.75);
            default -> new Answer(8, call == 0 ? 0.3 : 0.72);
        };
        var run = run(block(4), new Saber(2), script);

        assertEquals(List.of("4=5", "5=6 6=7 7=8"), run.changes());
    }

    @Test
    void blocksThatAreDoneStayAsTheyAreUnlessTheReferenceIsCompared() {
        // The first block takes two calls. Then position 4 loses confidence.
        ScriptedNetwork.Script script = (call, tokens, position) -> {
            double late = position == 4 && tokens[6] == 5 ? 0.3 : 0.9;
            return new Answer(5, position < 7 ? late : 0.5 + 0.01 * position);
        };
        DecodeSettings blocks = DecodeSettings.of(new AttentionPattern.Bidirectional(), 6, 3);
        String returned = "4=" + Scripted.MASK + " 8=5 9=5";

        assertEquals(List.of("5=5", "4=5 6=5", "8=5 9=5", "7=5"), run(blocks, new Saber(2), script).changes());
        assertEquals(List.of("5=5", "4=5 6=5", returned, "4=5 7=5"), run(blocks, new Saber(2, true), script).changes());
    }

    @Test
    void everyCallMakesProgressWhateverTheNetworkSays() {
        for (int atLeast = 1; atLeast <= 5; atLeast++) {
            for (int seed = 0; seed < 20; seed++) {
                Random random = new Random(seed);
                ScriptedNetwork.Script script = (call, tokens, position) -> new Answer(5 + random.nextInt(9), random.nextDouble(0.1, 0.9));
                var run = run(DecodeSettings.of(new AttentionPattern.Bidirectional(), 16, 16), new Saber(atLeast), script);

                assertTrue(run.decoding().calls() <= 16, "calls " + run.decoding().calls());
            }
        }
    }

    @Test
    void namesAreReadAsTheyAreWritten() {
        assertEquals(new Saber(3), UnmaskingRules.parse("saber:3"));
        assertEquals(new Saber(3, true), UnmaskingRules.parse(new Saber(3, true).toString()));
    }

    private static DecodeSettings block(int length) {
        return DecodeSettings.of(new AttentionPattern.Bidirectional(), length, length);
    }

    private static Scripted.Run run(DecodeSettings settings, Unmasking rule, ScriptedNetwork.Script script) {
        return Scripted.run(PROMPT, settings.withUnmasking(rule), script);
    }
}
