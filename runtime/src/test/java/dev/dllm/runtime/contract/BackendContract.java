package dev.dllm.runtime.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.dllm.runtime.Backend;
import dev.dllm.runtime.DType;
import dev.dllm.runtime.Indices;
import dev.dllm.runtime.Memory;
import dev.dllm.runtime.Tensor;
import dev.dllm.runtime.Weight;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.BitSet;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What surrounds the ops: memory, copies, packing.
abstract class BackendContract extends Contract {
    private final Set<DType> expectedTypes;

    BackendContract(IntFunction<Backend> open, Set<DType> expectedTypes) {
        super(open);
        this.expectedTypes = expectedTypes;
    }

    /// What is not listed is not supported; nothing is left out in silence.
    @Test
    void multipliesWhatItsTestsExpect() {
        assertEquals(expectedTypes, EnumSet.copyOf(weightTypes()));
        assertFalse(backend().multiplies(DType.I32));
    }

    @Test
    void saysWhoItIs() {
        assertEquals(backend().name().toLowerCase(Locale.ROOT), backend().name());
        assertFalse(backend().name().isBlank());
        assertEquals(1, backend().description().lines().count());
    }

    @Test
    void allocatesZeros() {
        try (Arena arena = Arena.ofShared()) {
            for (DType dtype : DType.values()) {
                Tensor tensor = backend().allocate(arena, dtype, 7, 33);
                assertEquals(dtype + "[7, 33]", tensor.toString());
                assertArrayEquals(new byte[(int) dtype.bytes(7 * 33)], downloaded(tensor));
            }
        }
    }

    @Test
    void copiesThereAndBack() {
        try (Arena arena = Arena.ofShared()) {
            for (DType dtype : DType.values()) {
                Tensor frame = backend().allocate(arena, dtype, 9, 40);
                for (Tensor view : new Tensor[] {frame, frame.rows(2, 7), frame.columns(3, 36), frame.rows(4, 4)}) {
                    byte[] bytes = new byte[(int) view.byteSize()];
                    for (int i = 0; i < bytes.length; i++) {
                        bytes[i] = (byte) (i * 31 + 7);
                    }
                    backend().write(view, MemorySegment.ofArray(bytes));
                    assertArrayEquals(bytes, downloaded(view));
                }
            }
        }
    }

    /// Writing a part leaves the rest.
    @Test
    void writesOnlyTheView() {
        try (Arena arena = Arena.ofShared()) {
            Tensor frame = backend().allocate(arena, DType.F32, 4, 10);
            byte[] ones = new byte[frame.columns(2, 5).rows(1, 3).cols() * 2 * Float.BYTES];
            Arrays.fill(ones, (byte) 1);
            backend().write(frame.columns(2, 5).rows(1, 3), MemorySegment.ofArray(ones));
            byte[] bytes = downloaded(frame);
            for (int i = 0; i < bytes.length; i++) {
                int row = i / 40;
                int col = i % 40 / 4;
                assertEquals(row >= 1 && row < 3 && col >= 2 && col < 5 ? 1 : 0, bytes[i], "byte " + i);
            }
        }
    }

    /// Weights come from mapped files, which cannot be written.
    @Test
    void uploadsReadOnlyMemory() {
        try (Arena arena = Arena.ofShared()) {
            MemorySegment segment = arena.allocate(6 * 20 * 4);
            MemorySegment.copy(MemorySegment.ofArray(new int[] {1, 2, 3}), 0, segment, 0, 12);
            Tensor host = Tensor.of(DType.I32, 6, 20, segment.asReadOnly());
            for (Tensor view : new Tensor[] {host, host.columns(1, 18)}) {
                Tensor uploaded = backend().upload(arena, view);
                assertEquals(view.toString(), uploaded.toString());
                byte[] expected = new byte[(int) view.byteSize()];
                new ReferenceBackend().download(MemorySegment.ofArray(expected), view);
                assertArrayEquals(expected, downloaded(uploaded));
            }
        }
    }

