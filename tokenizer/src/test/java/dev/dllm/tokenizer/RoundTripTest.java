package dev.dllm.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.text.Normalizer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/// Laws that hold for every byte-level tokenizer, on seeded random texts and ids.
class RoundTripTest {
    private static final String SEEDS = "aé中😀\u0301\u200d \n\t'<|1½\uFFFDĠ\u0000";

    private final Tokenizer gpt2 = GoldenFiles.tokenizer("gpt2");
    private final Tokenizer ling = GoldenFiles.tokenizer("ling-style-synthetic");
    private final Tokenizer embedded = Tokenizer.load(GoldenFiles.EMBEDDED);

    @Test
    void decodingWhatWasEncodedGivesTheText() {
        Random random = new Random(7);
        for (int i = 0; i < 3000; i++) {
            String text = text(random);
            assertEquals(text, gpt2.decode(gpt2.encode(text, false), false));
            assertEquals(text, embedded.decode(embedded.encode(text, false), false));
            assertEquals(text, ling.decode(ling.encode(text, false), false));
        }
    }

    @Test
    void aTokenizerThatNormalizesGivesTheNormalizedText() {
        Tokenizer qwen = GoldenFiles.tokenizer("qwen3-sdar");
        Random random = new Random(8);
        for (int i = 0; i < 2000; i++) {
            // Characters of Unicode 9 and before, which the library's normalizer and the JDK's agree on.
            String text = text(random).codePoints().filter(c -> c < 0x500 || c >= 0x3000 && c < 0xD7A4)
                    .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append).toString();
            assertEquals(Normalizer.normalize(text, Normalizer.Form.NFC), qwen.decode(qwen.encode(text, false), false));
        }
    }

    @Test
    void streamingGivesTheSameTextAndNeverAPartOfACharacter() {
        Random random = new Random(9);
        for (Tokenizer tokenizer : List.of(gpt2, ling, embedded)) {
            for (int i = 0; i < 1000; i++) {
                int[] ids = random.ints(random.nextInt(30), -2, tokenizer.size() + 5).toArray();
                StreamDecoder decoder = tokenizer.streamDecoder(i % 2 == 0);
                StringBuilder text = new StringBuilder();
                for (int id : ids) {
                    String piece = decoder.add(id);
                    assertTrue(WellFormed.isWellFormed(piece));
                    text.append(piece);
                }
                text.append(decoder.finish());
                assertEquals(tokenizer.decode(ids, i % 2 == 0), text.toString());
            }
        }
    }

    @Test
    void aCharacterOfSeveralTokensComesOutWithItsLastOne() {
        int[] ids = gpt2.encode("a\uD83D\uDE00b", false);
        StreamDecoder decoder = gpt2.streamDecoder(false);
        List<String> pieces = new ArrayList<>();
        for (int id : ids) {
            pieces.add(decoder.add(id));
        }
        assertEquals(List.of("a", "", "\uD83D\uDE00", "b"), pieces);
        assertEquals("", decoder.finish());
        assertEquals("", decoder.finish());
        Assertions.assertThrows(IllegalStateException.class, () -> decoder.add(1));
    }

    @Test
    void unpairedSurrogatesAreReplacementCharacters() {
        assertArrayEquals(gpt2.encode("a\uFFFDb\uFFFD", false), gpt2.encode("a\uD800b\uDC00", false));
        assertArrayEquals(gpt2.encode("\uFFFD\uD83D\uDE00", false), gpt2.encode("\uD83D\uD83D\uDE00", false));
    }

    @Test
    void idsOfNoTokenAreSkipped() {
        assertEquals("Hello", gpt2.decode(new int[] {-1, 15496, 50257, Integer.MAX_VALUE, Integer.MIN_VALUE}, false));
        assertFalse(gpt2.token(50257).isPresent());
        assertFalse(gpt2.token(-1).isPresent());
        assertEquals("Hello", gpt2.token(15496).orElseThrow());
        assertEquals(15496, gpt2.id("Hello").orElseThrow());
        assertFalse(gpt2.id("no such token").isPresent());
    }

    @Test
    void longRunsOfOneCharacterTakeNoQuadraticTime() {
        Assertions.assertTimeout(Duration.ofSeconds(60), () -> {
            for (String character : List.of("a", " ", "\n", "é", "!", "\uD83D\uDE00")) {
                String text = character.repeat(1_000_000 / character.length());
                assertEquals(text, gpt2.decode(gpt2.encode(text, false), false));
            }
        });
    }

    @Test
    void threadsDoNotDisturbEachOther() throws Exception {
        Random random = new Random(10);
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            texts.add(text(random) + " some words that all threads have in common");
        }
        List<int[]> alone = texts.stream().map(text -> embedded.encode(text, false)).toList();
        Tokenizer shared = Tokenizer.load(GoldenFiles.EMBEDDED);
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<?>> results = new ArrayList<>();
            for (int thread = 0; thread < 4; thread++) {
                int offset = thread * 50;
                results.add(threads.submit(() -> {
                    for (int i = 0; i < 400; i++) {
                        int index = (i + offset) % texts.size();
                        assertArrayEquals(alone.get(index), shared.encode(texts.get(index), false));
                    }
                }));
            }
            for (Future<?> result : results) {
                result.get();
            }
        }
    }

    /// Up to 20 characters: any of Unicode, or some that are often trouble.
    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        int length = random.nextInt(20);
        int[] seeds = SEEDS.codePoints().toArray();
        while (text.length() < length) {
            int c = random.nextInt(3) > 0 ? seeds[random.nextInt(seeds.length)] : random.nextInt(0x110000);
            if (c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE) {
                text.appendCodePoint(c);
            }
        }
        return text.toString();
    }
}
