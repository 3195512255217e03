package dev.dllm.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.dllm.runtime.DType;
import dev.dllm.runtime.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Damaged files either open, with every tensor readable in full, or are refused; nothing else happens.
@Timeout(60)
class SafetensorsFuzzTest {

    private static final byte[] FILE = new SafetensorsWriter()
            .metadata("format", "pt")
            .add("model.norm.weight", DType.BF16, new long[] {8}, 1, 2, 3, 4, 5, 6, 7, 8)
            .add("model.router.bias", DType.F32, new long[] {4, 2}, 1, 2, 3, 4, 5, 6, 7, 8)
            .add("fp8", "F8_E4M3", new long[] {2, 2}, new byte[4])
            .add("ids", DType.I32, new long[] {1, 1, 3}, 1, 2, 3)
            .toBytes();
    private static final int HEADER_END = new String(FILE, StandardCharsets.ISO_8859_1).lastIndexOf('}') + 1;
    private static final String INDEX = """
            {"metadata":{"total_size":64},"weight_map":{"model.norm.weight":"a.safetensors","ids":"a.safetensors"}}""";
    /// What headers are made of reaches deeper than random bytes do.
    private static final byte[] ALPHABET = "{}[]\":,\\-.0123456789eEF\0".getBytes(StandardCharsets.UTF_8);

    private final SplittableRandom random = new SplittableRandom(20_250_101);

    @Test
    void damagedFiles() {
        int files = 5_000;
        int opened = 0;
        for (int i = 0; i < files; i++) {
            opened += opens(damaged(FILE));
        }
        assertMixed(opened, files);
    }

    /// The header alone is damaged, and its length is right.
    @Test
    void damagedHeaders() {
        String header = new String(FILE, Long.BYTES, HEADER_END - Long.BYTES, StandardCharsets.UTF_8);
        byte[] data = Arrays.copyOfRange(FILE, HEADER_END, FILE.length);
        int files = 5_000;
        int opened = 0;
        for (int i = 0; i < files; i++) {
            byte[] damaged = damaged(header.getBytes(StandardCharsets.UTF_8));
            opened += opens(SafetensorsWriter.file(new String(damaged, StandardCharsets.UTF_8), data));
        }
        assertMixed(opened, files);
    }

    @Test
    void damagedIndexes(@TempDir Path directory) throws IOException {
        Files.write(directory.resolve("a.safetensors"), FILE);
        Path index = directory.resolve("model.safetensors.index.json");
        int files = 1_000;
        int opened = 0;
        for (int i = 0; i < files; i++) {
            Files.write(index, damaged(INDEX.getBytes(StandardCharsets.UTF_8)));
            try (Arena arena = Arena.ofConfined()) {
                opened += opens(() -> Safetensors.open(directory, arena));
            }
        }
        assertMixed(opened, files);
    }

    private static int opens(byte[] file) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(file.length).copyFrom(MemorySegment.ofArray(file));
            return opens(() -> Safetensors.of(memory, "memory"));
        }
    }

    /// 1 if it opens and holds what it says, 0 if it is refused.
    private static int opens(Supplier<Checkpoint> open) {
        Checkpoint checkpoint;
        try {
            checkpoint = open.get();
        } catch (CheckpointException refused) {
            assertReadable(refused);
            return 0;
        }
        for (TensorInfo info : checkpoint.tensors()) {
            try {
                Tensor tensor = checkpoint.tensor(info.name());
                assertEquals(info.elements(), (long) tensor.rows() * tensor.cols());
                assertEquals(info.bytes(), tensor.byteSize());
                assertEquals(info.bytes(), tensor.segment().toArray(ValueLayout.JAVA_BYTE).length);
                if (info.elements() > 0) {
                    tensor.get(tensor.rows() - 1, tensor.cols() - 1);
                }
            } catch (CheckpointException refused) {
                assertReadable(refused);
            }
        }
        return 1;
    }

    private static void assertReadable(CheckpointException refused) {
        assertTrue(refused.getMessage().chars().noneMatch(Character::isISOControl), refused.getMessage());
    }

    /// A run in which all or nothing opens has tested little.
    private static void assertMixed(int opened, int files) {
        assertTrue(opened > files / 50 && opened < files * 9 / 10, opened + " of " + files + " opened");
    }

    private byte[] damaged(byte[] file) {
        byte[] bytes = file.clone();
        for (int changes = random.nextInt(1, 4); changes > 0 && bytes.length > 0; changes--) {
            int at = random.nextInt(bytes.length);
            int length = Math.min(random.nextInt(1, 12), bytes.length - at);
            switch (random.nextInt(8)) {
                case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> bytes = Arrays.copyOf(bytes, at);
                case 2 -> bytes = spliced(bytes, at, at + length, new byte[0]);
                case 3 -> bytes = spliced(bytes, at, at, Arrays.copyOfRange(bytes, at, at + length));
                case 4 -> bytes = spliced(bytes, at, at, randomBytes(length));
                case 5 -> bytes = spliced(bytes, at, at, new byte[] {ALPHABET[random.nextInt(ALPHABET.length)]});
                default -> bytes[at] = ALPHABET[random.nextInt(ALPHABET.length)];
            }
        }
        return bytes;
    }

    private byte[] randomBytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    /// `bytes` with `[from, to)` replaced.
    private static byte[] spliced(byte[] bytes, int from, int to, byte[] replacement) {
        byte[] result = Arrays.copyOf(bytes, from + replacement.length + bytes.length - to);
        System.arraycopy(replacement, 0, result, from, replacement.length);
        System.arraycopy(bytes, to, result, from + replacement.length, bytes.length - to);
        return result;
    }
}
