package dev.dllm.tokenizer;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// A directory on disk.
record TokenizerDirectory(Path directory) implements TokenizerFiles {
    /// Larger files are refused. Published ones have some 20 MB at most.
    private static final int MAX_BYTES = 1 << 28;

    @Override
    public String source() {
        return directory.toString();
    }

    @Override
    public Optional<byte[]> read(String name) {
        Path file = directory.resolve(name);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] content = in.readNBytes(MAX_BYTES + 1);
            if (content.length > MAX_BYTES) {
                throw TokenizerException.unaccepted(
                        file.toString(), "more than " + MAX_BYTES + " bytes", "a smaller file");
            }
            return Optional.of(content);
        } catch (IOException e) {
            throw new TokenizerException(file + ": cannot be read: " + e, e);
        }
    }
}
