package dev.dllm.eval;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.Point2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/// Accuracy against cost as a picture: a numbered point per setting, a line through those that no other setting beats in both,
/// and what the numbers stand for.
///
/// Needs the module `java.desktop`, which `dev.dllm` does not ask for by itself, and a font; no screen. Immutable.
///
/// @param reports at least one, each with at least one prompt
/// @param cost    the horizontal axis
/// @param width   of the picture in pixels
/// @param height  of the picture in pixels
public record AccuracyPlot(List<EvalReport> reports, Cost cost, int width, int height) {
    private static final int SMALLEST = 200;
    private static final int LARGEST = 10_000;
    private static final int MARGIN = 16;
    private static final int RADIUS = 5;
    private static final int TICK = 5;
    private static final Font FONT = new Font(Font.SANS_SERIF, Font.PLAIN, 14);
    private static final Color GRID = new Color(0xE4E4E4);
    private static final Color AXIS = new Color(0x333333);
    private static final Color FRONT = new Color(0x9DB8D9);
    private static final Color POINT = new Color(0x1F5FA8);

    /// @throws IllegalArgumentException if there is nothing to plot, or the size is none
    public AccuracyPlot {
        reports = List.copyOf(reports);
        if (reports.isEmpty() || reports.stream().anyMatch(report -> report.prompts() == 0)) {
            throw new IllegalArgumentException("nothing to plot: needs settings that have answered a prompt");
        }
        requireSize(width, height);
    }

    /// @throws IllegalArgumentException if no picture can have this size
    public static void requireSize(int width, int height) {
        if (Math.min(width, height) < SMALLEST || Math.max(width, height) > LARGEST) {
            throw new IllegalArgumentException(
                    "plot of %dx%d pixels: needs %d to %d each way".formatted(width, height, SMALLEST, LARGEST));
        }
    }

