package dev.dllm.decode;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.dllm.LanguageModel;
import dev.dllm.Prompt;
import dev.dllm.Session;
import dev.dllm.decode.ScriptedNetwork.Answer;
import java.util.List;
import org.junit.jupiter.api.Test;

class WinoTest {
    private static final int[] PROMPT = {1, 2, 3, 4};
    private static final DecodeSettings ONE_BLOCK =
            Scripted.settings().withGenLength(4).withUnmasking(new Wino(0.6f, 0.5f));

    /// Call 0 commits 4 and 5; call 1 commits 6 and 7, and takes 5 back, which its mask doubts; call 2 commits it again.
    private static Answer doubtful(int call, int position) {
        return switch (call) {
            case 0 -> new Answer(5, position < 6 ? 0.9 : 0.2);
            case 1 -> position == 5 ? new Answer(6, 0.9) : new Answer(5, 0.9);
            default -> new Answer(7, 0.9);
        };
    }

    @Test
    void takesBackWhatTheModelDoubtsWithoutSeeingIt() {
        var run = Scripted.run(PROMPT, ONE_BLOCK, (call, tokens, position) -> doubtful(call, position));

        assertEquals(List.of("4=5 5=5", "5=19 6=5 7=5", "5=7"), run.changes());
        assertEquals(
                List.of("[0..8) for [4, 5, 6, 7]", "[0..8) for [6, 7], 4 copied for [4, 5]", "[0..8) for [5], 4 copied for [4, 6, 7]"),
                run.calls());
    }

    @Test
    void aShadowSeesAllButTheTokenItReplacesAndIsSeenByNone() {
        var run = Scripted.run(PROMPT, ONE_BLOCK, (call, tokens, position) -> doubtful(call, position));

        assertEquals(
                "0-3:[0, 4] 4-7:[0, 8] 4-4:[0, 4, 5, 12] 5-5:[0, 5, 6, 12] 6-6:[0, 6, 7, 12] 7-7:[0, 7, 8, 12]",
                run.visible().get(1));
    }

    @Test
    void takesBackFewerThanTheCallBeforeHadCommitted() {
        var run = Scripted.run(
                PROMPT, ONE_BLOCK,
                (call, tokens, position) -> call == 1 && position < 6
                        ? new Answer(6, 0.9 + 0.01 * position)
                        : new Answer(5, call > 0 || position < 6 ? 0.9 : 0.2));

        assertEquals("5=19 6=5 7=5", run.changes().get(1));
    }

    @Test
    void takesNothingBackOnceTheStepsAreOver() {
        // Every mask is sure and every shadow doubts, for ever.
        var run = Scripted.run(
                PROMPT, ONE_BLOCK.withSteps(2),
                (call, tokens, position) -> position < 6 && call == 1 || tokens[position] != Scripted.MASK
                        ? new Answer(6, 0.9)
                        : new Answer(5, call > 0 || position < 6 ? 0.9 : 0.2));

        assertEquals(3, run.decoding().calls());
        assertArrayEquals(new int[] {5, 5, 5, 5}, run.output());
    }

    @Test
    void commitsTheSurestWhenNoneIsAboveTheThreshold() {
        var run = Scripted.run(
                PROMPT, ONE_BLOCK, (call, tokens, position) -> new Answer(5, 0.1 + 0.01 * position));

        assertEquals(List.of("7=5", "6=5", "5=5", "4=5"), run.changes());
    }

    @Test
    void shadowsDoNotChangeWhatTheCanvasBecomes() {
        try (LanguageModel model = LanguageModel.embedded(); Session session = model.newSession()) {
            DecodeSettings settings = model.settings().withGenLength(32);
            var withShadows = session.generate(Prompt.chat("What is 12 + 30?"), settings.withUnmasking(new Wino(0.6f, 1e-30f)));
            var without = session.generate(Prompt.chat("What is 12 + 30?"), settings.withUnmasking(new Wino(0.6f, 0)));

            assertArrayEquals(without.canvas(), withShadows.canvas());
            assertEquals(without.trace().calls(), withShadows.trace().calls());
        }
    }

    @Test
    void refusesWhatItsShadowsWouldNotFollow() {
        for (DecodeSettings unfit : List.of(
                ONE_BLOCK.withGuidance(1).withGuidanceInterval(2), ONE_BLOCK.withSmoothing(new Smoothing(0.1f, 0.1f, 0.2f)))) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> Scripted.run(PROMPT, unfit, (call, tokens, position) -> new Answer(5, 0.9)));
        }
    }

    @Test
    void refusesRowsThatPredictTheNextPosition() {
        assertThrows(
                IllegalArgumentException.class,
                () -> Scripted.run(PROMPT, ONE_BLOCK.withShifted(true), (call, tokens, position) -> new Answer(5, 0.9)));
    }
}
