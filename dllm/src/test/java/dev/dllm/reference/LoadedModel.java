package dev.dllm.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.dllm.LanguageModel;
import dev.dllm.LoadOptions;
import dev.dllm.Logits;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/// What the runtime makes of a tiny checkpoint, loaded as a user would load it.
final class LoadedModel {
    /// The runtime computes in float32, whose roundings of 6e-8 add up over sums of a hundred products and up to five layers:
    /// measured, 3e-6 for logits of size 4, and 9e-6 for those of 35 that a tied head makes.
    static final double TOLERANCE = 3e-5;

    /// What a change of the formula must change at least, for a comparison to mean something.
    static final double VISIBLE = 0.05;

    private LoadedModel() {}

    /// Tokens that mix ordinary ids with masks.
    static int[] tokens(Shape shape, int length) {
        Random random = new Random(length);
        int[] tokens = new int[length];
        for (int i = 0; i < length; i++) {
            tokens[i] = random.nextInt(3) == 0 ? shape.vocabulary() - 1 : random.nextInt(shape.vocabulary());
        }
        return tokens;
    }

    /// Fails if the runtime's logits are not those of the reference.
    static void assertEqualToReference(TinyCheckpoint checkpoint, Path directory, int length) throws IOException {
        int[] tokens = tokens(checkpoint.shape(), length);
        double[][] expected = checkpoint.logits(tokens);
        float[][] found = logits(checkpoint.write(directory), LoadOptions.defaults(), tokens);
        for (int position = 0; position < length; position++) {
            for (int token = 0; token < expected[position].length; token++) {
                assertEquals(
                        expected[position][token], found[position][token], TOLERANCE,
                        "position " + position + " token " + token);
            }
        }
    }

    /// Fails if two sets of logits could be taken for one another.
    static void assertVisiblyDifferent(double[][] a, double[][] b) {
        double largest = 0;
        for (int position = 0; position < a.length; position++) {
            for (int token = 0; token < a[position].length; token++) {
                largest = Math.max(largest, Math.abs(a[position][token] - b[position][token]));
            }
        }
        assertTrue(largest > VISIBLE, "largest difference " + largest);
    }

    /// The logits of a whole sequence, `[position][token]`.
    static float[][] logits(Path directory, LoadOptions options, int... tokens) {
        try (LanguageModel model = LanguageModel.load(directory, options)) {
            return Logits.of(model, model.spec().pattern(), List.of(tokens), 0);
        }
    }
}