    /// Finds out before a long run whether this machine can draw text.
    ///
    /// @throws IllegalStateException if it cannot; the message says what it lacks
    public static void requireFonts() {
        try {
            new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB).createGraphics().getFontMetrics(FONT).stringWidth("0");
        } catch (LinkageError | InternalError | RuntimeException e) {
            throw new IllegalStateException("text cannot be drawn, which needs fontconfig and a font: " + e, e);
        }
    }

    /// Writes the picture as PNG.
    ///
    /// @throws IOException if the file cannot be written
    public void write(Path file) throws IOException {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        try {
            graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
            graphics.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
            graphics.setColor(Color.WHITE);
            graphics.fillRect(0, 0, width, height);
            graphics.setFont(FONT);
            draw(graphics);
        } finally {
            graphics.dispose();
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
            ImageIO.write(image, "png", out);
        }
        Files.write(file, bytes.toByteArray());
    }

    private void draw(Graphics2D graphics) {
        FontMetrics font = graphics.getFontMetrics();
        int line = font.getHeight();
        int legendColumns = Math.ceilDiv(reports.size(), Math.max(1, height * 2 / 5 / line));
        int legendLines = Math.ceilDiv(reports.size(), legendColumns);
        int legendTop = height - MARGIN - legendLines * line;
        Axis x = Axis.from(0, reports.stream().mapToDouble(cost::of).max().orElseThrow());
        Axis y = Axis.accuracy(reports);
        int left = MARGIN + line + font.stringWidth("100 %") + TICK;
        int bottom = legendTop - 3 * line;
        Frame frame = new Frame(left, MARGIN + 2 * line, width - 2 * MARGIN, bottom, x, y);
        frame.draw(graphics, cost.label());
        front(graphics, frame);
        points(graphics, frame);
        legend(graphics, legendTop, legendLines);
    }

    /// The line through the settings that no other one beats in both accuracy and cost.
    private void front(Graphics2D graphics, Frame frame) {
        List<EvalReport> cheapFirst = reports.stream()
                .sorted(Comparator.comparingDouble(cost::of)
                        .thenComparing(Comparator.comparingDouble(EvalReport::accuracy).reversed()))
                .toList();
        Path2D path = new Path2D.Double();
        double best = Double.NEGATIVE_INFINITY;
        for (EvalReport report : cheapFirst) {
            if (report.accuracy() > best) {
                best = report.accuracy();
                Point2D point = place(frame, report);
                if (path.getCurrentPoint() == null) {
                    path.moveTo(point.getX(), point.getY());
                } else {
                    path.lineTo(point.getX(), point.getY());
                }
            }
        }
        graphics.setColor(FRONT);
        graphics.setStroke(new BasicStroke(2));
        graphics.draw(path);
    }

    /// Points that lie on each other share a label.
    private void points(Graphics2D graphics, Frame frame) {
        List<Point2D> places = reports.stream().map(report -> place(frame, report)).toList();
        boolean[] labelled = new boolean[places.size()];
        graphics.setColor(POINT);
        for (Point2D place : places) {
            graphics.fill(new Ellipse2D.Double(place.getX() - RADIUS, place.getY() - RADIUS, 2 * RADIUS, 2 * RADIUS));
        }
        graphics.setColor(Color.BLACK);
        for (int i = 0; i < places.size(); i++) {
            List<String> together = new ArrayList<>();
            for (int j = i; j < places.size(); j++) {
                if (!labelled[j] && places.get(i).distance(places.get(j)) < 3 * RADIUS) {
                    labelled[j] = true;
                    together.add(Integer.toString(j + 1));
                }
            }
            String label = String.join(", ", together);
            FontMetrics font = graphics.getFontMetrics();
            double x = Math.min(places.get(i).getX() + RADIUS + 2, width - MARGIN - font.stringWidth(label));
            graphics.drawString(label, (float) x, (float) places.get(i).getY() - RADIUS);
        }
    }

    /// What the numbers stand for, in as many columns as the lines take.
    private void legend(Graphics2D graphics, int top, int lines) {
        FontMetrics font = graphics.getFontMetrics();
        int columns = Math.ceilDiv(reports.size(), lines);
        int columnWidth = (width - 2 * MARGIN) / columns;
        graphics.setColor(Color.BLACK);
        for (int i = 0; i < reports.size(); i++) {
            EvalReport report = reports.get(i);
            String text = String.format(
                    Locale.ROOT, "%d  %s: %.1f %% at %s", i + 1, report.setting(), 100 * report.accuracy(), cost.shown(report));
            graphics.drawString(
                    shortened(text, font, columnWidth - MARGIN), MARGIN + i / lines * columnWidth,
                    top + i % lines * font.getHeight() + font.getAscent());
        }
    }

    private Point2D place(Frame frame, EvalReport report) {
        return frame.place(cost.of(report), 100 * report.accuracy());
    }

    private static String shortened(String text, FontMetrics font, int width) {
        if (font.stringWidth(text) <= width) {
            return text;
        }
        int length = IntStream.range(0, text.length())
                .filter(end -> font.stringWidth(text.substring(0, end) + "…") > width)
                .findFirst()
                .orElse(text.length());
        return text.substring(0, Math.max(0, length - 1)) + "…";
    }

    /// The range of an axis and the distance of its ticks, a round number.
    private record Axis(double low, double high, double step) {

        static Axis from(double low, double highest) {
            double range = highest > low ? 1.05 * (highest - low) : 1;
            double magnitude = Math.pow(10, Math.floor(Math.log10(range / 5)));
            double rough = range / 5 / magnitude;
            double step = magnitude * (rough <= 1 ? 1 : rough <= 2 ? 2 : rough <= 5 ? 5 : 10);
            return new Axis(low, low + Math.ceil(range / step) * step, step);
        }

        /// Percent, from below the worst setting to above the best one.
        static Axis accuracy(List<EvalReport> reports) {
            double worst = 100 * reports.stream().mapToDouble(EvalReport::accuracy).min().orElseThrow();
            double best = 100 * reports.stream().mapToDouble(EvalReport::accuracy).max().orElseThrow();
            double room = Math.max(1, (best - worst) / 5);
            double low = Math.max(0, Math.floor(worst - room));
            Axis axis = from(low, Math.min(100, best + room) - low <= 0 ? low + 1 : Math.min(100, best + room));
            return new Axis(low, Math.min(100, axis.high), axis.step);
        }

        List<Double> ticks() {
            List<Double> ticks = new ArrayList<>();
            for (double tick = Math.ceil(low / step) * step; tick <= high + step / 1000; tick += step) {
                ticks.add(tick);
            }
            return ticks;
        }

        String label(double tick) {
            return String.format(Locale.ROOT, "%." + Math.max(0, (int) -Math.floor(Math.log10(step))) + "f", tick);
        }

        double share(double value) {
            return (value - low) / (high - low);
        }
    }

    /// The area between the axes, in pixels.
    private record Frame(int left, int top, int right, int bottom, Axis x, Axis y) {

        Point2D place(double horizontal, double vertical) {
            return new Point2D.Double(
                    left + x.share(horizontal) * (right - left), bottom - y.share(vertical) * (bottom - top));
        }

        void draw(Graphics2D graphics, String costLabel) {
            FontMetrics font = graphics.getFontMetrics();
            for (double tick : x.ticks()) {
                Point2D place = place(tick, y.low);
                String label = x.label(tick);
                graphics.setColor(GRID);
                graphics.draw(new Line2D.Double(place.getX(), top, place.getX(), bottom));
                graphics.setColor(AXIS);
                graphics.drawString(
                        label, (float) place.getX() - font.stringWidth(label) / 2f, bottom + TICK + font.getAscent());
            }
            for (double tick : y.ticks()) {
                Point2D place = place(x.low, tick);
                String label = y.label(tick) + " %";
                graphics.setColor(GRID);
                graphics.draw(new Line2D.Double(left, place.getY(), right, place.getY()));
                graphics.setColor(AXIS);
                graphics.drawString(
                        label, left - TICK - font.stringWidth(label), (float) place.getY() + font.getAscent() / 2f - 1);
            }
            graphics.draw(new Line2D.Double(left, top, left, bottom));
            graphics.draw(new Line2D.Double(left, bottom, right, bottom));
            graphics.setColor(Color.BLACK);
            graphics.drawString("accuracy, mean over families (line: settings that no other one beats)", MARGIN, MARGIN + font.getAscent());
            graphics.drawString(
                    costLabel, (left + right - font.stringWidth(costLabel)) / 2, bottom + TICK + 2 * font.getHeight());
        }
    }
}
