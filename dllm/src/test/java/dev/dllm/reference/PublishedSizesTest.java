package dev.dllm.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.dllm.LoadOptions;
import dev.dllm.ModelInspection;
import dev.dllm.runtime.DType;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.json.JsonMapper;

/// Checkpoints of released sizes, with the names and shapes that their authors publish and nothing behind the headers: the
/// families find every tensor, leave none over, and count the published number of parameters.
class PublishedSizesTest {
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    Path directory;

    /// Releases with their parameters, all and those that a token passes.
    enum Release {
        LLADA_8B(Family.LLADA, Shapes.dense(126464, 4096, 32, 32, 500000, 32, 12288), 8_015_581_184L, 8_015_581_184L),
        LLADA_MOE(
                Family.LLADA_MOE,
                Shapes.dense(157184, 2048, 16, 16, 50000, 1, 1).withQkNorm().withLayers(Collections.nCopies(
                        16, new FeedForward.Experts(64, 1024, 0, Router.softmax(8, false)))),
                7_356_880_896L, 1_719_736_320L),
        LLADA2_MINI(Family.LLADA2, llada2(2048, 16, 20, 5120, 512), 16_255_643_392L, 1_432_973_056L),
        LLADA2_FLASH(Family.LLADA2, llada2(4096, 32, 32, 9216, 1024), 102_889_705_216L, 6_152_277_760L),
        DREAM_7B(
                Family.DREAM, Shapes.dense(152064, 3584, 28, 4, 1000000, 28, 18944).withQkvBias(), 7_615_616_512L,
                7_615_616_512L),
        SDAR_4B(
                Family.SDAR,
                Shapes.dense(151936, 2560, 32, 8, 1000000, 36, 9728).withHeads(32, 8, 128)
                        .withRotary(Rotary.plain(128, 1000000)).withQkNorm().withBlock(4),
                4_411_424_256L, 4_411_424_256L),
        SDAR_8B(
                Family.SDAR, Shapes.dense(151936, 4096, 32, 8, 1000000, 36, 12288).withQkNorm().withBlock(4),
                8_190_735_360L, 8_190_735_360L),
        RND1(
                Family.RND1,
                Shapes.dense(151936, 2048, 32, 4, 1000000, 1, 1).withHeads(32, 4, 128)
                        .withRotary(Rotary.plain(128, 1000000)).withQkNorm().withLayers(Collections.nCopies(
                                48, new FeedForward.Experts(128, 768, 0, Router.softmax(8, true)))),
                30_532_122_624L, 3_353_032_704L),
        NEMOTRON_3B(
                Family.NEMOTRON,
                Shapes.dense(131072, 3072, 32, 8, 1000000, 26, 9216).withHeads(32, 8, 128)
                        .withRotary(Rotary.plain(128, 1000000)).withBlock(32),
                3_831_659_520L, 3_831_659_520L),
        NEMOTRON_8B(
                Family.NEMOTRON, Shapes.dense(131072, 4096, 32, 8, 1000000, 34, 14336).withBlock(32), 8_489_553_920L,
                8_489_553_920L),
        ILLADA_8B(
                Family.ILLADA, Shapes.dense(155136, 4096, 32, 8, 500000, 32, 14336).withTiedHead(), 7_615_025_152L,
                7_615_025_152L);

        private final Family family;
        private final Shape shape;
        private final long parameters;
        private final long active;

        Release(Family family, Shape shape, long parameters, long active) {
            this.family = family;
            this.shape = shape;
            this.parameters = parameters;
            this.active = active;
        }

        private static Shape llada2(int hidden, int heads, int layers, int width, int expertWidth) {
            return Shapes.dense(157184, hidden, heads, 4, 600000, 1, 1).withQkNorm().withBlock(32)
                    .withRotary(Rotary.plain(64, 600000))
                    .withLayers(Shapes.layers(
                            1, width, layers - 1,
                            new FeedForward.Experts(256, expertWidth, expertWidth, Router.grouped(8, 8, 4, 2.5))));
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyTensorIsFoundAndCounted(Release release) throws IOException {
        write(release);
        ModelInspection inspection = ModelInspection.of(directory, LoadOptions.defaults());

        assertEquals(Optional.empty(), inspection.problem());
        assertEquals(List.of(), inspection.network().orElseThrow().unused());
        assertEquals(List.of(), inspection.network().orElseThrow().warnings());
        assertEquals(release.parameters, inspection.parameters());
        assertEquals(release.active, inspection.activeParameters());
        assertEquals(2 * release.parameters, inspection.bytes());
    }

    private void write(Release release) throws IOException {
        new TinyCheckpoint(
                        release.family, release.family.layout, Shapes.dense(), Weights.random(Shapes.dense(), 1), Map.of(),
                        DType.F32)
                .writeConfig(directory, release.shape);
        Map<String, Object> header = new LinkedHashMap<>();
        long end = 0;
        for (TensorLayout.Stored tensor : release.family.layout.tensors(release.shape)) {
            long start = end;
            long count = 1;
            for (long extent : tensor.shape()) {
                count *= extent;
            }
            end = start + DType.BF16.bytes(count);
            header.put(tensor.name(), Map.of("dtype", "BF16", "shape", tensor.shape(), "data_offsets", List.of(start, end)));
        }
        byte[] json = JSON.writeValueAsString(header).getBytes(StandardCharsets.UTF_8);
        try (RandomAccessFile file = new RandomAccessFile(directory.resolve("model.safetensors").toFile(), "rw")) {
            file.write(ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(json.length).array());
            file.write(json);
            file.setLength(Long.BYTES + json.length + end);
        }
    }
}
