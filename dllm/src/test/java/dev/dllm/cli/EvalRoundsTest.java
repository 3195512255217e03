package dev.dllm.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.dllm.eval.EvalReport;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/// Rounds over settings whose evaluations are scripted.
class EvalRoundsTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final List<String> asked = new ArrayList<>();

    /// Answers the n-th evaluation with the n-th function.
    private EvalRounds rounds(int count, String grid, List<Function<String, EvalReport>> script) {
        List<SettingGrid.Point> points = new SettingGrid(List.of(grid)).points(Map.of());
        PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
        Terminal terminal = new Terminal(Set.of(), Terminal.Screen.DEFAULT, stream, stream);
        EvalWriter writer = new EvalWriter(OutputFormat.TEXT, points.stream().map(SettingGrid.Point::name).toList(), terminal);
        return new EvalRounds((point, _) -> {
            asked.add(point.name());
            return script.get(asked.size() - 1).apply(point.name());
        }, points, count, writer, terminal);
    }

    private static Function<String, EvalReport> report(int tokens, double seconds) {
        return name -> new EvalReport(name, new TreeMap<>(), 2, 2, 1, 1, tokens, seconds);
    }

    private static Function<String, EvalReport> interrupted(int prompts) {
        return name -> {
            Thread.currentThread().interrupt();
            return new EvalReport(name, new TreeMap<>(), prompts, 2, 1, 1, 1, 1);
        };
    }

    private static Function<String, EvalReport> refused() {
        return _ -> {
            throw new IllegalArgumentException("not here");
        };
    }

    private List<String> lines() {
        return out.toString(StandardCharsets.UTF_8).lines().skip(1).map(line -> line.replaceAll(" +", " ")).toList();
    }

    @Test
    void everySettingHasItsTurnInEveryRound() {
        EvalRounds rounds = rounds(3, "steps=1,2", List.of(
                report(60, 30), report(60, 10), report(60, 1), report(60, 12), report(60, 2), report(60, 1)));

        assertTrue(rounds.run());
        assertEquals(List.of("steps=1", "steps=2", "steps=1", "steps=2", "steps=1", "steps=2"), asked);
        // Of 30, 1 and 2 seconds the median is 2; of 10, 12 and 1 it is 10.
        assertTrue(lines().get(0).startsWith(" 1 steps=1 ") && lines().get(0).endsWith(" 30.0"), lines().toString());
        assertTrue(lines().get(1).startsWith(" 2 steps=2 ") && lines().get(1).endsWith(" 6.0"), lines().toString());
        assertEquals(2, lines().size());
    }

    @Test
    void aRefusedSettingIsAskedOnce() {
        EvalRounds rounds = rounds(2, "steps=1,2", List.of(refused(), report(60, 2), report(60, 4)));

        assertTrue(rounds.run());
        assertEquals(List.of("steps=1", "steps=2", "steps=2"), asked);
        assertEquals(" - steps=1 refused: not here", lines().get(0));
        assertTrue(lines().get(1).endsWith(" 20.0"), "60 tokens in 3 seconds, the mean of the two in the middle");
    }

    @Test
    void theRefusalOfTheOnlySettingIsTheRuns() {
        assertThrows(IllegalArgumentException.class, rounds(2, "steps=1", List.of(refused()))::run);
    }

    @Test
    void afterAnInterruptWhatIsCompleteCounts() {
        EvalRounds rounds = rounds(2, "steps=1,2,3", List.of(
                report(60, 1), report(60, 2), report(60, 3), report(60, 1), interrupted(1)));

        assertFalse(rounds.run());
        assertEquals(3, lines().size());
        assertTrue(lines().get(1).endsWith(" 30.0"), "the second setting has one complete round: " + lines());
        assertTrue(lines().get(2).endsWith(" 20.0"), lines().toString());
    }

    @Test
    void anInterruptedFirstRoundShowsWhatThereIs() {
        EvalRounds rounds = rounds(2, "steps=1,2,3", List.of(report(60, 1), interrupted(1)));

        assertFalse(rounds.run());
        assertEquals(2, lines().size());
        assertTrue(lines().get(1).endsWith("interrupted after 1 of 2 questions"), lines().toString());
    }

    @Test
    void roundsThatCountDifferentlyAreABug() {
        assertThrows(IllegalStateException.class, rounds(2, "steps=1", List.of(report(60, 1), report(61, 1)))::run);
    }
}
