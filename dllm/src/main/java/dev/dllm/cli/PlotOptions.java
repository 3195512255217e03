package dev.dllm.cli;

import dev.dllm.InvalidRequestException;
import dev.dllm.eval.AccuracyPlot;
import dev.dllm.eval.Cost;
import dev.dllm.eval.EvalReport;
import dev.dllm.files.FileFailure;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/// Whether and how accuracy is drawn against cost.
final class PlotOptions {
    @Option(names = "--plot", paramLabel = "FILE.png", description = "Draw accuracy against cost.")
    private @Nullable Path file;

    @Option(names = "--plot-cost", paramLabel = "COST", defaultValue = "positions", converter = ConstantConverter.OfCost.class,
            description = "What a prompt costs in the plot: positions, forwards or seconds (default: ${DEFAULT-VALUE}).")
    private Cost cost = Cost.POSITIONS;

    @Option(names = "--plot-size", paramLabel = "WxH", defaultValue = "960x640", converter = SizeConverter.class,
            description = "Width and height of the plot in pixels (default: ${DEFAULT-VALUE}).")
    private Size size = new Size(960, 640);

    private record Size(int width, int height) {}

    /// Finds out before a long run whether the plot can be drawn and written.
    ///
    /// @throws InvalidRequestException if it cannot
    void check() {
        if (file == null) {
            return;
        }
        if (!file.toString().toLowerCase(Locale.ROOT).endsWith(".png")) {
            throw new InvalidRequestException("--plot " + file + ": plots are PNG files; needs a name that ends with .png");
        }
        ResultWriter.requireWritable("--plot", file);
        System.setProperty("java.awt.headless", "true");
        try {
            AccuracyPlot.requireSize(size.width, size.height);
            AccuracyPlot.requireFonts();
        } catch (IllegalStateException | LinkageError e) {
            throw new InvalidRequestException("--plot: cannot be drawn here: " + e.getMessage());
        }
    }

    /// Draws the plot, if one was asked for and there is something to draw.
    ///
    /// @throws InvalidRequestException if it cannot be written
    void draw(List<EvalReport> reports) {
        if (file == null || reports.isEmpty()) {
            return;
        }
        try {
            new AccuracyPlot(reports, cost, size.width, size.height).write(file);
        } catch (IOException e) {
            throw new InvalidRequestException("--plot " + file + ": cannot be written: " + FileFailure.reason(e));
        }
    }

    private static final class SizeConverter implements ITypeConverter<Size> {
        private static final Pattern SIZE = Pattern.compile("(\\d{1,6})x(\\d{1,6})");

        @Override
        public Size convert(String value) {
            Matcher size = SIZE.matcher(value);
            if (!size.matches()) {
                throw new TypeConversionException("'" + value + "' is no size such as 960x640");
            }
            return new Size(Integer.parseInt(size.group(1)), Integer.parseInt(size.group(2)));
        }
    }
}
