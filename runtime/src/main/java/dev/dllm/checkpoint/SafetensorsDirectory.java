package dev.dllm.checkpoint;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Which files of a directory make a checkpoint; the rules are those of [Safetensors#open].
final class SafetensorsDirectory {

    private static final String SINGLE = "model.safetensors";
    private static final String INDEX = "model.safetensors.index.json";
    private static final Pattern SHARD = Pattern.compile("(.*)-(\\d{5})-of-(\\d{5})\\.safetensors");

    private SafetensorsDirectory() {}

    static StoredTensors open(Path directory, Arena arena) {
        Path single = directory.resolve(SINGLE);
        if (Files.exists(single)) {
            return readAll(directory, List.of(single), arena);
        }
        Path index = directory.resolve(INDEX);
        if (!Files.exists(index)) {
            return readAll(directory, unindexed(directory), arena);
        }
        ShardIndex shards = ShardIndex.read(index);
        StoredTensors tensors = readAll(directory, shards.files(), arena);
        shards.checkAgainst(tensors);
        return tensors;
    }

    private static StoredTensors readAll(Path directory, List<Path> files, Arena arena) {
        List<StoredTensor> tensors = new ArrayList<>();
        for (Path file : files) {
            tensors.addAll(SafetensorsFile.read(MappedFile.map(file, arena), file.toString()));
        }
        return StoredTensors.of(directory.toString(), tensors);
    }

    private static List<Path> unindexed(Path directory) {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> listing = Files.newDirectoryStream(directory, "*.safetensors")) {
            listing.forEach(files::add);
        } catch (IOException | DirectoryIteratorException failure) {
            throw CheckpointException.in(directory.toString(), "cannot be listed: " + failure, failure);
        }
        files.sort(null);
        if (files.size() != 1 && !isCompleteSet(files)) {
            throw CheckpointException.in(directory.toString(), ("%d files *.safetensors that make no checkpoint; "
                    + "accepted: %s, %s with the files it names, a single *.safetensors, "
                    + "or all of NAME-00001-of-0000N.safetensors").formatted(files.size(), SINGLE, INDEX));
        }
        return files;
    }

    /// Whether the files are numbers 1 to N of a set of N, in this order.
    private static boolean isCompleteSet(List<Path> sorted) {
        String name = null;
        for (int i = 0; i < sorted.size(); i++) {
            Matcher shard = SHARD.matcher(sorted.get(i).getFileName().toString());
            if (!shard.matches() || name != null && !name.equals(shard.group(1))
                    || Integer.parseInt(shard.group(2)) != i + 1
                    || Integer.parseInt(shard.group(3)) != sorted.size()) {
                return false;
            }
            name = shard.group(1);
        }
        return !sorted.isEmpty();
    }
}
