package dev.dllm.decode;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.dllm.decode.ScriptedNetwork.Answer;
import dev.dllm.model.AttentionPattern;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Rounds that mask the least sure tokens again.
class RemdmTest {
    private static final int[] PROMPT = {1, 2, 3, 4};
    private static final String MASK = "=" + Scripted.MASK;

    @Test
    void aRoundMasksTheLeastSureCommitAgainAtTheEndOfTheCallBefore() {
        // 7, 6 and 5 are committed one by one. Before each of the two rounds the least sure commit is masked; the surest mask,
        // which it is again, is filled with what the network says by then. A commit that was masked again starts anew.
        ScriptedNetwork.Script script = (call, tokens, position) -> new Answer(5 + call, 0.1 * position);
        var run = run(new Remdm(1, 1, 0.75f, 2, Remdm.Basis.COMMIT), script);

        // Call 2 commits and masks 5 in one, which changes nothing; so does call 3, of the first round; call 4 keeps it.
        assertEquals(List.of("7=5", "6=6", "", "", "5=9", "4=10"), run.changes());
    }

    @Test
    void aRoundFillsAsManyAsItMasked() {
        ScriptedNetwork.Script script = (call, tokens, position) -> new Answer(5 + call, 0.1 * position);
        var run = run(new Remdm(1, 2, 0.75f, 1, Remdm.Basis.COMMIT), script);

        assertEquals(List.of("7=5", "6=6", "6" + MASK, "5=8 6=8", "4=9"), run.changes());
    }

    @Test
    void aLookMasksWhatTheModelNowFindsLeastProbable() {
        // From call 2 on the network prefers 9 at position 7, which was filled with 5.
        ScriptedNetwork.Script script = (call, tokens, position) ->
                position == 7 && call >= 2 ? new Answer(9, 0.9) : new Answer(5, 0.1 * position);
        var run = run(new Remdm(1, 1, 0.5f, 1, Remdm.Basis.NOW), script);

        assertEquals(List.of("7=5", "6=5", "7" + MASK, "7=9", "5=5", "4=5"), run.changes());
        assertEquals("[0..8) for [4, 5, 6, 7]", run.calls().get(2));
        assertEquals("[0..8) for [4, 5, 7]", run.calls().get(3));
    }

    @Test
    void roundsGoOnWhenTheWholeSpanIsFilledFirst() {
        ScriptedNetwork.Script script = (call, tokens, position) -> new Answer(5, 0.1 * position);
        var run = run(new Remdm(2, 2, 1, 2, Remdm.Basis.NOW), script);

        assertEquals(
                List.of("6=5 7=5", "4=5 5=5", "4" + MASK + " 5" + MASK, "4=5 5=5", "4" + MASK + " 5" + MASK, "4=5 5=5"),
                run.changes());
    }

    @Test
    void thePromptIsNeverMaskedAgain() {
        // The first block holds two positions of the prompt; more is to be masked than was generated.
        DecodeSettings settings = DecodeSettings.of(new AttentionPattern.Bidirectional(), 2, 4).withAnchor(Anchor.START);
        for (Remdm.Basis basis : Remdm.Basis.values()) {
            var run = Scripted.run(
                    new int[] {1, 2}, settings.withUnmasking(new Remdm(1, 9, 1, 3, basis)),
                    (call, tokens, position) -> new Answer(5, 0.1 * position));

            assertArrayEquals(new int[] {1, 2, 5, 5}, run.decoding().wholeCanvas());
        }
    }

    @Test
    void namesAreReadAsTheyAreWritten() {
        Remdm rule = new Remdm(1, 2, 0.5f, 7, Remdm.Basis.NOW);

        assertEquals(rule, UnmaskingRules.parse(rule.toString()));
        for (String text : List.of("remdm:0", "remdm:1,0", "remdm:1,1,1.5", "remdm:1,1,0.5,-1")) {
            assertThrows(IllegalArgumentException.class, () -> UnmaskingRules.parse(text), text);
        }
    }

    private static Scripted.Run run(Unmasking rule, ScriptedNetwork.Script script) {
        return Scripted.run(
                PROMPT, DecodeSettings.of(new AttentionPattern.Bidirectional(), 4, 4).withUnmasking(rule), script);
    }
}
