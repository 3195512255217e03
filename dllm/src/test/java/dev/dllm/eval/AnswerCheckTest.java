package dev.dllm.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class AnswerCheckTest {
    private static final String STORY = "Luke had a black cup. One day Luke lost the cup in the forest. Luke looked everywhere "
            + "and felt very sad. Then Emma the rabbit came and found the black cup. Luke thanked Emma the rabbit and they went "
            + "home together.";

    @Test
    void exactIgnoresWhiteSpaceAtTheEndsOnly() {
        assertTrue(AnswerCheck.EXACT.accepts("9-8", "9 - 8 = 1", " 9 - 8 = 1\n"));
        assertFalse(AnswerCheck.EXACT.accepts("9-8", "9 - 8 = 1", "9 - 8  = 1"));
    }

    @Test
    void countdownAcceptsAnySolution() {
        String prompt = "Combine 1, 7, 9 to get 1.";
        assertTrue(AnswerCheck.COUNTDOWN.accepts(prompt, "", "7 + 1 = 8, 9 - 8 = 1"));
        assertFalse(AnswerCheck.COUNTDOWN.accepts(prompt, "", "7 + 1 = 8, 9 - 7 = 2"), "wrong target");
        assertFalse(AnswerCheck.COUNTDOWN.accepts(prompt, "", "9 - 7 = 2, 2 - 1 = 2"), "wrong arithmetic");
        assertFalse(AnswerCheck.COUNTDOWN.accepts(prompt, "", "9 - 9 = 0, 0 + 1 = 1"), "a number used twice");
        assertTrue(AnswerCheck.COUNTDOWN.accepts("Make 1 from the numbers 1, 7, 9.", "", "9 - 7 = 2, 2 - 1 = 1"));
    }

    @Test
    void storiesMustBeConsistentAndAgreeWithThePrompt() {
        assertTrue(AnswerCheck.STORY.accepts("Write a story about Luke and a cup.", "", STORY));
        assertTrue(AnswerCheck.STORY.accepts("Tell me a story.", "", STORY));
        assertTrue(AnswerCheck.STORY.accepts("Anything else", "", STORY), "no form of a prompt matches");
        assertFalse(AnswerCheck.STORY.accepts("Write a story about Luke and a hat.", "", STORY), "another object");
        assertFalse(AnswerCheck.STORY.accepts("Tell me a story about Luke and an old map.", "", STORY), "another plot");
        assertFalse(AnswerCheck.STORY.accepts("Tell me a story.", "", STORY.replace("the black cup", "the black hat")));
        assertFalse(AnswerCheck.STORY.accepts("Tell me a story.", "", STORY.replace("Emma", "Luke")), "one name twice");
    }

    @Test
    void countdownJudgesNumbersOfAnyLength() {
        String prompt = "Combine 1, 7, 99999999999 to get 100000000005.";
        assertTrue(AnswerCheck.COUNTDOWN.accepts(prompt, "", "7 - 1 = 6, 99999999999 + 6 = 100000000005"));
        assertFalse(AnswerCheck.COUNTDOWN.accepts(prompt, "", "7 - 1 = 6, 99999999999 + 6 = 10000000000000000005"));
        assertThrows(IllegalArgumentException.class, () -> AnswerCheck.COUNTDOWN.requireJudgeable("Combine 1, 7 to get 8."));
    }

    @Test
    void aSlotOfAPromptMatchesLettersOfAnyScript() {
        assertFalse(AnswerCheck.STORY.accepts("Tell me a story about Zoë.", "", STORY), "a form matches, with another name");
        assertTrue(AnswerCheck.STORY.accepts("Tell me a story about Anna-Lena.", "", STORY), "no form matches");
    }

    @Test
    void checksAreReadByName() {
        assertEquals(AnswerCheck.STORY, AnswerCheck.parse("story"));
        IllegalArgumentException unknown =
                assertThrows(IllegalArgumentException.class, () -> AnswerCheck.parse("regex"));
        assertEquals("unknown check 'regex'; known: exact, countdown, story", unknown.getMessage());
    }
}
