package dev.dllm.decode;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.dllm.decode.ScriptedNetwork.Answer;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Text with holes behind a prompt.
class TemplateTest {
    private static final Template TEMPLATE = Template.hole(2).andText(11, 12).andHole(1).andText(13);

    @Test
    void fillsTheHolesAndLeavesTheTextAlone() {
        var run = Scripted.run(
                new int[] {1}, TEMPLATE, Scripted.bidirectional(5), Scripted.SPEC, (call, tokens, position) -> new Answer(7, 0.5));

        assertArrayEquals(new int[] {1, 7, 7, 11, 12, 7, 13}, run.decoding().wholeCanvas());
        assertArrayEquals(new int[] {7, 7, 11, 12, 7}, run.output());
        assertEquals(List.of("1=7", "2=7", "5=7"), run.changes());
        assertEquals("[0..7) for [1, 2, 5]", run.calls().getFirst());
    }

    @Test
    void theScheduleCountsMasksNotPositions() {
        // Two steps for three masks: two, then one.
        var run = Scripted.run(
                new int[] {1}, TEMPLATE, Scripted.bidirectional(5).withSteps(2), Scripted.SPEC,
                (call, tokens, position) -> new Answer(7, 0.5));

        assertEquals(List.of("1=7 2=7", "5=7"), run.changes());
    }

    @Test
    void editingLeavesTheTextAlone() {
        var run = Scripted.run(
                new int[] {1}, TEMPLATE, Scripted.bidirectional(5).withUnmasking(new Editing(0.1f, 0.1f)), Scripted.SPEC,
                (call, tokens, position) -> new Answer(7 + Math.min(call, 1), 0.9));

        assertArrayEquals(new int[] {1, 8, 8, 11, 12, 8, 13}, run.decoding().wholeCanvas());
    }

    @Test
    void tellsWhatEachHoleHolds() {
        var run = Scripted.run(
                new int[] {1}, TEMPLATE, Scripted.bidirectional(5), Scripted.SPEC,
                (call, tokens, position) -> new Answer(position, 0.5));

        assertArrayEquals(new int[] {1, 2}, run.decoding().holes().get(0));
        assertArrayEquals(new int[] {5}, run.decoding().holes().get(1));
        assertEquals(2, run.decoding().holes().size());
    }

    @Test
    void anEosBeforeGivenTextEndsNothing() {
        var settings = Scripted.bidirectional(5).withBlockLength(2).withStop(StopRule.afterBlock(Scripted.EOS));
        var run = Scripted.run(
                new int[] {1}, TEMPLATE, settings, Scripted.SPEC, (call, tokens, position) -> new Answer(Scripted.EOS, 0.5));

        assertArrayEquals(new int[] {1, Scripted.EOS, Scripted.EOS, 11, 12, Scripted.EOS, 13}, run.decoding().wholeCanvas());
        assertEquals(FinishReason.LENGTH, run.decoding().finishReason());
    }

    @Test
    void aGivenEosEndsNothing() {
        var run = Scripted.run(
                new int[] {1}, Template.text(Scripted.EOS).andHole(2), Scripted.bidirectional(3).withStop(StopRule.afterBlock(Scripted.EOS)),
                Scripted.SPEC, (call, tokens, position) -> new Answer(7, 0.5));

        assertArrayEquals(new int[] {Scripted.EOS, 7, 7}, run.output());
        assertEquals(FinishReason.LENGTH, run.decoding().finishReason());
    }

    @Test
    void needsAHole() {
        Template text = Template.text(3, 4);

        assertThrows(IllegalArgumentException.class, () -> new Canvas(new int[] {1}, text, Scripted.MASK));
        assertThrows(IllegalArgumentException.class, () -> Template.hole(0));
        assertThrows(IllegalArgumentException.class, () -> Template.text(-1));
    }
}
