package dev.dllm.decode;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.dllm.cache.CachePolicies;
import dev.dllm.decode.ScriptedNetwork.Answer;
import dev.dllm.model.AttentionPattern;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Rules that move a window behind the text, in a causal context. Prompts are 1 and 2, six masks follow.
class LeftToRightTest {
    private static final int[] PROMPT = {1, 2};

    private static DecodeSettings settings(Unmasking rule) {
        return DecodeSettings.of(new AttentionPattern.CausalContext(1), 6, DecodeSettings.WHOLE)
                .withShifted(true)
                .withCache(CachePolicies.parse("block"))
                .withUnmasking(rule);
    }

    /// The model counts: the token for a position is the position plus 1. It is sure of the next token, less of each one behind it, by the
    /// distance of the row from the last token; but never of 6, which is the token for position 5.
    private static Answer counting(int[] tokens, int row) {
        int last = 0;
        while (last + 1 < tokens.length && tokens[last + 1] != Scripted.MASK) {
            last++;
        }
        return new Answer(row + 2, row == 4 ? 0.5 : 0.95 - 0.1 * (row - last));
    }

    /// Positions 1 to 4 are the window behind a prompt of 2: the last token and three masks, of which rows 1, 2 and 3 predict positions 2,
    /// 3 and 4 with 0.95, 0.85 and 0.75, and row 4 position 5 with 0.5. Above 0.8 are two. Then the window is 3 to 6: row 3 is sure of
    /// position 4, row 4 not of 5. Then 4 to 7: row 4 writes position 5 in any case, row 5 position 6 with 0.85, row 6 position 7 with 0.75.
    @Test
    void theLongestSureBeginningIsCommitted() {
        var run = Scripted.run(
                PROMPT, settings(new NextSequence(0.8f, 4)), (call, tokens, position) -> counting(tokens, position));

        assertEquals(List.of("2=3 3=4", "4=5", "5=6 6=7", "7=8"), run.changes());
        assertEquals(
                List.of(
                        "[0..5) for [1, 2, 3, 4]", "[1..7) for [3, 4, 5, 6]", "[3..8) for [4, 5, 6]", "[4..8) for [6]"),
                run.calls());
    }

    /// What is final is computed once more, seeing what is before it alone; the window sees itself.
    @Test
    void theContextIsCausal() {
        var run = Scripted.run(
                PROMPT, settings(new NextSequence(0.8f, 4)), (call, tokens, position) -> counting(tokens, position));

        assertEquals(
                List.of(
                        "0-0:[0, 1] 1-4:[0, 5]", "1-1:[0, 2] 2-2:[0, 3] 3-6:[0, 7]", "3-3:[0, 4] 4-7:[0, 8]",
                        "4-4:[0, 5] 5-5:[0, 6] 6-7:[0, 8]"),
                run.visible());
    }

    /// What is before the window is final, and told at once.
    @Test
    void theTextIsToldAsItGrows() {
        List<String> told = new ArrayList<>();
        Scripted.run(
                PROMPT, settings(new NextSequence(0.8f, 4)), (call, tokens, position) -> counting(tokens, position),
                new DecodeListener() {
                    @Override
                    public void committed(int sequence, Canvas canvas, int from, int to) {
                        told.add(from + "-" + to);
                    }
                });

        assertEquals(List.of("2-3", "3-4", "4-6", "6-7", "7-8"), told);
    }

    /// It is text like any other.
    @ParameterizedTest
    @ValueSource(strings = {"sdlm:0.8,4", "sdlm-verified:3", "linear-spec:4", "apd:1,4"})
    void aMaskTokenInThePromptIsNoMask(String rule) {
        DecodeSettings settings = settings(UnmaskingRules.parse(rule));
        var run = Scripted.run(new int[] {1, Scripted.MASK, 2}, settings, (call, tokens, position) -> new Answer(5, 0.9));

        assertArrayEquals(new int[] {1, Scripted.MASK, 2, 5, 5, 5, 5, 5, 5}, run.decoding().wholeCanvas());
    }

