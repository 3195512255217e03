package dev.dllm.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.dllm.eval.EvalReport.Tally;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccuracyPlotTest {
    private static final int POINT = 0xFF1F5FA8;

    @TempDir
    private Path folder;

    @Test
    void aPngOfTheAskedSizeWithAPointPerSetting() throws IOException {
        BufferedImage image = plot(List.of(report("a", 50, 100), report("b", 90, 4000)), 600, 400);
        assertEquals(600, image.getWidth());
        assertEquals(400, image.getHeight());
        int[] columns = IntStream.range(0, 600).filter(x -> holds(image, x, POINT)).toArray();
        long gaps = IntStream.range(1, columns.length).filter(i -> columns[i] > columns[i - 1] + 1).count();
        assertEquals(1, gaps, "two points apart: columns " + Arrays.toString(columns));
        assertTrue(ink(image, 0, 300, 600, 400) > 100, "a legend below");
        assertTrue(ink(image, 0, 30, 60, 300) > 50, "labels on the left");
    }

    @Test
    void theCheaperLiesLeftAndTheBetterAbove() throws IOException {
        BufferedImage image = plot(List.of(report("a", 50, 100), report("b", 90, 4000)), 600, 400);
        int[] cheap = firstPoint(image, true);
        int[] costly = firstPoint(image, false);
        assertTrue(cheap[0] < costly[0] && cheap[1] > costly[1], Arrays.toString(cheap) + Arrays.toString(costly));
    }

    @Test
    void manySettingsAndExtremeValues() throws IOException {
        List<EvalReport> many = Collections.nCopies(200, report("x".repeat(300), 0, 1));
        assertTrue(ink(plot(many, 300, 200), 0, 0, 300, 200) > 100);
        assertTrue(ink(plot(List.of(report("all", 100, 0)), 300, 200), 0, 0, 300, 200) > 100);
    }

    @Test
    void sizesAndReportsThatMakeNoPlot() {
        assertThrows(IllegalArgumentException.class, () -> new AccuracyPlot(List.of(), Cost.POSITIONS, 300, 300));
        EvalReport empty = new EvalReport("a", new TreeMap<>(), 0, 1, 0, 0, 0, 0);
        assertThrows(IllegalArgumentException.class, () -> new AccuracyPlot(List.of(empty), Cost.POSITIONS, 300, 300));
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class, () -> AccuracyPlot.requireSize(300, 20_000));
        assertEquals("plot of 300x20000 pixels: needs 200 to 10000 each way", e.getMessage());
    }

    private BufferedImage plot(List<EvalReport> reports, int width, int height) throws IOException {
        Path file = folder.resolve("plot.png");
        new AccuracyPlot(reports, Cost.POSITIONS, width, height).write(file);
        byte[] signature = Arrays.copyOf(Files.readAllBytes(file), 4);
        assertEquals("\u0089PNG", new String(signature, StandardCharsets.ISO_8859_1));
        return ImageIO.read(file.toFile());
    }

    private static EvalReport report(String name, int right, long positions) {
        return new EvalReport(name, new TreeMap<>(Map.of("f", new Tally(right, 100))), 1, 1, 1, positions, 1, 1);
    }

    private static boolean holds(BufferedImage image, int x, int color) {
        return IntStream.range(0, image.getHeight()).anyMatch(y -> image.getRGB(x, y) == color);
    }

    /// The first pixel of a point, from the left or from the right.
    private static int[] firstPoint(BufferedImage image, boolean fromLeft) {
        for (int i = 0; i < image.getWidth(); i++) {
            int x = fromLeft ? i : image.getWidth() - 1 - i;
            for (int y = 0; y < image.getHeight(); y++) {
                if (image.getRGB(x, y) == POINT) {
                    return new int[] {x, y};
                }
            }
        }
        throw new AssertionError("no point");
    }

    private static int ink(BufferedImage image, int left, int top, int right, int bottom) {
        int ink = 0;
        for (int x = left; x < right; x++) {
            for (int y = top; y < bottom; y++) {
                ink += (image.getRGB(x, y) & 0xFF) < 0x80 ? 1 : 0;
            }
        }
        return ink;
    }
}
