package dev.dllm.decode;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.dllm.cache.BlockCache;
import dev.dllm.decode.ScriptedNetwork.Answer;
import dev.dllm.model.ModelSpec;
import dev.dllm.model.ModelSpec.EditIds;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/// LLaDA2.2's rules: a proposal may remove its position or insert a mask before it.
class InsertDeleteTest {
    private static final int DELETE = 16;
    private static final int SPLIT = 17;
    private static final int[] PROMPT = {1, 2, 3, 4};
    private static final ModelSpec SPEC =
            Scripted.SPEC.withEditIds(new EditIds(OptionalInt.empty(), OptionalInt.of(DELETE), OptionalInt.of(SPLIT)));

    private static Scripted.Run run(int[] prompt, Unmasking rule, ScriptedNetwork.Script script) {
        int genLength = 4 - prompt.length % 4;
        return Scripted.run(
                prompt, Template.hole(genLength), Scripted.settings().withGenLength(genLength).withUnmasking(rule), SPEC, script);
    }

    /// 4=5 5=6 6=7 7=8 at first, then `edit` once at position 5, then 9 wherever a mask appears.
    private static ScriptedNetwork.Script editOnce(int edit) {
        return (call, tokens, position) -> {
            if (call == 0) {
                return new Answer(position + 1, 0.9);
            }
            boolean mask = tokens[position] == Scripted.MASK;
            return new Answer(call == 1 && position == 5 ? edit : mask ? 9 : tokens[position], 0.9);
        };
    }

    @Test
    void aDeletionMovesTheRestForwardAndFillsUpWithAMask() {
        for (Unmasking rule : List.of(new InsertDelete(0.7f, 0.5f, 16), new Levenshtein(0.7f, 0.5f, 16, 100))) {
            var run = run(PROMPT, rule, editOnce(DELETE));

            assertEquals(List.of("4=5 5=6 6=7 7=8", "5=7 6=8 7=19", "7=9", ""), run.changes());
            assertArrayEquals(new int[] {5, 7, 8, 9}, run.output());
        }
    }

    @Test
    void anInsertionPushesTheLastTokenOut() {
        for (Unmasking rule : List.of(new InsertDelete(0.7f, 0.5f, 16), new Levenshtein(0.7f, 0.5f, 16, 100))) {
            var run = run(PROMPT, rule, editOnce(SPLIT));

            assertEquals(List.of("4=5 5=6 6=7 7=8", "5=19 6=6 7=7", "5=9", ""), run.changes());
            assertArrayEquals(new int[] {5, 9, 6, 7}, run.output());
        }
    }

    @Test
    void theLastCallWritesTokensOnly() {
        // One call behind the original masks: the deletion becomes the best ordinary token, the lowest of equals.
        for (Unmasking rule : List.of(new InsertDelete(0.7f, 0.5f, 1), new Levenshtein(0.7f, 0.5f, 1, 100))) {
            assertEquals(List.of("4=5 5=6 6=7 7=8", "5=0"), run(PROMPT, rule, editOnce(DELETE)).changes());
        }
    }

    @Test
    void withoutPostStepsTheCallThatFillsTheBlockIsTheLast() {
        ScriptedNetwork.Script script = (call, tokens, position) -> new Answer(position == 6 ? SPLIT : 5, 0.9);

        for (Unmasking rule : List.of(new InsertDelete(0.7f, 0.5f, 0), new Levenshtein(0.7f, 0.5f, 0, 100))) {
            assertEquals(List.of("4=5 5=5 6=0 7=5"), run(PROMPT, rule, script).changes());
        }
    }

    @Test
    void masksThatEditingMadeRaiseTheQuota() {
        // An unsure model commits one mask per call. Call 2 is sure of an insertion before the token at 4, which makes a mask of
        // its own: call 3 commits two.
        ScriptedNetwork.Script script = (call, tokens, position) ->
                call == 1 && position == 4 ? new Answer(SPLIT, 0.9) : new Answer(position == 4 && call > 1 ? 8 : 7, 0.5 - 0.01 * position);
        var run = run(PROMPT, new InsertDelete(0.7f, 0.6f, 16), script);

        assertEquals(List.of("4=7", "4=19 5=7 6=7", "4=8 7=7", ""), run.changes());
    }

