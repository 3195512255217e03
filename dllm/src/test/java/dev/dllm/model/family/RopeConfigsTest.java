package dev.dllm.model.family;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.dllm.model.ConfigFile;
import dev.dllm.model.Rope;
import dev.dllm.model.RopeScaling;
import dev.dllm.model.UnsupportedModelException;
import java.nio.charset.StandardCharsets;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class RopeConfigsTest {
    private static final Rope PLAIN = new Rope(10000, 8);

    @Test
    void thetaStandsInEitherPlaceOrComesFromTheFamily() {
        assertEquals(PLAIN, read("'rope_theta': 10000, 'rope_scaling': null"));
        assertEquals(PLAIN, read("'rope_theta': 10000.0, 'rope_scaling': false"));
        assertEquals(PLAIN, read("'rope_parameters': {'rope_theta': 10000}"));
        assertEquals(PLAIN, read("'rope_parameters': {'rope_theta': 10000, 'rope_type': 'default'}"));
        assertEquals(PLAIN, read("'rope_theta': 10000, 'rope_parameters': {'rope_theta': 10000}"));
        assertEquals(PLAIN, RopeConfigs.read(config(""), 8, 10000));
        assertEquals(new Rope(5, 8), RopeConfigs.read(config("'rope_theta': 5"), 8, 10000));
        refused("", "rope_theta is missing; needs a number");
        refused("'rope_parameters': {'rope_type': 'default'}", "rope_theta is missing");
        refused("'rope_theta': 10000, 'rope_parameters': {'rope_theta': 20000}", "10000.0, but 20000.0 inside rope_parameters");
        refused("'rope_theta': 1", "theta 1.0");
    }

    @Test
    void everyTypeInBothStyles() {
        both("'type': 'linear', 'factor': 2", new RopeScaling.Linear(2));
        both("'rope_type': 'linear', 'factor': 2", new RopeScaling.Linear(2));
        both("'type': 'linear', 'rope_type': 'linear', 'factor': 2.5", new RopeScaling.Linear(2.5));
        both("'type': 'ntk', 'factor': 4", new RopeScaling.Ntk(4));
        both("'type': 'dynamic', 'factor': 4", new RopeScaling.DynamicNtk(4, 512));
        both("'type': 'dynamic', 'factor': 4, 'original_max_position_embeddings': 512", new RopeScaling.DynamicNtk(4, 512));
        both("'type': 'yarn', 'factor': 4", new RopeScaling.Yarn(4, 512));
        both("'type': 'yarn', 'factor': 4, 'original_max_position_embeddings': 128, 'truncate': true",
                new RopeScaling.Yarn(4, 128));
        both("'type': 'yarn', 'factor': 4, 'beta_fast': 16, 'beta_slow': 2, 'attention_factor': 1.5",
                new RopeScaling.Yarn(4, 512, 16, 2, 1.5f));
        both("'type': 'yarn', 'factor': 4, 'mscale': 1", new RopeScaling.Yarn(4, 512));
        both("'type': 'yarn', 'factor': 4, 'mscale': 2, 'mscale_all_dim': 1", new RopeScaling.Yarn(
                4, 512, 32, 1, (float) ((0.2 * Math.log(4) + 1) / (0.1 * Math.log(4) + 1))));
        both("'type': 'yarn', 'factor': 4, 'mscale': 2, 'mscale_all_dim': 1, 'attention_factor': 1.5",
                new RopeScaling.Yarn(4, 512, 32, 1, 1.5f));
        both("'type': 'default'", new RopeScaling.None());
    }

    /// Behind the original positions queries grow, which is not computed.
    @Test
    void theContextEndsWhereQueriesWouldGrow() {
        String yarn = "'max_position_embeddings': 512, 'rope_parameters': {'rope_theta': 10000, 'type': 'yarn', 'factor': 4, "
                + "'original_max_position_embeddings': 128";
        assertEquals(512, limit(yarn + "}"));
        assertEquals(512, limit(yarn + ", 'llama_4_scaling_beta': 0}"));
        assertEquals(128, limit(yarn + ", 'llama_4_scaling_beta': 0.1}"));
    }

    private static int limit(String fields) {
        return RopeConfigs.contextLimit(config(fields), read(fields));
    }

    @Test
    void whatIsNotComputedIsRefused() {
        scalingRefused("'type': 'longrope', 'factor': 2",
                "rope_type is \"longrope\"; accepted: default, linear, ntk, dynamic, yarn");
        scalingRefused("'factor': 2", "rope_type is missing; accepted: default, linear, ntk, dynamic, yarn");
        scalingRefused("'type': 'linear', 'rope_type': 'yarn', 'factor': 2", "rope_type is \"yarn\", but type \"linear\"");
        scalingRefused("'type': 'linear'", "factor is missing");
        scalingRefused("'type': 'linear', 'factor': 0.5", "factor of 1 or more");
        scalingRefused("'type': 'default', 'factor': 2", "factor is not known; accepted: rope_type, type");
        scalingRefused("'type': 'ntk', 'factor': 2, 'mixed_b': 1", "mixed_b is not known");
        scalingRefused("'type': 'yarn', 'factor': 2, 'truncate': false", "truncate is false; needs true or nothing");
        scalingRefused("'type': 'yarn', 'factor': 2, 'beta_fast': 1, 'beta_slow': 2", "fast > slow > 0");
        scalingRefused("'type': 'yarn', 'factor': 2, 'attention_factor': 0", "attention factor of 0.0");
        scalingRefused("'type': 'dynamic', 'factor': 2, 'original_max_position_embeddings': 128", "needs 512 or nothing");
        refused("'rope_theta': 10000, 'rope_scaling': true", "rope_scaling is true; needs an object");
        refused("'rope_theta': 10000, 'rope_scaling': 'linear'", "rope_scaling is \"linear\"; needs an object");
        refused("'rope_parameters': {'full_attention': {'rope_theta': 10000}}", "rope_theta is missing");
        refused("'rope_theta': 10000, 'rope_parameters': {'full_attention': {}}", "full_attention is not known");
        refused("'rope_theta': 10000, 'rope_scaling': {'type': 'yarn', 'factor': 2}", "max_position_embeddings is missing");
    }

    @Test
    void theTwoPlacesMayNotContradict() {
        String linear = "'rope_theta': 10000, 'rope_scaling': {'type': 'linear', 'factor': 2}, ";
        assertEquals(new Rope(10000, 8, new RopeScaling.Linear(2)),
                read(linear + "'rope_parameters': {'rope_type': 'linear', 'factor': 2}"));
        refused(linear + "'rope_parameters': {'rope_type': 'linear', 'factor': 3}",
                "rope_scaling asks for linear by 2.0, but rope_parameters for linear by 3.0");
        refused(linear + "'rope_parameters': {'rope_theta': 10000}", "but rope_parameters for none");
    }

    @Test
    void partlyRotatedHeads() {
        assertEquals(OptionalDouble.empty(), RopeConfigs.partialRotaryFactor(config("")));
        assertEquals(OptionalDouble.of(0.5), RopeConfigs.partialRotaryFactor(config("'partial_rotary_factor': 0.5")));
        assertEquals(OptionalDouble.of(0.5),
                RopeConfigs.partialRotaryFactor(config("'rope_parameters': {'partial_rotary_factor': 0.5}")));
        String half = "'rope_parameters': {'rope_theta': 10000, 'partial_rotary_factor': 0.5}";
        assertEquals(PLAIN, read("'head_dim': 16, " + half));
        assertEquals(PLAIN, read("'hidden_size': 64, 'num_attention_heads': 4, " + half));
        refused("'head_dim': 8, " + half, "partial_rotary_factor is 0.5 of heads of 8; this family rotates 8");
        refused("'partial_rotary_factor': 1, " + half, "partial_rotary_factor is 1.0, but 0.5 inside rope_parameters");
    }

    private static void both(String fields, RopeScaling expected) {
        Rope rope = new Rope(10000, 8, expected);
        String positions = "'max_position_embeddings': 512, ";
        assertEquals(rope, read(positions + "'rope_theta': 10000, 'rope_scaling': {" + fields + "}"));
        assertEquals(rope, read(positions + "'rope_parameters': {'rope_theta': 10000, " + fields + "}"));
    }

    private static void scalingRefused(String fields, String part) {
        refused("'max_position_embeddings': 512, 'rope_theta': 10000, 'rope_scaling': {" + fields + "}", part);
    }

    private static void refused(String fields, String part) {
        String message = assertThrows(UnsupportedModelException.class, () -> read(fields)).getMessage();
        assertTrue(message.startsWith("config.json: ") && message.contains(part), message);
    }

    private static Rope read(String fields) {
        return RopeConfigs.read(config(fields), 8);
    }

    private static ConfigFile config(String fields) {
        return ConfigFile.parse("config.json", ("{" + fields + "}").replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }
}
