package dev.dllm.checkpoint;

import dev.dllm.runtime.DType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.StringJoiner;
import java.util.stream.Collectors;

/// Makes small safetensors files for tests: tensors one after the other, in the order added. Names are written as they
/// are, without escapes.
public final class SafetensorsWriter {

    private final StringJoiner header = new StringJoiner(",", "{", "}");
    private final ByteArrayOutputStream data = new ByteArrayOutputStream();

    /// Adds a tensor of any element type. Shape and bytes are taken as they are, right or wrong.
    public SafetensorsWriter add(String name, String dtype, long[] shape, byte[] bytes) {
        header.add("\"%s\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[%d,%d]}".formatted(
                name, dtype, json(shape), data.size(), data.size() + bytes.length));
        data.writeBytes(bytes);
        return this;
    }

    /// Adds a tensor with these values, rounded to `dtype`.
    public SafetensorsWriter add(String name, DType dtype, long[] shape, float... values) {
        byte[] bytes = new byte[(int) dtype.bytes(values.length)];
        for (int i = 0; i < values.length; i++) {
            dtype.write(MemorySegment.ofArray(bytes), dtype.bytes(i), values[i]);
        }
        return add(name, dtype.name(), shape, bytes);
    }

    /// Adds the text map that the format sets aside for notes.
    public SafetensorsWriter metadata(String key, String value) {
        header.add("\"__metadata__\":{\"%s\":\"%s\"}".formatted(key, value));
        return this;
    }

    /// The file's bytes.
    public byte[] toBytes() {
        return file(header.toString(), data.toByteArray());
    }

    /// Writes the file and returns its path.
    public Path write(Path file) {
        try {
            return Files.write(file, toBytes());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /// A file with this header, right or wrong, and these data.
    public static byte[] file(String header, byte... data) {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(Long.BYTES + json.length + data.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(json.length)
                .put(json)
                .put(data)
                .array();
    }

    private static String json(long[] shape) {
        return Arrays.stream(shape).mapToObj(Long::toString).collect(Collectors.joining(",", "[", "]"));
    }
}
