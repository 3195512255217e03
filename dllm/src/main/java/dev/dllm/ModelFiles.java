package dev.dllm;

import dev.dllm.checkpoint.Checkpoint;
import dev.dllm.checkpoint.CheckpointException;
import dev.dllm.checkpoint.Safetensors;
import dev.dllm.files.FileFailure;
import dev.dllm.tokenizer.TokenizerFiles;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;

/// Where a model's files are: a directory in the Hugging Face layout, or resources of this library.
sealed interface ModelFiles extends TokenizerFiles {

    /// The whole path of the place, or what messages call it.
    String path();

    /// A small file by name, if there is one.
    ///
    /// @throws CheckpointException if it cannot be read
    @Override
    Optional<byte[]> read(String name);

    /// The weights, mapped or read into `arena`.
    Checkpoint checkpoint(Arena arena);

    /// A directory on disk.
    record Directory(Path directory) implements ModelFiles {
        /// Tokenizers of large vocabularies take tens of megabytes; more than this is no description of a model.
        private static final int LARGEST = 256 << 20;

        /// @throws CheckpointException if there is no such directory
        public Directory {
            if (!Files.isDirectory(directory)) {
                String found = Files.exists(directory) ? ": is a file" : ": no such directory";
                throw new CheckpointException(directory + found + "; a model is a directory with config.json, "
                        + "safetensors files and, for text, tokenizer.json");
            }
        }

        @Override
        public String source() {
            return directory.toString();
        }

        @Override
        public String path() {
            return directory.toAbsolutePath().normalize().toString();
        }

        @Override
        public Optional<byte[]> read(String name) {
            Path file = directory.resolve(name);
            if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                return Optional.empty();
            }
            if (!Files.isRegularFile(file)) {
                throw new CheckpointException(file + ": is no regular file");
            }
            try (InputStream in = Files.newInputStream(file)) {
                byte[] bytes = in.readNBytes(LARGEST + 1);
                if (bytes.length > LARGEST) {
                    throw new CheckpointException(file + ": more than " + LARGEST + " bytes; needs a smaller file");
                }
                return Optional.of(bytes);
            } catch (IOException e) {
                throw new CheckpointException(file + ": cannot be read: " + FileFailure.reason(e), e);
            }
        }

        @Override
        public Checkpoint checkpoint(Arena arena) {
            return Safetensors.open(directory, arena);
        }
    }

    /// The model that ships with the library.
    record Embedded() implements ModelFiles {

        @Override
        public String source() {
            return "embedded model";
        }

        @Override
        public String path() {
            return source();
        }

        @Override
        public Optional<byte[]> read(String name) {
            try (InputStream in = ModelFiles.class.getResourceAsStream("embedded/" + name)) {
                return in == null ? Optional.empty() : Optional.of(in.readAllBytes());
            } catch (IOException e) {
                throw new UncheckedIOException("embedded model: " + name, e);
            }
        }

        @Override
        public Checkpoint checkpoint(Arena arena) {
            byte[] bytes = read("model.safetensors")
                    .orElseThrow(() -> new CheckpointException("embedded model: model.safetensors is missing"));
            MemorySegment segment = arena.allocate(bytes.length, Long.BYTES);
            MemorySegment.copy(bytes, 0, segment, ValueLayout.JAVA_BYTE, 0, bytes.length);
            return Safetensors.of(segment, "embedded model");
        }
    }
}
