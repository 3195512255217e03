package dev.dllm.decode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.dllm.decode.ScriptedNetwork.Answer;
import dev.dllm.model.AttentionPattern;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Several blocks at once, each opened by the progress of the one before.
class MultiBlockTest {
    private static final int[] PROMPT = {1, 2, 3, 4};
    private static final DecodeSettings SETTINGS = Scripted.settings()
            .withAttention(new AttentionPattern.Bidirectional()).withGenLength(11);

    /// In the first block every other position is sure, behind it all are.
    private static Answer answer(int call, int[] tokens, int position) {
        return new Answer(5, position >= 8 || position % 2 == 0 ? 0.95 : 0.5);
    }

    @Test
    void aShareOfABlockOpensTheNext() {
        var run = Scripted.run(PROMPT, SETTINGS.withUnmasking(new MultiBlock(0.9f, 0.5f)), MultiBlockTest::answer);

        assertEquals(
                List.of(
                        "[0..15) for [4, 5, 6, 7]",
                        "[0..15) for [5, 7, 8, 9, 10, 11]",
                        "[0..15) for [7, 12, 13, 14]"),
                run.calls());
        assertEquals(
                List.of(
                        "4=5 6=5", "5=5 8=5 9=5 10=5 11=5", // The first block always gets its surest.
                        "7=5 12=5 13=5 14=5"),
                run.changes());
    }

    @Test
    void zeroOpensAllBlocksAndOneOnlyFinishedOnes() {
        assertEquals(
                List.of("4=5 6=5 8=5 9=5 10=5 11=5 12=5 13=5 14=5", "5=5", "7=5"),
                Scripted.run(PROMPT, SETTINGS.withUnmasking(new MultiBlock(0.9f, 0)), MultiBlockTest::answer).changes());
        assertEquals(
                Scripted.run(PROMPT, SETTINGS.withUnmasking(new Threshold(0.9f, 1, false)), MultiBlockTest::answer).changes(),
                Scripted.run(PROMPT, SETTINGS.withUnmasking(new MultiBlock(0.9f, 1)), MultiBlockTest::answer).changes());
    }

    @Test
    void theTextEndsBehindTheBlockWithAnEosWhateverHasBeenDecodedAhead() {
        var run = Scripted.run(
                PROMPT, SETTINGS.withUnmasking(new MultiBlock(0.9f, 0.25f)),
                (call, tokens, position) -> new Answer(position == 6 ? Scripted.EOS : 5, position < 8 && position != 4 ? 0.5 : 0.95));

        assertEquals(FinishReason.EOS, run.decoding().finishReason());
        assertEquals(List.of("4=5", "5=5 8=5 9=5 10=5 11=5", "6=18 12=5 13=5 14=5", "7=5"), run.changes());
        assertEquals(3, run.output().length);
    }

    @Test
    void refusesWhatIsNoShare() {
        assertThrows(IllegalArgumentException.class, () -> new MultiBlock(0.9f, 1.5f));
        assertThrows(IllegalArgumentException.class, () -> new MultiBlock(Float.NaN, 0.5f));
    }
}
