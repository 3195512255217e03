package dev.dllm.decode;

import dev.dllm.choice.Choices;
import dev.dllm.files.FileFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The confidence adjustments by name.
public final class ConfidenceAdjustments {
    private static final Choices<ConfidenceAdjustment> ADJUSTMENTS = new Choices<>("confidence adjustment");

    static {
        ADJUSTMENTS.add("density", "[width]", a -> new CertaintyDensity(a.number(0, CertaintyDensity.DEFAULT_WIDTH)));
        ADJUSTMENTS.add("draw", "[temperature]", a -> new DrawnOrder(a.number(0, 1)));
        ADJUSTMENTS.add("rarity", "[file[,limit]]", a ->
                new TokenRarity(frequencies(Path.of(a.text(0))), a.number(1, TokenRarity.DEFAULT_LIMIT)));
    }

    private ConfidenceAdjustments() {}

    /// Reads an adjustment: a name, then optionally a colon and values separated by commas. The file of `rarity` is a JSON list
    /// of the frequencies of all tokens by id.
    ///
    /// @throws IllegalArgumentException if the name is unknown, or the values do not fit it
    public static ConfidenceAdjustment parse(String text) {
        return ADJUSTMENTS.parse(text);
    }

    /// All of them with their arguments, for messages and help.
    public static String known() {
        return ADJUSTMENTS.known();
    }

    private static float[] frequencies(Path file) {
        JsonNode list;
        try {
            list = new JsonMapper().readTree(Files.readString(file));
        } catch (IOException e) {
            throw new IllegalArgumentException("cannot read the token frequencies in " + file + ": " + FileFailure.reason(e), e);
        } catch (JacksonException e) {
            throw new IllegalArgumentException("the token frequencies in " + file + " are no valid JSON", e);
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
