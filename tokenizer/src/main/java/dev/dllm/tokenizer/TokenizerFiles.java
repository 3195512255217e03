package dev.dllm.tokenizer;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// Where the files of a tokenizer come from: a directory, memory, or resources of a class path. `tokenizer.json` must
/// exist, or `vocab.json` and `merges.txt`; `tokenizer_config.json`, `special_tokens_map.json`, `added_tokens.json`
/// and `chat_template.jinja` are read if they do.
public interface TokenizerFiles {

    /// What messages call the place, e.g. the directory.
    String source();

    /// The content of the file with this name, if there is one. The array is not changed.
    ///
    /// @throws TokenizerException if it cannot be read
    Optional<byte[]> read(String name);

    /// The files of a directory.
    static TokenizerFiles of(Path directory) {
        return new TokenizerDirectory(directory);
    }

    /// Files in memory by name.
    static TokenizerFiles of(String source, Map<String, byte[]> files) {
        return new TokenizerFiles() {
            @Override
            public String source() {
                return source;
            }

            @Override
            public Optional<byte[]> read(String name) {
                return Optional.ofNullable(files.get(name));
            }
        };
    }
}
