package dev.dllm.checkpoint;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One safetensors file: reads the header and checks it against the bytes that follow.
final class SafetensorsFile {

    private static final int PREFIX_BYTES = Long.BYTES;
    private static final long MOST_HEADER_BYTES = 100_000_000;
    private static final int MOST_EXTENTS = 64;
    private static final String METADATA = "__metadata__";
    private static final ValueLayout.OfLong LENGTH =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final MemorySegment data;
    private final String source;
    private final List<Entry> entries = new ArrayList<>();

    /// A tensor and where it begins in `data`.
    private record Entry(TensorInfo info, long begin) {

        long end() {
            return begin + info.bytes();
        }
    }

    private SafetensorsFile(MemorySegment data, String source) {
        this.data = data;
        this.source = source;
    }

    /// The tensors of a file in the order in which they lie.
    static List<StoredTensor> read(MemorySegment file, String source) {
        long dataBegin = PREFIX_BYTES + headerBytes(file, source);
        SafetensorsFile reader = new SafetensorsFile(file.asSlice(dataBegin), source);
        StrictJson.read(file.asSlice(PREFIX_BYTES, dataBegin - PREFIX_BYTES), source, reader::header);
        return reader.contiguous();
    }

    private static long headerBytes(MemorySegment file, String source) {
        long size = file.byteSize();
        if (size < PREFIX_BYTES) {
            throw CheckpointException.in(source,
                    "truncated: %d bytes; a safetensors file begins with 8 bytes of header length".formatted(size));
        }
        long header = file.get(LENGTH, 0);
        if (Long.compareUnsigned(header, MOST_HEADER_BYTES) > 0) {
            throw CheckpointException.in(source, "not a safetensors file: header length %s; accepted: up to %d"
                    .formatted(Long.toUnsignedString(header), MOST_HEADER_BYTES));
        }
        if (header > size - PREFIX_BYTES) {
            throw CheckpointException.in(source, "truncated: a header of %d bytes should follow, found %d"
                    .formatted(header, size - PREFIX_BYTES));
        }
        if (header == 0 || file.get(ValueLayout.JAVA_BYTE, PREFIX_BYTES) != '{') {
            throw CheckpointException.in(source, "not a safetensors file: its header does not begin with '{'");
        }
        return header;
    }

    private void header(StrictJson json) {
        json.enterObject();
        for (String name = json.nextField(); name != null; name = json.nextField()) {
            if (name.equals(METADATA)) {
                metadata(json);
            } else {
                entries.add(tensor(json, name));
            }
        }
    }

    private static void metadata(StrictJson json) {
        json.enterObject();
        while (json.nextField() != null) {
            json.skipString();
        }
    }

    private Entry tensor(StrictJson json, String name) {
        String dtype = null;
        List<Long> shape = null;
        List<Long> offsets = null;
        json.enterObject();
        for (String field = json.nextField(); field != null; field = json.nextField()) {
            switch (field) {
                case "dtype" -> dtype = json.string();
                case "shape" -> shape = json.integers(MOST_EXTENTS);
                case "data_offsets" -> offsets = json.integers(2);
                default -> json.skipValue();
            }
        }
        return entry(name, present(dtype, name, "dtype"), present(shape, name, "shape"),
                present(offsets, name, "data_offsets"));
    }

    private Entry entry(String name, String dtype, List<Long> shape, List<Long> offsets) {
        if (offsets.size() != 2) {
            throw refused(name, "data_offsets " + offsets + "; accepted: [begin, end]");
        }
        long begin = offsets.get(0);
        long end = offsets.get(1);
        if (begin > end || end > data.byteSize()) {
            throw refused(name, "data_offsets %s; accepted: begin <= end <= %d, the bytes of data in this file"
                    .formatted(offsets, data.byteSize()));
        }
        TensorInfo info = new TensorInfo(name, dtype, shape, end - begin);
        checkSize(info);
        return new Entry(info, begin);
    }

    /// Whether shape and element type need exactly the bytes taken. Types that the format does not name pass, since
    /// nobody can read them anyway.
    private void checkSize(TensorInfo info) {
        int bits = bits(info.dtype());
        try {
            long needed = Math.multiplyExact(info.elements(), (long) bits);
            if (bits != 0 && (needed % Byte.SIZE != 0 || needed / Byte.SIZE != info.bytes())) {
                throw refused(info.name(), "%s%s takes %d bits, but its data_offsets hold %d bytes"
                        .formatted(info.dtype(), info.shape(), needed, info.bytes()));
            }
        } catch (ArithmeticException _) {
            throw refused(info.name(), "%s%s takes more than 2^63 - 1 bits".formatted(info.dtype(), info.shape()));
        }
    }

    /// Bits per element of the types that the format names, 0 for others.
    private static int bits(String dtype) {
        return switch (dtype) {
            case "F4" -> 4;
            case "F6_E2M3", "F6_E3M2" -> 6;
            case "BOOL", "U8", "I8", "F8_E5M2", "F8_E4M3", "F8_E8M0", "F8_E4M3FNUZ", "F8_E5M2FNUZ" -> 8;
            case "U16", "I16", "F16", "BF16" -> 16;
            case "U32", "I32", "F32" -> 32;
            case "U64", "I64", "F64", "C64" -> 64;
            default -> 0;
        };
    }

    private List<StoredTensor> contiguous() {
        // Empty tensors sort before the one that begins where they do.
        entries.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
        List<StoredTensor> tensors = new ArrayList<>(entries.size());
        long covered = 0;
        for (Entry entry : entries) {
            if (entry.begin() != covered) {
                String problem = entry.begin() < covered ? "overlap another tensor" : "leave a hole";
                throw refused(entry.info().name(), "data_offsets [%d, %d] %s; accepted: begin %d, where others end"
                        .formatted(entry.begin(), entry.end(), problem, covered));
            }
            covered = entry.end();
            tensors.add(new StoredTensor(entry.info(), data.asSlice(entry.begin(), entry.info().bytes()), source));
        }
        if (covered != data.byteSize()) {
            throw CheckpointException.in(source,
                    "%d bytes of data, but its tensors end at %d; accepted: none behind them"
                            .formatted(data.byteSize(), covered));
        }
        return tensors;
    }

    private <T> T present(@Nullable T value, String tensor, String field) {
        if (value == null) {
            throw refused(tensor, "no " + field + "; needed: dtype, shape and data_offsets");
        }
        return value;
    }

    private CheckpointException refused(String tensor, String problem) {
        return CheckpointException.in(source, "tensor '" + tensor + "': " + problem);
    }
}
