package dev.dllm.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.dllm.runtime.DType;
import dev.dllm.runtime.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsTest {

    private static final Path GOLDENS = Path.of("../dllm/goldens/checkpoints");

    @TempDir
    private Path directory;

    @Test
    void readsEveryElementTypeAsItWasWritten() {
        float[] values = {-3, 0, 1, 2, 100, -128};
        SafetensorsWriter writer = new SafetensorsWriter();
        for (DType dtype : DType.values()) {
            writer.add(dtype.name(), dtype, new long[] {2, 3}, values);
        }
        Path file = writer.metadata("format", "pt").write(directory.resolve("any-name"));
        try (Arena arena = Arena.ofConfined()) {
            Checkpoint checkpoint = Safetensors.open(file, arena);
            assertEquals(file.toString(), checkpoint.source());
            assertEquals(DType.values().length, checkpoint.tensors().size());
            for (DType dtype : DType.values()) {
                Tensor tensor = checkpoint.tensor(dtype.name());
                assertEquals(dtype + "[2, 3]", tensor.toString());
                for (int i = 0; i < values.length; i++) {
                    assertEquals(values[i], tensor.get(i / 3, i % 3));
                }
            }
        }
    }

    @Test
    void makesAMatrixOfEveryShape() {
        Checkpoint checkpoint = checkpoint(new SafetensorsWriter()
                .add("scalar", DType.F32, new long[0], 7)
                .add("vector", DType.F32, new long[] {3}, 1, 2, 3)
                .add("cube", DType.F32, new long[] {2, 1, 3}, 1, 2, 3, 4, 5, 6)
                .add("no rows", DType.F32, new long[] {0, 5})
                .add("no rows either", DType.F32, new long[] {4, 0, 5}));
        assertEquals("F32[1, 1]", checkpoint.tensor("scalar").toString());
        assertEquals(7, checkpoint.tensor("scalar").get(0, 0));
        assertEquals("F32[1, 3]", checkpoint.tensor("vector").toString());
        assertEquals("F32[2, 3]", checkpoint.tensor("cube").toString());
        assertEquals(4, checkpoint.tensor("cube").get(1, 0));
        assertEquals("F32[0, 5]", checkpoint.tensor("no rows").toString());
        assertEquals("F32[0, 5]", checkpoint.tensor("no rows either").toString());
    }

    @Test
    void listsTensorsInTheOrderInWhichTheyLie() {
        byte[] file = SafetensorsWriter.file("""
                {"second":{"dtype":"I8","shape":[1],"data_offsets":[2,3]},
                "first":{"note":{"deep":[1,{}]},"data_offsets":[0,2],"shape":[2],"dtype":"U8"},
                "empty":{"dtype":"I64","shape":[0],"data_offsets":[2,2]}}  \s""", (byte) 1, (byte) 2, (byte) 3);
        Checkpoint checkpoint = Safetensors.of(nativeCopy(file), "memory");
        assertEquals("memory", checkpoint.source());
        assertEquals(
                List.of(new TensorInfo("first", "U8", List.of(2L), 2),
                        new TensorInfo("empty", "I64", List.of(0L), 0),
                        new TensorInfo("second", "I8", List.of(1L), 1)),
                List.copyOf(checkpoint.tensors()));
        assertEquals(3, checkpoint.tensor("second").get(0, 0));
        assertEquals(Optional.of(1L), checkpoint.info("second").map(TensorInfo::elements));
        assertEquals(Optional.empty(), checkpoint.info("third"));
    }

    @Test
    void readsDataThatIsNotAligned() {
        for (int shift = 0; shift < 8; shift++) {
            Checkpoint checkpoint = checkpoint(new SafetensorsWriter()
                    .add("shift", "U8", new long[] {shift}, new byte[shift])
                    .add("x", DType.F32, new long[] {2}, 1.5f, -2.25f));
            assertEquals(-2.25f, checkpoint.tensor("x").get(0, 1));
        }
    }

    @Test
    void aTensorIsAReadOnlyViewOfItsOwnBytesOnly() {
        MemorySegment file = nativeCopy(new SafetensorsWriter()
                .add("before", DType.F32, new long[] {4}, 1, 2, 3, 4)
                .add("x", DType.F32, new long[] {2}, 5, 6)
                .toBytes());
        Tensor tensor = Safetensors.of(file, "memory").tensor("x");
        assertEquals(file.address() + file.byteSize() - 8, tensor.segment().address());
        assertEquals(8, tensor.segment().byteSize());
        assertTrue(tensor.segment().isReadOnly());
        file.set(ValueLayout.JAVA_FLOAT_UNALIGNED, file.byteSize() - 8, 50);
        assertEquals(50, tensor.get(0, 0));
    }

    @Test
    void theMappingLivesAsLongAsItsArenaAndTheFileIsClosed() throws Exception {
        Path file = new SafetensorsWriter().add("x", DType.F32, new long[] {1}, 5).write(directory.resolve("x"));
        Tensor tensor;
        try (Arena arena = Arena.ofConfined()) {
            tensor = Safetensors.open(file, arena).tensor("x");
            Files.delete(file);
            assertEquals(5, tensor.get(0, 0));
        }
        assertFalse(tensor.memory().isAlive());
        assertThrows(IllegalStateException.class, () -> tensor.get(0, 0));
    }

    @Test
    void aHeapSegmentIsRefused() {
        MemorySegment heap = MemorySegment.ofArray(new SafetensorsWriter().toBytes());
        assertThrows(IllegalArgumentException.class, () -> Safetensors.of(heap, "memory"));
    }

    @Test
    void shardsHoldTheSameBytesAsTheSingleFile() {
        try (Arena arena = Arena.ofConfined()) {
            Checkpoint single = Safetensors.open(GOLDENS.resolve("llada2-moe"), arena);
            Checkpoint sharded = Safetensors.open(GOLDENS.resolve("llada2-moe-sharded"), arena);
            assertEquals(single.tensors().size(), sharded.tensors().size());
            long bytes = 0;
            for (TensorInfo info : single.tensors()) {
                assertEquals(Optional.of(info), sharded.info(info.name()));
                assertEquals(-1, single.tensor(info.name()).segment().mismatch(sharded.tensor(info.name()).segment()));
                bytes += info.bytes();
            }
            assertEquals(1_965_504, bytes, "total_size in the index");
        }
    }

    @Test
    void bfloat16HoldsTheRoundedWeights() {
        try (Arena arena = Arena.ofConfined(); Arena scratch = Arena.ofConfined()) {
            Checkpoint exact = Safetensors.open(GOLDENS.resolve("llada2-moe"), arena);
            Checkpoint rounded = Safetensors.open(GOLDENS.resolve("llada2-moe-bf16/model.safetensors"), arena);
            MemorySegment element = scratch.allocate(2);
            int compared = 0;
            for (TensorInfo info : rounded.tensors()) {
                Tensor from = exact.tensor(info.name());
                Tensor to = rounded.tensor(info.name());
                assertEquals(from.rows(), to.rows());
                assertEquals(from.cols(), to.cols());
                for (int i = 0; to.dtype() == DType.BF16 && i < to.rows(); i += 7) {
                    DType.BF16.write(element, 0, from.get(i, i % to.cols()));
                    assertEquals(DType.BF16.read(element, 0), to.get(i, i % to.cols()), info.name());
                    compared++;
                }
            }
            assertTrue(compared > 100, "compared " + compared);
        }
    }

    @Test
    void aLargeCheckpointOpensWellUnderASecond() {
        int files = 5;
        int tensorsPerFile = 3_000;
        for (int file = 1; file <= files; file++) {
            SafetensorsWriter shard = new SafetensorsWriter();
            for (int i = 0; i < tensorsPerFile; i++) {
                shard.add("model.layers.%d.mlp.experts.%d.gate_proj.weight".formatted(file, i), "BF16",
                        new long[] {1, 2}, new byte[4]);
            }
            shard.write(directory.resolve("model-%05d-of-%05d.safetensors".formatted(file, files)));
        }
        long best = Long.MAX_VALUE;
        for (int run = 0; run < 5; run++) {
            long start = System.nanoTime();
            try (Arena arena = Arena.ofShared()) {
                assertEquals(files * tensorsPerFile, Safetensors.open(directory, arena).tensors().size());
            }
            best = Math.min(best, System.nanoTime() - start);
        }
        assertTrue(best < 1_000_000_000, "best of five: " + best + " ns");
    }

    private static Checkpoint checkpoint(SafetensorsWriter writer) {
        return Safetensors.of(nativeCopy(writer.toBytes()), "memory");
    }

    private static MemorySegment nativeCopy(byte[] bytes) {
        return Arena.ofAuto().allocate(bytes.length, 8).copyFrom(MemorySegment.ofArray(bytes));
    }
}
