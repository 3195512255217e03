package dev.dllm.decode;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.dllm.decode.ScriptedNetwork.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What changes confidences, whatever the rule.
class ConfidenceAdjustmentTest {
    private static final int MASK = Scripted.MASK;

    /// With this width the curve is 2 to the power of −distance².
    private static final float WIDTH = (float) (1 / Math.sqrt(2 * Math.log(2)));

    @Test
    void densityIsTheWeightedShareOfDecidedPositions() {
        // One generated position: the prompt before it at distance 1 is decided, nothing else of the six distances −3 … 2.
        float[] confidence = adjusted(new CertaintyDensity(WIDTH), new Canvas(new int[] {1}, 2, MASK), 0.8f);

        double all = 1 + 2 * (1.0 / 2) + 2 * (1.0 / 16) + 1.0 / 512;
        assertEquals(0.8 * 0.5 / all, confidence[0], 1e-6);
    }

    @Test
    void whatLiesBehindCountsOnceTheLastPositionIsDecided() {
        Canvas canvas = new Canvas(new int[] {1}, 3, MASK);
        double open = adjusted(new CertaintyDensity(WIDTH), canvas, 1, 1)[0];
        Edits edits = new Edits();
        edits.add(2, 7);
        canvas.apply(edits);
        double decided = adjusted(new CertaintyDensity(WIDTH), canvas, 1)[0];

        double before = 1.0 / 2 + 1.0 / 16;
        double behind = 1.0 / 2 + 1.0 / 16 + 1.0 / 512;
        assertEquals((before + behind) / before, decided / open, 1e-5);
    }

    @Test
    void greaterDensityMakesSurerAlsoBelowZero() {
        Canvas canvas = new Canvas(new int[] {1}, 3, MASK);
        float[] sane = adjusted(new CertaintyDensity(WIDTH), canvas, -1, -1);
        float[] reference = adjusted(new CertaintyDensity(WIDTH, true), canvas, -1, -1);

        assertTrue(sane[0] > sane[1], "beside the prompt is surer");
        assertTrue(reference[0] < reference[1], "the reference has it the other way round");
    }

    @Test
    void densityGoesWithAnyRule() {
        DecodeSettings settings = Scripted.settings().withGenLength(4).withUnmasking(new Schedule());
        ScriptedNetwork.Script surerToTheRight = (call, tokens, position) -> new Answer(5, 0.5 + 0.01 * position);

        assertEquals(
                List.of("7=5", "6=5", "5=5", "4=5"), Scripted.run(new int[] {1, 2, 3, 4}, settings, surerToTheRight).changes());
        assertEquals(
                List.of("4=5", "5=5", "6=5", "7=5"),
                Scripted.run(new int[] {1, 2, 3, 4}, settings.withAdjustments(new CertaintyDensity(1)), surerToTheRight)
                        .changes());
    }

    @Test
    void rareTokensAreSurerUpToALimit() {
        TokenRarity rarity = new TokenRarity(new float[] {0.5f, 0.01f, 0, 1}, 4);
        float[] confidence = {0.8f, 0.8f, 0.8f, 0.8f};
        rarity.adjust(new Canvas(new int[] {1}, 5, MASK), new int[] {1, 2, 3, 4}, new int[] {0, 1, 2, 3}, confidence, _ -> 0.5);

        assertArrayEquals(
                new float[] {(float) (-0.8 * Math.log(0.5)), (float) (-0.8 * Math.log(0.01)), 4, 0}, confidence, 1e-5f);
    }

    @Test
    void frequenciesMustCoverTheVocabulary() {
        DecodeSettings settings = Scripted.settings().withAdjustments(new TokenRarity(new float[Scripted.VOCABULARY - 1], 10));

        var refused = assertThrows(
                IllegalArgumentException.class,
                () -> Scripted.run(new int[] {1}, settings, (call, tokens, position) -> new Answer(5, 0.5)));
        assertTrue(refused.getMessage().contains("19 tokens"), refused.getMessage());
    }