    /// A block whose first token a call before it has written begins all the same.
    @Test
    void shadowsBehindACallThatOpensTheBlock() {
        var run = Scripted.run(
                PROMPT,
                settings(new Wino(0.6f, 0.99f)).withShifted(false).withGenLength(8).withBlockLength(4)
                        .withCache(CachePolicies.parse("block:after")),
                (call, tokens, position) -> new Answer(5, 0.9));

        assertArrayEquals(new int[] {5, 5, 5, 5, 5, 5, 5, 5}, run.output());
    }

    /// A window of one token is a causal language model.
    @ParameterizedTest
    @ValueSource(strings = {"none", "block"})
    void aWindowOfOneWritesTokenByToken(String cache) {
        var run = Scripted.run(
                PROMPT, settings(new NextSequence(0.8f, 1)).withCache(CachePolicies.parse(cache)),
                (call, tokens, position) -> counting(tokens, position));

        assertEquals(List.of("2=3", "3=4", "4=5", "5=6", "6=7", "7=8"), run.changes());
    }

    /// A text is over with its EOS, whatever was committed behind it.
    @Test
    void anEosEndsTheText() {
        var run = Scripted.run(
                PROMPT, settings(new NextSequence(0.1f, 4)).withStop(StopRule.whenComplete(Scripted.EOS)),
                (call, tokens, position) -> new Answer(position == 2 ? Scripted.EOS : 5, 0.9));

        assertArrayEquals(new int[] {5, Scripted.EOS}, run.output());
        assertEquals(1, run.decoding().calls());
    }

    /// The model writes 5 behind 2 and then always the token before plus 1. The masks of a window it takes for 7, 8 and 9; so after a
    /// window [2, mask, mask] the proposals are 5, 7, 8.
    private static Answer guessing(int[] tokens, int row) {
        int last = row;
        while (tokens[last] == Scripted.MASK) {
            last--;
        }
        int next = tokens[last] == 2 ? 5 : tokens[last] + 1;
        return new Answer(last == row ? next : 6 + row - last, 0.9);
    }

