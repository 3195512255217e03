package dev.dllm.checkpoint;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// `model.safetensors.index.json`: which file holds which tensor.
///
/// @param source    the index file
/// @param weightMap tensor name → file name, as stored
record ShardIndex(Path source, Map<String, String> weightMap) {

    private static final long MOST_BYTES = 100_000_000;
    private static final Pattern FILE_NAME = Pattern.compile("[^/\\\\\\x00]+\\.safetensors");

    static ShardIndex read(Path file) {
        Map<String, String> weightMap = new LinkedHashMap<>();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment json = MappedFile.map(file, arena);
            if (json.byteSize() > MOST_BYTES) {
                throw CheckpointException.in(file.toString(),
                        "%d bytes; accepted: an index of up to %d".formatted(json.byteSize(), MOST_BYTES));
            }
            StrictJson.read(json, file.toString(), reader -> readInto(weightMap, reader));
        }
        if (weightMap.isEmpty()) {
            throw CheckpointException.in(file.toString(), "no weight_map with at least one tensor");
        }
        return new ShardIndex(file, weightMap);
    }

    private static void readInto(Map<String, String> weightMap, StrictJson json) {
        json.enterObject();
        for (String field = json.nextField(); field != null; field = json.nextField()) {
            if (!field.equals("weight_map")) {
                json.skipValue();
                continue;
            }
            json.enterObject();
            for (String tensor = json.nextField(); tensor != null; tensor = json.nextField()) {
                weightMap.put(tensor, json.string());
            }
        }
    }

    /// The files named, sorted by name, beside the index.
    List<Path> files() {
        return weightMap.values().stream().distinct().sorted().map(this::sibling).toList();
    }

    /// @throws CheckpointException if a tensor is not in the file that the index names for it
    void checkAgainst(StoredTensors tensors) {
        weightMap.forEach((name, file) -> {
            StoredTensor found = tensors.byName().get(name);
            if (found == null || !found.file().equals(sibling(file).toString())) {
                throw CheckpointException.in(source.toString(), "tensor '%s' should be in '%s', found in %s"
                        .formatted(name, file, found == null ? "no file" : found.file()));
            }
        });
    }

    /// A file name is all that is accepted, so that an index cannot reach outside its directory. What it names may be a
    /// link, as in the cache of the Hugging Face hub.
    private Path sibling(String name) {
        if (!FILE_NAME.matcher(name).matches()) {
            throw refused(name, null);
        }
        try {
            return source.resolveSibling(name);
        } catch (InvalidPathException failure) {
            throw refused(name, failure);
        }
    }

    private CheckpointException refused(String name, @Nullable Throwable cause) {
        return CheckpointException.in(source.toString(), "weight_map names '" + name
                + "'; accepted: file names ending in .safetensors, without a directory", cause);
    }
}