    /// A packed weight holds each element where [Weight] says, and zeros elsewhere.
    @Test
    void packsAsDocumented() {
        for (DType dtype : weightTypes()) {
            for (Layout layout : Layout.values()) {
                for (int n : new int[] {1, 7, 24, 50, 97}) {
                    for (int k : new int[] {1, 2, 3, 5, 40}) {
                        packed(dtype, n, k, layout);
                    }
                }
            }
        }
    }

    private void packed(DType dtype, int n, int k, Layout layout) {
        String label = "pack %s[%d, %d]".formatted(dtype, n, k);
        try (Operands operands = new Operands(backend(), layout, label); Arena arena = Arena.ofShared()) {
            Operands.WeightPair pair = operands.weight(dtype, n, k, true, true);
            Weight packed = pair.subject();
            assertEquals(n, packed.rows(), label);
            assertEquals(k, packed.cols(), label);
            MemorySegment bytes = arena.allocate(packed.values().byteSize(), Float.BYTES);
            backend().download(bytes, packed.values());
            Tensor values = Tensor.of(dtype, packed.values().rows(), packed.values().cols(), bytes);
            Weight host = new Weight(values, n, k, packed.panelRows(), null);
            for (int c = 0; c < n; c++) {
                assertArrayEquals(Doubles.channel(pair.reference(), c), Doubles.channel(host, c), label);
            }
            if (packed.isPacked()) {
                assertEquals(0, padding(host), label + ": padding");
            }
            operands.verify(Tolerance.EXACT);
        }
    }

    /// How many elements that belong to no channel and no `k` are not zero.
    private static int padding(Weight packed) {
        BitSet used = new BitSet();
        for (int c = 0; c < packed.rows(); c++) {
            for (int k = 0; k < packed.cols(); k++) {
                used.set(c / packed.panelRows() * packed.values().cols() + Doubles.packedColumn(packed, c, k));
            }
        }
        int nonZero = 0;
        for (int r = 0; r < packed.values().rows(); r++) {
            for (int c = 0; c < packed.values().cols(); c++) {
                if (!used.get(r * packed.values().cols() + c) && packed.values().get(r, c) != 0) {
                    nonZero++;
                }
            }
        }
        return nonZero;
    }

    /// A large embedding is larger than an int counts bytes; the file behind this one is nearly all holes.
    @Test
    void rowsFurtherApartThanTwoGigabytes(@TempDir Path directory) throws IOException {
        long stride = 700_000_000;
        Path file = directory.resolve("sparse");
        try (Arena arena = Arena.ofShared();
                FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.SPARSE,
                        StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            MemorySegment segment = channel.map(FileChannel.MapMode.READ_WRITE, 0, (2 * stride + 16) * 4, arena);
            Tensor far = new Tensor(DType.F32, 3, 16, stride, new Memory.Host(segment), 0);
            for (int c = 0; c < 16; c++) {
                far.set(2, c, c);
            }
            Tensor uploaded = backend().upload(arena, far);
            Tensor row = backend().allocate(arena, DType.F32, 1, 16);
            byte[] expected = new byte[64];
            MemorySegment.ofArray(expected).copyFrom(segment.asSlice(2 * stride * 4, 64));

            backend().ops().embed(row, uploaded, Indices.of(2));
            assertArrayEquals(expected, downloaded(row));
            backend().ops().gatherRows(row, uploaded, Indices.of(2));
            assertArrayEquals(expected, downloaded(row));
            backend().ops().add(row, row, uploaded.rows(2, 3));
            MemorySegment doubled = MemorySegment.ofArray(downloaded(row));
            assertEquals(30, doubled.get(ValueLayout.JAVA_FLOAT_UNALIGNED, 60));

            Tensor sums = backend().allocate(arena, DType.F32, 1, 3);
            backend().ops().linear(sums, row, Weight.of(uploaded), null);
            MemorySegment products = MemorySegment.ofArray(downloaded(sums));
            assertEquals(2 * 1240, products.get(ValueLayout.JAVA_FLOAT_UNALIGNED, 8));
        }
    }

    private byte[] downloaded(Tensor tensor) {
        byte[] bytes = new byte[(int) tensor.byteSize()];
        backend().download(MemorySegment.ofArray(bytes), tensor);
        return bytes;
    }
}
