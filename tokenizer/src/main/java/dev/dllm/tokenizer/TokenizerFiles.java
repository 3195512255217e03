package dev.dllm.tokenizer;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Where the files of a tokenizer come from: a directory, memory, or resources of a class path. Only `tokenizer.json`
/// must exist; `tokenizer_config.json`, `special_tokens_map.json` and `chat_template.jinja` are read if they do.
public interface TokenizerFiles {

    /// What messages call the place, e.g. the directory.
    String source();

    /// Opens the file with this name, or returns null if there is none. The caller closes the stream.
    @Nullable InputStream open(String name) throws IOException;

    /// The files of a directory.
    static TokenizerFiles of(Path directory) {
        return new TokenizerFiles() {
            @Override
            public String source() {
                return directory.toString();
            }

            @Override
            public @Nullable InputStream open(String name) throws IOException {
                Path file = directory.resolve(name);
                return Files.exists(file) ? Files.newInputStream(file) : null;
            }
        };
    }

    /// Files in memory by name. The arrays are read, not copied.
    static TokenizerFiles of(String source, Map<String, byte[]> files) {
        return new TokenizerFiles() {
            @Override
            public String source() {
                return source;
            }

            @Override
            public @Nullable InputStream open(String name) {
                byte[] content = files.get(name);
                return content == null ? null : new ByteArrayInputStream(content);
            }
        };
    }
}
