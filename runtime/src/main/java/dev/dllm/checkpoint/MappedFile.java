package dev.dllm.checkpoint;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;

/// A file as memory.
final class MappedFile {

    private MappedFile() {}

    /// Maps the whole file read-only; it is closed on return.
    static MemorySegment map(Path file, Arena arena) {
        // Opening a named pipe would wait for its writer.
        if (!Files.isRegularFile(file)) {
            throw CheckpointException.in(file.toString(), Files.exists(file)
                    ? "not a regular file; accepted: a safetensors file, or a directory with one"
                    : "no such file or directory");
        }
        try (FileChannel channel = FileChannel.open(file)) {
            return channel.map(MapMode.READ_ONLY, 0, channel.size(), arena);
        } catch (IOException failure) {
            throw CheckpointException.in(file.toString(), "cannot be read: " + failure, failure);
        }
    }
}
