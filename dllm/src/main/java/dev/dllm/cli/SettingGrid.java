package dev.dllm.cli;

import dev.dllm.InvalidRequestException;
import dev.dllm.LanguageModel;
import dev.dllm.decode.DecodeSettings;
import dev.dllm.eval.EvalSetting;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/// Decoding options with several values each, and every combination of them.
///
/// Written as on the command line: `unmasking=threshold:0.6,threshold:0.9;cache=none,block`. Where a value itself holds commas,
/// all values of that option are separated by `|`.
final class SettingGrid {
    private static final int MOST = 10_000;

    /// Values by option, in the order in which they were given.
    private final Map<String, List<String>> axes = new LinkedHashMap<>();

    /// One combination.
    ///
    /// @param name what differs from the other combinations
    record Point(String name, DecodeOptions options) {

        /// @param judge the second model, for a rule that asks one; null if there is none
        EvalSetting of(DecodeSettings settings, @Nullable LanguageModel judge) {
            DecodeSettings applied = options.asksVerifier(settings) ? options.apply(settings, judge) : options.apply(settings);
            return new EvalSetting(name, applied, !options.fixesLength());
        }
    }

    /// @param texts what `--grid` was given, once or several times; none for a grid of one point
    /// @throws InvalidRequestException if a text is no grid, or names an option that is none of [DecodeOptions]
    SettingGrid(List<String> texts) {
        for (String axis : texts.stream().flatMap(text -> Arrays.stream(text.split(";", -1))).toList()) {
            add(axis.strip());
        }
        long points = axes.values().stream().mapToLong(List::size).reduce(1, (a, b) -> Math.min(a * b, MOST + 1));
        if (points > MOST) {
            throw new InvalidRequestException("--grid: more than " + MOST + " settings");
        }
    }

    /// The names of the options that a grid can vary, without their dashes: all but the second model, which is loaded once.
    static List<String> names() {
        return CommandSpec.forAnnotatedObject(new DecodeOptions()).options().stream()
                .map(OptionSpec::longestName)
                .map(SettingGrid::withoutDashes)
                .filter(name -> !name.equals("verifier"))
                .toList();
    }

    static String withoutDashes(String name) {
        return name.replaceFirst("^-+", "");
    }

    /// Every combination, the last option varying fastest.
    ///
    /// @param common values of options that all points share, unless the grid varies them
    /// @throws InvalidRequestException if a value does not fit its option
    List<Point> points(Map<String, String> common) {
        List<Map<String, String>> combinations = List.of(common);
        for (Map.Entry<String, List<String>> axis : axes.entrySet()) {
            List<Map<String, String>> longer = new ArrayList<>();
            for (Map<String, String> combination : combinations) {
                for (String value : axis.getValue()) {
                    Map<String, String> more = new LinkedHashMap<>(combination);
                    more.put(axis.getKey(), value);
                    longer.add(more);
                }
            }
            combinations = longer;
        }
        return combinations.stream().map(values -> new Point(name(values), options(values))).toList();
    }

    private void add(String axis) {
        int equals = axis.indexOf('=');
        String values = axis.substring(equals + 1);
        if (equals < 0) {
            throw new InvalidRequestException("--grid '" + axis + "': needs NAME=VALUE,VALUE");
        }
        String name = withoutDashes(axis.substring(0, equals).strip());
        if (!names().contains(name)) {
            throw new InvalidRequestException(
                    "--grid '" + axis + "': unknown option '" + name + "'; known: " + String.join(", ", names()));
        }
        List<String> separate = Arrays.stream(values.split(values.contains("|") ? "\\|" : ",", -1)).map(String::strip).toList();
        if (separate.contains("") || new HashSet<>(separate).size() < separate.size()) {
            throw new InvalidRequestException("--grid '" + axis + "': has an empty value, or one twice");
        }
        if (axes.put(name, separate) != null) {
            throw new InvalidRequestException("--grid '" + axis + "': " + name + " is given twice");
        }
    }

    private String name(Map<String, String> values) {
        boolean single = axes.values().stream().allMatch(axis -> axis.size() == 1);
        String name = values.entrySet().stream()
                .filter(value -> single || axes.getOrDefault(value.getKey(), List.of()).size() > 1)
                .map(value -> value.getKey() + "=" + value.getValue())
                .collect(Collectors.joining(" "));
        return name.isEmpty() ? "default" : name;
    }

    private DecodeOptions options(Map<String, String> values) {
        String[] arguments = values.entrySet().stream()
                .map(value -> "--" + value.getKey() + "=" + value.getValue())
                .toArray(String[]::new);
        try {
            return CommandLine.populateCommand(new DecodeOptions(), arguments);
        } catch (ParameterException e) {
            throw new InvalidRequestException("--grid (values that hold commas are separated by |): " + e.getMessage());
        }
    }
}
