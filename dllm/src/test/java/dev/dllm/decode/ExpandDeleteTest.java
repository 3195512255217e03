package dev.dllm.decode;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.dllm.decode.ScriptedNetwork.Answer;
import dev.dllm.model.ModelSpec;
import dev.dllm.model.ModelSpec.EditIds;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/// DreamOn: a hole grows at expand tokens and shrinks at EOS.
class ExpandDeleteTest {
    private static final int EXPAND = 15;
    private static final int[] PROMPT = {1, 2};
    private static final Template HOLE = Template.hole(2).andText(11);
    private static final ModelSpec SPEC = Scripted.SPEC.withEditIds(
            new EditIds(OptionalInt.of(EXPAND), OptionalInt.empty(), OptionalInt.empty()));

    private static Scripted.Run run(Template template, ExpandDelete rule, ScriptedNetwork.Script script) {
        return Scripted.run(
                PROMPT, template, Scripted.bidirectional(template.openEnd()).withUnmasking(rule), SPEC, script);
    }

    private static ExpandDelete keeping(int maxLength, boolean padEos, boolean deleteEos) {
        return new ExpandDelete(maxLength, padEos, deleteEos, OptionalInt.empty(), OptionalInt.empty(), 0);
    }

    @Test
    void anExpandTokenBecomesTwoMasks() {
        var run = run(HOLE, new ExpandDelete(8), (call, tokens, position) ->
                call == 0 && position == 2 ? new Answer(EXPAND, 0.9) : new Answer(7, 0.5));

        assertEquals(List.of("[1, 2, 19, 19, 19, 11]", "2=7", "3=7", "4=7"), Scripted.canvases(run));
        assertArrayEquals(new int[] {1, 2, 7, 7, 7, 11}, run.decoding().wholeCanvas());
        assertArrayEquals(new int[] {7, 7, 7}, run.output());
    }

    @Test
    void anEosRemovesItsPositionAndAllMasksBehindIt() {
        ScriptedNetwork.Script script = (call, tokens, position) ->
                call == 0 && position == 2 ? new Answer(Scripted.EOS, 0.9) : new Answer(7, 0.5);

        assertEquals(List.of("[1, 2, 11]"), Scripted.canvases(run(HOLE, new ExpandDelete(8), script)));
        assertEquals(List.of("[1, 2, 19, 11]", "2=7"), Scripted.canvases(run(HOLE, keeping(8, false, true), script)));
        assertEquals(List.of("2=18 3=18"), Scripted.canvases(run(HOLE, keeping(8, true, false), script)));
    }

    @Test
    void everythingMayBeRemoved() {
        var run = run(Template.hole(3), new ExpandDelete(8), (call, tokens, position) -> new Answer(Scripted.EOS, 0.9));

        assertEquals(List.of("[1, 2]"), Scripted.canvases(run));
        assertArrayEquals(new int[0], run.output());
        assertEquals(FinishReason.LENGTH, run.decoding().finishReason());
    }

    @Test
    void growthEndsAtTheLimit() {
        var run = run(HOLE, new ExpandDelete(3), (call, tokens, position) -> new Answer(EXPAND, 0.9));

        assertEquals(List.of("[1, 2, 19, 19, 19, 11]", "2=0", "3=0", "4=0"), Scripted.canvases(run));
    }

    @Test
    void growingAndShrinkingInTurnEndsWithTheBudget() {
        // Four expansions are allowed; each is taken back.
        var run = run(Template.hole(1).andText(11), keeping(4, false, true), (call, tokens, position) ->
                new Answer(call % 2 == 0 ? EXPAND : Scripted.EOS, 0.9));

        assertEquals(9, run.decoding().calls());
        assertArrayEquals(new int[] {0}, run.output());
    }

    @Test
    void holesGrowApart() {
        Template template = Template.hole(1).andText(11).andHole(1).andText(12);
        var run = run(template, new ExpandDelete(8), (call, tokens, position) ->
                call == 0 && position == 4 ? new Answer(EXPAND, 0.9) : new Answer(7, 0.5 - 0.01 * position));

        assertArrayEquals(new int[] {1, 2, 7, 11, 7, 7, 12}, run.decoding().wholeCanvas());
        assertArrayEquals(new int[] {7}, run.decoding().holes().get(0));
        assertArrayEquals(new int[] {7, 7}, run.decoding().holes().get(1));
    }

    @Test
    void neitherExpansionNorEosIsTheScheduleOfOneTokenPerCall() {
        ScriptedNetwork.Script script = (call, tokens, position) -> new Answer(5 + position, 0.3 + 0.1 * (position % 4));
        var plain = Scripted.run(PROMPT, HOLE, Scripted.bidirectional(2), SPEC, script);

        assertEquals(plain.changes(), run(HOLE, new ExpandDelete(2), script).changes());
    }

    @Test
    void aModelWithoutTheTokenIsRefused() {
        var settings = Scripted.bidirectional(2).withUnmasking(new ExpandDelete(8));

        assertThrows(
                IllegalArgumentException.class,
                () -> Scripted.run(PROMPT, settings, (call, tokens, position) -> new Answer(7, 0.5)));
    }
}
