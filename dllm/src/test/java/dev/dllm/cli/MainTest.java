package dev.dllm.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.dllm.cache.CachePolicies;
import dev.dllm.decode.ConfidenceAdjustments;
import dev.dllm.decode.ExitRules;
import dev.dllm.decode.LogitHooks;
import dev.dllm.decode.StopRule;
import dev.dllm.decode.UnmaskingRules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// What belongs to no command.
class MainTest {
    @Test
    void theVersionIsTheBuilds() {
        CommandLineRun run = CommandLineRun.of("--version");

        assertEquals(0, run.exitCode());
        assertTrue(run.out().matches("dllm \\d+\\.\\d+\\.\\d+(-SNAPSHOT)?\n"), run.out());
    }

    @Test
    void helpOfEveryCommandFitsATerminal() {
        String all = CommandLineRun.of("help").out();
        for (String command : commands()) {
            CommandLineRun run = CommandLineRun.of("help", command);
            assertEquals(0, run.exitCode());
            assertEquals(run.out(), CommandLineRun.of(command, "--help").out());
            assertTrue(all.contains("\n  " + command), all);
            run.out().lines().forEach(line -> assertTrue(line.codePointCount(0, line.length()) <= 80, line));
        }
    }

    /// All but help, which prints that of the others.
    private static List<String> commands() {
        Terminal terminal = new Terminal(Set.of(), Terminal.Screen.DEFAULT, System.out, System.err);
        List<String> commands = Main.commandLine(terminal).getSubcommands().keySet().stream().filter(name -> !name.equals("help")).toList();
        assertTrue(commands.contains("generate"), commands.toString());
        return commands;
    }

    @Test
    void helpOnWhatThereIsNot() {
        CommandLineRun run = CommandLineRun.of("help", "nothing");

        assertEquals(2, run.exitCode());
        assertEquals("dllm: Unknown subcommand 'nothing'; see 'dllm --help'\n", run.err());
    }

    @Test
    void theReadmeNamesEveryChoiceWithItsArguments() throws IOException {
        String readme = Files.readString(Path.of("../README.md")).replace("\\|", "|");
        String stops = Arrays.stream(StopRule.When.values()).map(ConstantConverter::name).collect(Collectors.joining(", "));
        for (String known : List.of(
                UnmaskingRules.known(), CachePolicies.known(), ExitRules.known(), LogitHooks.known(), ConfidenceAdjustments.known(),
                stops)) {
            for (String choice : known.split(", ")) {
                assertTrue(readme.contains("`" + choice + "`"), choice);
            }
        }
    }

    /// The tables of docs/decoding.md write every name with the values that it stands for.
    @Test
    void theGuideTellsWhatABareNameStandsFor() throws IOException {
        Set<String> told = new HashSet<>();
        for (String line : Files.readAllLines(Path.of("../docs/decoding.md"))) {
            Matcher forms = Pattern.compile("`([a-z0-9-]+)(:[^`]*)?`").matcher(line.replaceFirst("(\\| [^|]*\\|).*", "$1"));
            while (line.startsWith("| `") && line.split("\\|").length == 3 && forms.find()) {
                String name = forms.group(1);
                String form = forms.group();
                form = form.substring(1, form.length() - 1);
                boolean rule = UnmaskingRules.names().contains(name);
                assertEquals(
                        rule ? UnmaskingRules.parse(name) : CachePolicies.parse(name),
                        rule ? UnmaskingRules.parse(form) : CachePolicies.parse(form));
                told.add(name);
            }
        }
        Set<String> names = new HashSet<>(UnmaskingRules.names());
        names.addAll(CachePolicies.names());
        assertEquals(names, told);
    }

    @Test
    void optionsWithoutEffectAreToldOf() {
        String[] generate = {"generate", "--gen-length", "32", "--seed", "3", "9-8"};
        assertEquals("dllm: --seed has no effect, since nothing is drawn; --temperature above 0 draws tokens\n",
                CommandLineRun.of(generate).err());
        assertEquals("", CommandLineRun.of("generate", "--unmasking", "random-order", "--gen-length", "8", "--seed", "3", "9-8").err());
        assertEquals("", CommandLineRun.of("generate", "--temperature", "0.1", "--gen-length", "8", "--seed", "3", "9-8").err());
        assertEquals("dllm: --guidance-interval has no effect without --guidance\n",
                CommandLineRun.of("generate", "--gen-length", "8", "--guidance-interval", "3", "9-8").err());
    }
}
