package dev.dllm.cli;

import dev.dllm.eval.EvalReport;
import dev.dllm.runtime.ShapeException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Evaluates the settings of a grid one after another, all of them as often as asked for. Round by round, so that what slows
/// the machine down for a while, such as a JVM that still compiles, slows all settings alike. The last round prints.
final class EvalRounds {
    private final BiFunction<SettingGrid.Point, Consumer<EvalReport>, EvalReport> evaluation;
    private final List<Row> rows;
    private final int rounds;
    private final EvalWriter writer;
    private final Terminal terminal;
    private final StatusLine status;
    private boolean interrupted;
    private int written;

    /// A setting and what it has come to.
    private static final class Row {
        final SettingGrid.Point point;
        /// Of every round; an incomplete one only if there is no other.
        final List<EvalReport> reports = new ArrayList<>();
        @Nullable String refusal;

        Row(SettingGrid.Point point) {
            this.point = point;
        }
    }

    /// @param evaluation of a setting, see [dev.dllm.eval.Evaluation#run]
    /// @param points the settings; one that the model refuses ends the run if there is no other
    /// @param rounds 1 or more
    EvalRounds(
            BiFunction<SettingGrid.Point, Consumer<EvalReport>, EvalReport> evaluation,
            List<SettingGrid.Point> points, int rounds, EvalWriter writer, Terminal terminal) {
        this.evaluation = evaluation;
        this.rows = points.stream().map(Row::new).toList();
        this.rounds = rounds;
        this.writer = writer;
        this.terminal = terminal;
        this.status = new StatusLine(terminal);
    }

    /// Evaluates and prints; after an interrupt what is finished by then.
    ///
    /// @return whether nobody interrupted it
    /// @throws IllegalArgumentException if the only setting does not fit the model
    boolean run() {
        for (int round = 1; round <= rounds && goesOn(); round++) {
            for (int i = 0; i < rows.size() && goesOn(); i++) {
                Row row = rows.get(i);
                if (row.refusal == null) {
                    evaluate(row, "round " + round + " of " + rounds + ", setting " + (i + 1) + " of " + rows.size() + ", ");
                }
                if (round == rounds) {
                    writeNext();
                }
            }
        }
        while (written < rows.size()) {
            writeNext();
        }
        return !interrupted;
    }

    private boolean goesOn() {
        return !interrupted && !terminal.out().checkError();
    }

    private void evaluate(Row row, String place) {
        try {
            EvalReport report = evaluation.apply(row.point, soFar -> status.show(() ->
                    place + soFar.prompts() + " of " + soFar.of() + " questions: " + soFar.setting()));
            interrupted = Thread.interrupted();
            if (report.isComplete() || row.reports.isEmpty() && report.prompts() > 0) {
                row.reports.add(report);
            }
        } catch (ShapeException e) {
            throw e;
        } catch (IllegalArgumentException e) {
            if (rows.size() == 1) {
                throw e;
            }
            row.refusal = Main.oneLine(Advice.with(String.valueOf(e.getMessage())));
        } finally {
            status.clear();
        }
    }

    private void writeNext() {
        Row row = rows.get(written++);
        if (row.refusal != null) {
            writer.refused(row.point.name(), row.refusal);
        } else if (!row.reports.isEmpty()) {
            writer.report(EvalReport.median(row.reports));
        }
    }
}
