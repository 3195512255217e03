package dev.dllm.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.dllm.InvalidRequestException;
import dev.dllm.LanguageModel;
import dev.dllm.decode.Confidence;
import dev.dllm.decode.DecodeSettings;
import dev.dllm.eval.EvalSetting;
import dev.dllm.model.AttentionPattern;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SettingGridTest {
    private static final DecodeSettings BASE = DecodeSettings.of(new AttentionPattern.BlockCausal(8), 16, 8);

    @Test
    void everyCombinationIsNamedByWhatDiffers() {
        List<EvalSetting> settings = settings(Map.of(), "unmasking=threshold:0.6,threshold:0.9; cache=none,block", "--seed=7");
        assertEquals(
                List.of(
                        "unmasking=threshold:0.6 cache=none", "unmasking=threshold:0.6 cache=block",
                        "unmasking=threshold:0.9 cache=none", "unmasking=threshold:0.9 cache=block"),
                settings.stream().map(EvalSetting::name).toList());
        assertEquals("threshold:0.9", settings.get(2).settings().unmasking().toString());
        assertEquals("none", settings.get(2).settings().cache().toString());
        assertEquals("block", settings.get(3).settings().cache().toString());
        assertEquals(BASE.withSeed(7).randomness(), settings.get(3).settings().randomness());
        assertTrue(settings.getFirst().fitsAnswer());
    }

    @Test
    void aRuleThatAsksForASecondModelGetsIt() {
        try (LanguageModel judge = LanguageModel.load(Path.of("goldens/checkpoints/qwen2-ar"))) {
            List<Boolean> asking = new SettingGrid(List.of("unmasking=apd,threshold")).points(Map.of()).stream()
                    .map(point -> point.of(BASE, judge).settings().unmasking().needsVerifier())
                    .toList();
            assertEquals(List.of(false, false), asking);
        }
        assertTrue(settings(Map.of(), "unmasking=apd").getFirst().settings().unmasking().needsVerifier());
    }

    @Test
    void valuesThatHoldCommasAreSeparatedByBars() {
        List<EvalSetting> settings = settings(Map.of(), "unmasking=edit:0.7,0.5|threshold:0.9");
        assertEquals(
                List.of("unmasking=edit:0.7,0.5", "unmasking=threshold:0.9"),
                settings.stream().map(EvalSetting::name).toList());
    }

    @Test
    void optionsOfAllPointsGiveWayToTheGrid() {
        List<EvalSetting> settings =
                settings(Map.of("attention", "bidirectional", "cache", "none", "gen-length", "5"), "cache=block,none");
        assertEquals(List.of("cache=block", "cache=none"), settings.stream().map(EvalSetting::name).toList());
        assertEquals("block", settings.getFirst().settings().cache().toString());
        assertEquals(new AttentionPattern.Bidirectional(), settings.getFirst().settings().attention());
        assertEquals(5, settings.getFirst().settings().genLength());
        assertFalse(settings.getFirst().fitsAnswer());
    }

    @Test
    void aSinglePointIsNamedByItsOptions() {
        assertEquals("default", settings(Map.of()).getFirst().name());
        assertEquals("steps=4", settings(Map.of("steps", "4")).getFirst().name());
        assertEquals(Confidence.MARGIN, settings(Map.of("confidence", "margin")).getFirst().settings().confidence());
        assertEquals("steps=8 cache=none", settings(Map.of("steps", "4"), "steps=8;cache=none").getFirst().name());
    }

    @Test
    void whatIsNoGrid() {
        refused("unknown option 'chache'; known: gen-length, block-length", "chache=none,block");
        refused("unknown option 'model'", "model=a,b");
        refused("'cache': needs NAME=VALUE", "cache");
        refused("'': needs NAME=VALUE", "cache=none;");
        refused("empty value", "cache=none,");
        refused("one twice", "cache=none,none");
        refused("cache is given twice", "cache=none", "cache=block");
        refused("unknown cache policy 'blok'; known: none", "cache=none,blok");
        refused("unknown unmasking rule '0.5'", "unmasking=edit:0.7,0.5");
        refused("separated by |", "unmasking=edit:0.7,0.5");
        refused("'x' is not an int", "steps=4,x");
        String hundred = String.join(",", IntStream.range(0, 101).mapToObj(Integer::toString).toList());
        refused("more than 10000 settings", "seed=" + hundred, "steps=" + hundred);
    }

    private static List<EvalSetting> settings(Map<String, String> common, String... grid) {
        return new SettingGrid(List.of(grid)).points(common).stream().map(point -> point.of(BASE, null)).toList();
    }

    private static void refused(String message, String... grid) {
        InvalidRequestException e = assertThrows(
                InvalidRequestException.class, () -> new SettingGrid(Arrays.asList(grid)).points(Map.of()));
        assertTrue(e.getMessage().startsWith("--grid") && e.getMessage().contains(message), e.getMessage());
    }
}