    /// Call 0 proposes 5, 7, 8 for positions 2, 3 and 4. Call 1 tries 5, then 5 7, then 5 7 8: behind 5 the model writes 6, not 7, so 5
    /// alone is accepted, and the window behind it proposes 6, 7, 8 for positions 3 to 5. Call 2 tries these: behind 5 6 the model writes 7,
    /// behind 5 6 7 it writes 8, so that all are accepted; the window behind 8 proposes 9 and 7 for positions 6 and 7. Call 3 tries 9 and
    /// 9 7: behind 9 stands 10. The last mask is written with it.
    @Test
    void proposalsAreAcceptedAsLongAsWindowsAgree() {
        var run = Scripted.run(
                PROMPT, settings(new VerifiedSequence(3)), (call, tokens, position) -> guessing(tokens, position));

        assertEquals(List.of("", "2=5", "3=6 4=7 5=8", "6=9 7=10"), run.changes());
        // The texts behind position 2 are 5 M M, 5 7 M M and 5 7 8 M M; each is read up to its window.
        assertEquals("[1..2) for [], 12 copied for [2, 3, 4, 3, 4, 5, 4, 5, 6]", run.calls().get(1));
        assertEquals(
                "1-1:[0, 2] 2-4:[0, 2, 8, 11] 2-2:[0, 2, 11, 12] 3-5:[0, 2, 11, 15] 2-2:[0, 2, 15, 16] 3-3:[0, 2, 15, 17] "
                        + "4-6:[0, 2, 15, 20]",
                run.visible().get(1));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 9})
    void itWritesWhatWindowsWriteTokenByToken(int width) {
        ScriptedNetwork.Script script = (call, tokens, position) -> guessing(tokens, position);

        var verified = Scripted.run(PROMPT, settings(new VerifiedSequence(width)), script);
        var plain = Scripted.run(PROMPT, settings(new NextSequence(2, width)), script);

        assertArrayEquals(plain.output(), verified.output());
        assertEquals(6, plain.decoding().calls());
        assertTrue(verified.decoding().calls() <= 6);
    }

    /// The same model with rows that predict masks themselves: a window [2, mask, mask, mask] proposes 7, 8, 9 for the masks. Read from
    /// left to right it writes 5, 6, 7, ...: 5 in the place of 7, and the rest is not looked at. Behind 5 the proposals are 7, 8, 9 again,
    /// and 6 is written. Behind 6 they are 7, 8, 9, all as read; then comes 10.
    @Test
    void whatIsReadIsWritten() {
        ScriptedNetwork.Script script = (call, tokens, position) -> {
            int last = position;
            while (tokens[last] == Scripted.MASK) {
                last--;
            }
            return last == position ? guessing(tokens, position) : new Answer(6 + position - last, 0.9);
        };
        var run = Scripted.run(PROMPT, settings(new LinearSpeculation(4)).withShifted(false), script);

        assertEquals(List.of("", "2=5", "", "3=6", "", "4=7 5=8 6=9 7=10"), run.changes());
        assertEquals(
                List.of(
                        "[0..5) for [2, 3, 4]", "[1..2) for [1], 3 copied for [2, 3, 4]",
                        "[2..6) for [3, 4, 5]", "[2..3) for [2], 3 copied for [3, 4, 5]",
                        "[3..7) for [4, 5, 6]", "[3..4) for [3], 3 copied for [4, 5, 6]"),
                run.calls());
        assertEquals("1-1:[0, 2] 2-2:[0, 2, 8, 9] 3-3:[0, 2, 8, 10] 4-4:[0, 2, 8, 11]", run.visible().get(1));
    }

    /// Proposals that reach the end of the text are read but for the last one, behind which nothing is to be written.
    @Test
    void nothingIsReadBehindTheEnd() {
        ScriptedNetwork.Script right = (call, tokens, position) -> new Answer(5, 0.9);
        var run = Scripted.run(PROMPT, settings(new LinearSpeculation(32)).withShifted(false), right);

        assertEquals(List.of("", "2=5 3=5 4=5 5=5 6=5 7=5"), run.changes());
        assertEquals("[1..2) for [1], 5 copied for [2, 3, 4, 5, 6]", run.calls().get(1));
    }

    /// Blocks behind a causal context, as FastDiffuser has them: the call that makes a block final reads it, and its last row writes the
    /// first token of the next one; rows of the block predict its masks themselves. The model writes the token before plus 1 where it
    /// reads, and 10 plus the position for a mask.
    @Test
    void aBlockThatIsReadBeginsTheNextOne() {
        var run = Scripted.run(
                PROMPT,
                settings(new Threshold(0.9f, 1, false)).withShifted(false).withGenLength(4).withBlockLength(2)
                        .withCache(CachePolicies.parse("block:after")),
                (call, tokens, position) -> new Answer(tokens[position] == Scripted.MASK ? 10 + position : tokens[position] + 1, 0.95));

        assertEquals(List.of("2=3", "3=13", "4=14", "5=15", ""), run.changes());
        assertEquals(List.of("[0..2) for [1]", "[2..4) for [3]", "[2..4) for [3]", "[4..6) for [5]", "[4..6) for []"), run.calls());
        assertEquals(List.of("0-0:[0, 1] 1-1:[0, 2]", "2-3:[0, 4]", "2-2:[0, 3] 3-3:[0, 4]", "4-5:[0, 6]", "4-4:[0, 5] 5-5:[0, 6]"),
                run.visible());
    }

    @Test
    void whatDoesNotFit() {
        assertRefused("attention here is bidirectional", settings(new NextSequence(0.9f, 4)).withAttention(new AttentionPattern.Bidirectional())
                .withCache(CachePolicies.parse("none")));
        assertRefused("denoised in parts of 2", settings(new VerifiedSequence(4)).withSpanLength(2));
        assertRefused("predicts no mask of this model", settings(new NextSequence(0.9f, 1)).withShifted(false));
        assertRefused("a temperature", settings(new LinearSpeculation(4)).withSampling(Sampling.greedy().withTemperature(1)));
        assertRefused("accepted here: none, block", settings(new NextSequence(0.9f, 4)).withCache(CachePolicies.parse("dual")));
        assertRefused("accepted here: none, block", settings(new NextSequence(0.9f, 4)).withCache(CachePolicies.parse("block:merged,sub-blocks")));
    }

    private static void assertRefused(String because, DecodeSettings settings) {
        var refusal = assertThrows(
                IllegalArgumentException.class, () -> Scripted.run(PROMPT, settings, (call, tokens, position) -> new Answer(5, 0.9)));
        assertTrue(refusal.getMessage().contains(because), refusal.getMessage());
    }
}
