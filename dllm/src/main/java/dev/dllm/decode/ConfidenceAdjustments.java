package dev.dllm.decode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The confidence adjustments by name.
public final class ConfidenceAdjustments {
    private static final String KNOWN = "density:WIDTH, rarity:FILE";

    private ConfidenceAdjustments() {}

    /// Reads an adjustment: `density:` and a width in positions, or `rarity:` and a file that holds a JSON list of the
    /// frequencies of all tokens by id.
    ///
    /// @throws IllegalArgumentException if the name is unknown, or the value does not fit it
    public static ConfidenceAdjustment parse(String text) {
        int colon = text.indexOf(':');
        String value = text.substring(colon + 1);
        return switch (colon < 0 ? text : text.substring(0, colon)) {
            case "density" -> new CertaintyDensity(number(text, value));
            case "rarity" -> new TokenRarity(frequencies(Path.of(value)), TokenRarity.DEFAULT_LIMIT);
            default -> throw new IllegalArgumentException(
                    "unknown confidence adjustment '" + text + "'; known: " + KNOWN);
        };
    }

    private static float number(String text, String value) {
        try {
            return Float.parseFloat(value);
        } catch (NumberFormatException _) {
            throw new IllegalArgumentException(
                    "confidence adjustment '" + text + "': '" + value + "' is not a number; known: " + KNOWN);
        }
    }

    private static float[] frequencies(Path file) {
        JsonNode list;
        try {
            list = new JsonMapper().readTree(Files.readString(file));
        } catch (IOException | JacksonException e) {
            throw new IllegalArgumentException("cannot read the token frequencies in " + file + ": " + e.getMessage(), e);
        }
        float[] frequencies = new float[list.size()];
        for (int token = 0; token < frequencies.length; token++) {
            if (!list.path(token).isNumber()) {
                throw new IllegalArgumentException("the token frequencies in " + file + " are not a list of numbers");
            }
            frequencies[token] = (float) list.path(token).asDouble();
        }
        return frequencies;
    }
}