    @Test
    void aSeenBlockTakesATokenThatWasNotTried() {
        // 7 and 8 replace each other; of the tokens that were not tried 0 is the first.
        ScriptedNetwork.Script script = (call, tokens, position) ->
                new Answer(tokens[position] == 7 ? 8 : tokens[position] == 0 ? 0 : 7, 0.9);
        int[] prompt = {1, 2, 3, 4, 5, 6, 9};

        assertEquals(
                List.of("7=7", "7=8", "7=7", "7=0", ""), run(prompt, new InsertDelete(0.7f, 0.5f, 16), script).changes());
        assertEquals(
                List.of("7=7", "7=8", "7=0", ""), run(prompt, new Levenshtein(0.7f, 0.5f, 16, 100), script).changes());
    }

    @Test
    void oscillationEndsInAnyCase() {
        ScriptedNetwork.Script script = (call, tokens, position) -> new Answer(7 + call % 5, 0.9);

        assertEquals(1 + 3, run(PROMPT, new InsertDelete(0.7f, 0.5f, 3), script).decoding().calls());
        assertEquals(1 + 3, run(PROMPT, new Levenshtein(0.7f, 0.5f, 3, 100), script).decoding().calls());
        assertEquals(2, run(PROMPT, new Levenshtein(0.7f, 0.5f, 3, 2), script).decoding().calls());
    }

    @Test
    void withoutInsertionsAndDeletionsItIsEditing() {
        ScriptedNetwork.Script script = (call, tokens, position) ->
                new Answer(3 + (position * 7 + call) % 5, call > 4 ? 0.4 : 0.05 * (position % 18) + 0.4);
        var editing = run(PROMPT, new Editing(0.7f, 0.5f), script);

        assertEquals(editing.changes(), run(PROMPT, new InsertDelete(0.7f, 0.5f, 16), script).changes());
    }

    @Test
    void givenTextStaysWhereItIs() {
        Template template = Template.hole(2).andText(11).andHole(2);
        // The first token is removed once both holes are full; its stretch alone is filled up.
        var run = Scripted.run(
                new int[] {1}, template, Scripted.bidirectional(5).withUnmasking(new InsertDelete(0.7f, 0.5f, 16)), SPEC,
                (call, tokens, position) -> new Answer(
                        call == 1 && position == 1 ? DELETE : tokens[position] == Scripted.MASK ? 4 + position : tokens[position], 0.9));

        assertEquals(List.of("1=5 2=6 4=8 5=9", "1=6 2=19", "2=6", ""), run.changes());
        assertArrayEquals(new int[] {1, 6, 6, 11, 8, 9}, run.decoding().wholeCanvas());
    }

    @Test
    void aTrailingCallStoresABlockThatChangedLast() {
        var settings = Scripted.settings()
                .withUnmasking(new InsertDelete(0.7f, 0.5f, 1))
                .withCache(new BlockCache(BlockCache.Commit.TRAILING, false));
        var run = Scripted.run(PROMPT, Template.hole(4), settings.withGenLength(4), SPEC, editOnce(DELETE));

        assertEquals(
                List.of("[0..8) for [4, 5, 6, 7]", "[4..8) for [4, 5, 6, 7]", "[4..8) for []"), run.calls());
        assertEquals(
                List.of("[0..8) for [4, 5, 6, 7]", "[4..8) for [4, 5, 6, 7]"),
                Scripted.run(PROMPT, Template.hole(4), settings.withGenLength(4), SPEC, (call, tokens, position) -> new Answer(7, 0.9))
                        .calls());
    }

    @Test
    void aModelWithoutTheTokensIsRefused() {
        var settings = Scripted.settings().withUnmasking(UnmaskingRules.parse("insert-delete"));

        var e = assertThrows(
                IllegalArgumentException.class,
                () -> Scripted.run(PROMPT, settings, (call, tokens, position) -> new Answer(7, 0.9)));
        assertTrue(e.getMessage().contains("delete_token_id"), e.getMessage());
    }

    @Test
    void rulesAreReadAsTheyAreWritten() {
        for (String text : List.of("insert-delete:0.5,0.0", "insert-delete:0.5,0.3,4", "levenshtein:0.5,0.3", "levenshtein:0.5,0.3,4,9")) {
            assertEquals(text, UnmaskingRules.parse(text).toString());
        }
    }
}
