package dev.dllm.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.dllm.checkpoint.Checkpoint;
import dev.dllm.checkpoint.Safetensors;
import dev.dllm.runtime.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The reference computes what the authors' own implementations computed.
class ReferenceGoldensTest {
    private static final Path GOLDENS = Path.of("goldens");

    /// The goldens are float32; the manifest states their distance to float64, up to 1.9e-4 for SDAR-MoE.
    private static final double TOLERANCE = 3e-4;

    private static final Pattern CASE = Pattern.compile("(full|blockcausal(\\d+))-.*\\.safetensors");

    /// Nemotron has no golden.
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NEMOTRON")
    void everyLogitsCase(Family family) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            Shape shape = shape(family);
            Checkpoint checkpoint = Safetensors.open(
                    GOLDENS.resolve("checkpoints").resolve(family.golden).resolve("model.safetensors"), arena);
            List<TensorLayout.Stored> tensors = family.layout.tensors(shape);
            assertEquals(tensors.size(), checkpoint.tensors().size());
            Weights weights = weights(shape, tensors, checkpoint);
            int cases = 0;
            for (Path file : cases(family)) {
                Matcher name = CASE.matcher(file.getFileName().toString());
                if (name.matches()) {
                    int block = name.group(2) == null ? 0 : Integer.parseInt(name.group(2));
                    compare(new ReferenceForward(shape.withBlock(block), weights), Safetensors.open(file, arena), file);
                    cases++;
                }
            }
            assertTrue(cases >= 4, cases + " cases");
        }
    }

    private static void compare(ReferenceForward forward, Checkpoint golden, Path file) {
        Tensor ids = golden.tensor("input_ids");
        Tensor expected = golden.tensor("logits");
        int length = ids.cols();
        for (int sequence = 0; sequence < ids.rows(); sequence++) {
            int row = sequence;
            double[][] logits = forward.logits(IntStream.range(0, length).map(i -> (int) ids.get(row, i)).toArray());
            for (int position = 0; position < length; position++) {
                for (int token = 0; token < expected.cols(); token++) {
                    assertEquals(
                            expected.get(row * length + position, token), logits[position][token], TOLERANCE,
                            file + " sequence " + row + " position " + position + " token " + token);
                }
            }
        }
    }

    private static Weights weights(Shape shape, List<TensorLayout.Stored> tensors, Checkpoint checkpoint) {
        Map<String, double[][]> weights = new LinkedHashMap<>();
        for (TensorLayout.Stored stored : tensors) {
            Tensor tensor = checkpoint.tensor(stored.name());
            int next = 0;
            for (String part : stored.parts()) {
                int[] size = shape.weights().get(part);
                double[][] matrix = new double[size[0]][size[1]];
                for (double[] values : matrix) {
                    for (int i = 0; i < values.length; i++) {
                        values[i] = tensor.get(next, i);
                    }
                    next++;
                }
                weights.put(part, matrix);
            }
            assertEquals(tensor.rows(), next, stored.name());
        }
        return new Weights(weights);
    }

    private static List<Path> cases(Family family) throws IOException {
        List<Path> files = new ArrayList<>();
        try (Stream<Path> all = Files.list(GOLDENS.resolve("logits").resolve(family.golden))) {
            all.sorted().forEach(files::add);
        }
        return files;
    }

    /// The sizes of the golden checkpoints.
    private static Shape shape(Family family) {
        FeedForward.Experts normalized = new FeedForward.Experts(8, 32, 0, Router.softmax(2, true));
        return switch (family) {
            case LLADA -> Shapes.dense(320, 64, 4, 4, 500000, 3, 160).withEps(1e-5);
            case DREAM -> Shapes.dense(352, 64, 4, 2, 1e6, 3, 144).withQkvBias();
            case SDAR -> Shapes.dense(288, 64, 4, 2, 1e6, 3, 144).withQkNorm();
            case SDLM -> Shapes.dense(300, 64, 4, 2, 1e6, 3, 144).withQkvBias();
            case ILLADA, NEMOTRON -> Shapes.dense(280, 64, 4, 2, 500000, 3, 136).withEps(1e-5).withTiedHead();
            case LLADA_MOE -> Shapes.dense(336, 64, 4, 4, 50000, 1, 1).withEps(1e-5).withQkNorm()
                    .withLayers(Shapes.layers(0, 0, 3, new FeedForward.Experts(8, 48, 0, Router.softmax(2, false))));
            case SDAR_MOE -> Shapes.dense(272, 48, 4, 2, 1e6, 1, 1).withQkNorm()
                    .withHeads(4, 2, 16).withRotary(Rotary.plain(16, 1e6)).withLayers(Shapes.layers(0, 0, 3, normalized));
            case RND1 -> Shapes.dense(284, 48, 4, 2, 1e6, 1, 1).withQkNorm()
                    .withHeads(4, 2, 16).withRotary(Rotary.plain(16, 1e6)).withLayers(Shapes.layers(0, 0, 3, normalized));
            case LLADA2 -> Shapes.dense(400, 64, 4, 2, 1, 1, 1).withQkNorm()
                    .withHeads(4, 2, 32).withRotary(Rotary.plain(16, 600000))
                    .withLayers(Shapes.layers(1, 128, 3, new FeedForward.Experts(16, 32, 32, Router.grouped(4, 4, 2, 2.5))));
            case LLADA22 -> Shapes.dense(300, 48, 4, 2, 1, 1, 1).withQkNorm()
                    .withHeads(4, 2, 16).withRotary(Rotary.plain(8, 3e6))
                    .withLayers(Shapes.layers(1, 96, 2, new FeedForward.Experts(16, 24, 24, Router.perBlock(4, 2.5, 8, 6))));
        };
    }
}
