package dev.dllm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.dllm.tokenizer.Tokenizer;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Where a text parts into what is given and what is measured.
class PassageTest {
    private static LanguageModel model;
    private static Tokenizer tokenizer;

    @BeforeAll
    static void load() {
        model = LanguageModel.embedded();
        tokenizer = model.tokenizer().orElseThrow();
    }

    @AfterAll
    static void close() {
        model.close();
    }

    @Test
    void bothPartsTogetherAreTheText() {
        Passage passage = model.passage(Prompt.text("Tom has a red"), " ball.");
        assertArrayEquals(tokenizer.encode("Tom has a red", true), passage.promptIds());
        assertArrayEquals(tokenizer.encode("Tom has a red ball.", true), passage.allIds());
        assertEquals(passage.allIds().length, passage.length());
    }

    @Test
    void blanksAtTheEndOfThePromptAreMeasured() {
        Passage passage = model.passage(Prompt.text("Tom has a red "), "ball.");
        Passage same = model.passage(Prompt.text("Tom has a red"), " ball.");
        assertArrayEquals(same.promptIds(), passage.promptIds());
        assertArrayEquals(same.ids(), passage.ids());
    }

    @Test
    void soAreLineEnds() {
        Passage passage = model.passage(Prompt.text("Tom has\n"), "a ball");
        assertArrayEquals(tokenizer.encode("Tom has", true), passage.promptIds());
        assertArrayEquals(tokenizer.encode("Tom has\na ball", true), passage.allIds());
    }

    @Test
    void aTokenThatBothShareIsMeasured() {
        int[] whole = tokenizer.encode("Tom has a red ball", true);
        Passage passage = model.passage(Prompt.text("Tom has a red ba"), "ll");
        assertArrayEquals(whole, passage.allIds());
        assertArrayEquals(tokenizer.encode("Tom has a red", true), passage.promptIds());
    }

    @Test
    void aTextAloneIsMeasuredWhole() {
        Passage passage = model.passage("Tom has a red ball");
        assertEquals(0, passage.promptIds().length);
        assertArrayEquals(tokenizer.encode("Tom has a red ball", false), passage.ids());
        assertEquals(0, model.passage("").length());
    }

    @Test
    void chatPromptsAndIdsKeepTheirOwnTokens() {
        Prompt chat = Prompt.chat("9-8");
        Passage passage = model.passage(chat, "9 - 8 = 1");
        assertArrayEquals(model.tokenize(chat), passage.promptIds());
        assertArrayEquals(tokenizer.encode("9 - 8 = 1", false), passage.ids());
        assertArrayEquals(new int[] {7, 8}, model.passage(Prompt.ids(7, 8), "x").promptIds());
    }

    @Test
    void modelsWithoutTokenizerTakeIds() {
        try (LanguageModel silent = LanguageModel.load(Path.of("goldens/checkpoints/llada-gqa"))) {
            String message = assertThrows(InvalidRequestException.class, () -> silent.passage("hello")).getMessage();
            assertTrue(message.contains("no tokenizer"), message);
        }
    }
}
