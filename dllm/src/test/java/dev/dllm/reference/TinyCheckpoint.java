package dev.dllm.reference;

import dev.dllm.checkpoint.SafetensorsWriter;
import dev.dllm.runtime.DType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/// Writes a network as a directory that a user could have downloaded.
///
/// @param layout  the family's own, or one with fused experts
/// @param changes fields of config.json beyond those of the shape
/// @param dtype   of all tensors
record TinyCheckpoint(
        Family family, TensorLayout layout, Shape shape, Weights weights, Map<String, Object> changes, DType dtype) {
    private static final Path GOLDEN = Path.of("goldens/checkpoints");
    private static final JsonMapper JSON = new JsonMapper();

    /// Random F32 weights as the family publishes them.
    static TinyCheckpoint random(Family family, Shape shape, long seed) {
        return new TinyCheckpoint(family, family.layout, shape, Weights.random(shape, seed), Map.of(), DType.F32);
    }

    TinyCheckpoint withFusedExperts() {
        return new TinyCheckpoint(family, layout.withFusedExperts(), shape, weights, changes, dtype);
    }

    /// With other fields of config.json; null removes one.
    TinyCheckpoint withConfig(Map<String, Object> changes) {
        return new TinyCheckpoint(family, layout, shape, weights, changes, dtype);
    }

    TinyCheckpoint withDType(DType dtype) {
        return new TinyCheckpoint(family, layout, shape, weights, changes, dtype);
    }

    /// What the reference makes of these tokens, `[position][token]`.
    double[][] logits(int... tokens) {
        return new ReferenceForward(shape, weights).logits(tokens);
    }

    /// Writes config.json and model.safetensors.
    Path write(Path directory) throws IOException {
        writeConfig(directory, shape);
        SafetensorsWriter writer = new SafetensorsWriter();
        for (TensorLayout.Stored tensor : layout.tensors(shape)) {
            writer.add(tensor.name(), dtype, tensor.shape(), values(tensor));
        }
        writer.write(directory.resolve("model.safetensors"));
        return directory;
    }

    /// Writes config.json alone, for a network of any shape.
    void writeConfig(Path directory, Shape shape) throws IOException {
        Files.createDirectories(directory);
        Map<String, Object> config = new LinkedHashMap<>(JSON.readValue(
                Files.readString(GOLDEN.resolve(family.golden).resolve("config.json")),
                new TypeReference<Map<String, Object>>() {}));
        config.putAll(family.config(shape));
        config.putAll(changes);
        Files.writeString(directory.resolve("config.json"), JSON.writeValueAsString(config));
    }

    private float[] values(TensorLayout.Stored tensor) {
        long count = 1;
        for (long extent : tensor.shape()) {
            count *= extent;
        }
        float[] values = new float[Math.toIntExact(count)];
        int next = 0;
        for (String part : tensor.parts()) {
            for (double[] row : weights.matrix(part)) {
                for (double value : row) {
                    values[next++] = (float) value;
                }
            }
        }
        return values;
    }
}