    @Test
    void namesAreReadAsTheyAreWritten(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("frequencies.json"), "[0.25, 0.75]");

        assertEquals(new CertaintyDensity(6), ConfidenceAdjustments.parse("density:6.0"));
        assertEquals(new CertaintyDensity(6).toString(), ConfidenceAdjustments.parse("density:6").toString());
        assertArrayEquals(
                new float[] {0.25f, 0.75f}, ((TokenRarity) ConfidenceAdjustments.parse("rarity:" + file)).frequencies());
    }

    /// Orders of three proposals: the first is drawn with weights softmax(confidence / temperature), the next from what is left.
    @Test
    void anOrderIsDrawnWithoutReplacement() {
        float[] confidence = {0.2f, 0.4f, 0.6f};
        double[] weight = {Math.E, Math.exp(2), Math.exp(3)};
        int[][] counts = new int[3][3];
        int draws = 6000;
        DrawnOrder adjustment = new DrawnOrder(0.2f);
        for (int seed = 0; seed < draws; seed++) {
            Randomness randomness = Randomness.seeded(seed);
            float[] drawn = confidence.clone();
            adjustment.adjust(
                    new Canvas(new int[] {1}, 4, MASK), new int[] {1, 2, 3}, new int[3], drawn, position -> randomness.uniform(0, position));
            Integer[] order = {0, 1, 2};
            Arrays.sort(order, Comparator.comparingDouble(i -> -drawn[i]));
            counts[order[0]][order[1]]++;
        }
        double total = weight[0] + weight[1] + weight[2];
        double chiSquare = 0;
        for (int first = 0; first < 3; first++) {
            for (int second = 0; second < 3; second++) {
                if (first != second) {
                    double expected = draws * weight[first] / total * weight[second] / (total - weight[first]);
                    chiSquare += Math.pow(counts[first][second] - expected, 2) / expected;
                }
            }
        }
        assertTrue(chiSquare < 15.1, "chi-square of 5 degrees, 1 %: " + chiSquare);
    }

    @Test
    void theSeedDecidesADrawnOrder() {
        DecodeSettings settings = Scripted.bidirectional(6).withAdjustments(ConfidenceAdjustments.parse("draw:2"));
        ScriptedNetwork.Script script = (call, tokens, position) -> new Answer(position, 0.5 + 0.01 * position);

        List<String> one = Scripted.run(new int[] {1}, settings.withSeed(1), script).changes();

        assertEquals(one, Scripted.run(new int[] {1}, settings.withSeed(1), script).changes());
        assertNotEquals(one, Scripted.run(new int[] {1}, settings.withSeed(2), script).changes());
        assertEquals(List.of("6=6", "5=5", "4=4", "3=3", "2=2", "1=1"),
                Scripted.run(new int[] {1}, settings.withAdjustments(new DrawnOrder(1e-4f)), script).changes());
        assertTrue(settings.draws());
    }

    @Test
    void whatCannotBeReadIsRefused(@TempDir Path folder) throws IOException {
        Path words = Files.writeString(folder.resolve("words.json"), "[\"often\"]");
        Path more = Files.writeString(folder.resolve("more.json"), "[1.5]");
        for (String text : List.of(
                "rarity", "density:1,2", "density:wide", "density:0", "draw:0", "draw:-1", "certainty:1", "rarity:" + words, "rarity:" + more,
                "rarity:" + folder.resolve("none.json"))) {
            assertThrows(IllegalArgumentException.class, () -> ConfidenceAdjustments.parse(text), text);
        }
    }

    /// Of proposals for the first positions behind a prompt of one.
    private static float[] adjusted(ConfidenceAdjustment adjustment, Canvas canvas, float... confidence) {
        int[] positions = new int[confidence.length];
        for (int i = 0; i < positions.length; i++) {
            positions[i] = 1 + i;
        }
        adjustment.adjust(canvas, positions, new int[positions.length], confidence, _ -> 0.5);
        return confidence;
    }
}
