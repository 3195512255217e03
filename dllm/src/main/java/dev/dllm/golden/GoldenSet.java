package dev.dllm.golden;

import dev.dllm.files.FileFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A directory of golden outputs with its manifest; the format is described in the README of the set that ships with the
/// project.
final class GoldenSet {
    private static final String MANIFEST = "manifest.json";
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

    private final Path directory;
    private final List<GoldenCase> cases = new ArrayList<>();
    private final Map<String, JsonNode> checkpoints = new HashMap<>();

    private GoldenSet(Path directory) {
        this.directory = directory;
    }

    /// Reads the manifest.
    ///
    /// @throws GoldenException if it is missing or broken
    static GoldenSet open(Path directory) {
        GoldenSet set = new GoldenSet(directory);
        if (!Files.isRegularFile(directory.resolve(MANIFEST))) {
            throw new GoldenException(directory + ": no golden set: " + MANIFEST + " is missing");
        }
        JsonNode manifest = set.json(MANIFEST);
        for (JsonNode entry : list(manifest, "checkpoints", MANIFEST)) {
            set.checkpoints.put(text(entry, "name", MANIFEST), entry);
        }
        for (JsonNode entry : list(manifest, "cases", MANIFEST)) {
            JsonNode checkpoint = entry.get("checkpoint");
            set.cases.add(new GoldenCase(
                    text(entry, "kind", MANIFEST),
                    text(entry, "file", MANIFEST),
                    checkpoint == null ? "" : checkpoint.asString(),
                    entry));
        }
        return set;
    }

    List<GoldenCase> cases() {
        return cases;
    }

    /// A file of the set.
    ///
    /// @throws GoldenException if the name leads out of the set
    Path file(String name) {
        Path file = directory.resolve(name).normalize();
        if (!file.startsWith(directory.normalize())) {
            throw new GoldenException(name + ": leads out of the golden set");
        }
        return file;
    }

    /// The directory of a checkpoint.
    Path checkpoint(String name) {
        return file(text(checkpointEntry(name), "path", MANIFEST));
    }

    /// The mask id that the manifest gives a checkpoint; empty if it has none.
    OptionalInt maskId(String checkpoint) {
        JsonNode id = checkpointEntry(checkpoint).get("mask_token_id");
        return id == null || !id.isInt() || id.intValue() < 0 ? OptionalInt.empty() : OptionalInt.of(id.intValue());
    }

    /// Id of the token that fills sequences up, if a checkpoint names one.
    OptionalInt padId(String checkpoint) {
        JsonNode id = json("checkpoints/" + checkpoint + "/config.json").path("pad_token_id");
        return id.isInt() ? OptionalInt.of(id.intValue()) : OptionalInt.empty();
    }

    /// Name of the family that a checkpoint belongs to, as `--family` takes it.
    String family(String checkpoint) {
        return text(checkpointEntry(checkpoint), "architecture", checkpoint).replace('_', '-');
    }

    /// A JSON file of the set.
    ///
    /// @throws GoldenException if it is missing or broken
    JsonNode json(String name) {
        try {
            return JSON.readTree(Files.readAllBytes(file(name)));
        } catch (IOException e) {
            throw new GoldenException(name + ": cannot be read: " + FileFailure.reason(e), e);
        } catch (JacksonException e) {
            throw new GoldenException(name + ": no valid JSON at line " + e.getLocation().getLineNr(), e);
        }
    }

    /// A list field of a file.
    static JsonNode list(JsonNode node, String field, String file) {
        JsonNode value = node.get(field);
        if (value == null || !value.isArray()) {
            throw new GoldenException(file + ": " + field + " is missing or no list");
        }
        return value;
    }

    /// A string field of a file.
    static String text(JsonNode node, String field, String file) {
        JsonNode value = node.get(field);
        if (value == null || !value.isString()) {
            throw new GoldenException(file + ": " + field + " is missing or no string");
        }
        return value.stringValue();
    }

    /// A list of ids.
    static int[] ids(JsonNode node, String file) {
        if (!node.isArray()) {
            throw new GoldenException(file + ": ids are no list");
        }
        int[] ids = new int[node.size()];
        for (int i = 0; i < ids.length; i++) {
            if (!node.get(i).isInt()) {
                throw new GoldenException(file + ": '" + node.get(i) + "' is no id");
            }
            ids[i] = node.get(i).intValue();
        }
        return ids;
    }

    private JsonNode checkpointEntry(String name) {
        JsonNode entry = checkpoints.get(name);
        if (entry == null) {
            throw new GoldenException(MANIFEST + ": checkpoint '" + name + "' is not listed");
        }
        return entry;
    }
}
