package dev.dllm.cli;

import dev.dllm.eval.EvalReport;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Prints what evaluations come to, a line per setting as soon as it is known: as a table, with the accuracy of every family
/// below it, or as JSON.
final class EvalWriter {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String GAP = "  ";

    private final OutputFormat format;
    private final PrintStream out;
    private final int columns;
    private final int nameWidth;
    private final List<EvalReport> reports = new ArrayList<>();
    private boolean begun;

    /// @param names of the settings to come
    EvalWriter(OutputFormat format, List<String> names, Terminal terminal) {
        this.format = format;
        this.out = terminal.out();
        this.columns = terminal.writesToTerminal() ? terminal.screen().columns() : Integer.MAX_VALUE;
        this.nameWidth = names.stream().mapToInt(String::length).reduce("setting".length(), Math::max);
    }

    /// A setting that was evaluated; its number is its place in the list of all that were.
    void report(EvalReport report) {
        reports.add(report);
        print(format == OutputFormat.JSON ? json(report) : line(report));
    }

    /// A setting that the model refuses.
    void refused(String setting, String reason) {
        print(format == OutputFormat.JSON ? json(setting, reason) : begin("-", setting) + "refused: " + reason);
    }

    /// The settings that were evaluated so far.
    List<EvalReport> reports() {
        return List.copyOf(reports);
    }

    /// What stands behind the last setting.
    void end() {
        if (format == OutputFormat.TEXT) {
            out.print(families());
        }
        out.flush();
    }

    private void print(String line) {
        if (!begun && format == OutputFormat.TEXT) {
            out.println(("    %-" + nameWidth + "s %8s %7s %10s %10s %9s").formatted(
                    "setting", "accuracy", "NFE", "tokens/NFE", "positions", "tokens/s"));
        }
        begun = true;
        out.println(line);
    }

    private String line(EvalReport report) {
        String interrupted =
                report.isComplete() ? "" : "  interrupted after " + report.prompts() + " of " + report.of() + " questions";
        return begin(Integer.toString(reports.size()), report.setting()) + String.format(
                Locale.ROOT, "%6.1f %% %7.2f %10.2f %10.1f %9.1f", 100 * report.accuracy(), report.forwardsPerPrompt(),
                report.tokensPerForward(), report.positionsPerPrompt(), report.tokensPerSecond()) + interrupted;
    }

    private String begin(String number, String setting) {
        return ("%3s %-" + nameWidth + "s ").formatted(number, setting);
    }

    /// Percent by family, in as many tables below each other as the width takes; empty if there is only one family.
    private String families() {
        List<String> names = new ArrayList<>(reports.stream()
                .map(report -> report.families().keySet())
                .collect(TreeSet::new, TreeSet::addAll, TreeSet::addAll));
        StringBuilder text = new StringBuilder();
        for (int from = 0; names.size() > 1 && from < names.size(); ) {
            int end = from + 1;
            int width = GAP.length() + cell(names.get(from)) + 3;
            while (end < names.size() && width + GAP.length() + cell(names.get(end)) <= columns) {
                width += GAP.length() + cell(names.get(end++));
            }
            List<String> shown = names.subList(from, end);
            text.append("\n  %");
            shown.forEach(name -> text.append(GAP).append(("%" + cell(name) + "s").formatted(name)));
            text.append('\n');
            for (int i = 0; i < reports.size(); i++) {
                text.append(families(i + 1, reports.get(i), shown)).append('\n');
            }
            from = end;
        }
        return text.toString();
    }

    private static String families(int number, EvalReport report, List<String> shown) {
        StringBuilder text = new StringBuilder("%3d".formatted(number));
        for (String name : shown) {
            EvalReport.Tally tally = report.families().get(name);
            String percent = tally == null ? "-" : "%.0f".formatted(100 * tally.accuracy());
            text.append(GAP).append(("%" + cell(name) + "s").formatted(percent));
        }
        return text.toString();
    }

    private static int cell(String family) {
        return Math.max(3, family.length());
    }

    private static String json(EvalReport report) {
        ObjectNode json = JSON.createObjectNode();
        json.put("setting", report.setting());
        json.put("accuracy", report.accuracy());
        ObjectNode families = json.putObject("families");
        report.families().forEach((name, tally) -> families.putArray(name).add(tally.right()).add(tally.asked()));
        json.put("prompts", report.prompts());
        json.put("forwards_per_prompt", report.forwardsPerPrompt());
        json.put("tokens_per_forward", report.tokensPerForward());
        json.put("positions_per_prompt", report.positionsPerPrompt());
        json.put("tokens_per_second", report.tokensPerSecond());
        json.put("seconds", report.seconds());
        if (!report.isComplete()) {
            json.put("interrupted", true);
        }
        return JSON.writeValueAsString(json);
    }

    private static String json(String setting, String reason) {
        ObjectNode json = JSON.createObjectNode();
        json.put("setting", setting);
        json.put("refused", reason);
        return JSON.writeValueAsString(json);
    }
}
