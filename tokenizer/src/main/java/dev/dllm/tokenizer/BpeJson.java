package dev.dllm.tokenizer;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/// Reads the `model` of a `tokenizer.json`: the vocabulary and the merges as a stream, the few options as a tree.
final class BpeJson {
    private static final String WHERE_MERGES = "model.merges";

    private final String file;
    private final Map<String, @Nullable Object> options = new TreeMap<>();
    private @Nullable Vocabulary vocabulary;
    /// The two tokens of each merge, one after the other.
    private @Nullable List<String> merges;

    private BpeJson(String file) {
        this.file = file;
    }

    /// A vocabulary and the model that uses it.
    record Model(Vocabulary vocabulary, Bpe bpe) {}

    /// Reads the object at the current token.
    static Model read(String file, JsonParser parser) {
        BpeJson json = new BpeJson(file);
        json.fields(parser);
        return json.model();
    }

    private void fields(JsonParser parser) {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw TokenizerException.unaccepted(file + ": model", JsonObject.describe(JsonFile.tree(parser)), "an object");
        }
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            JsonToken token = parser.nextToken();
            if (name.equals("vocab") && token == JsonToken.START_OBJECT) {
                vocabulary = vocabulary(parser);
            } else if (name.equals("merges") && token == JsonToken.START_ARRAY) {
                merges = merges(parser);
            } else {
                options.put(name, JsonFile.tree(parser));
            }
        }
    }

    private Vocabulary vocabulary(JsonParser parser) {
        Vocabulary.Builder builder = new Vocabulary.Builder(file + ": model.vocab");
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String token = parser.currentName();
            long id = parser.nextToken() == JsonToken.VALUE_NUMBER_INT ? parser.getLongValue() : -1;
            if (id < 0 || id >= Vocabulary.ID_LIMIT) {
                throw TokenizerException.unaccepted(file + ": model.vocab." + token,
                        JsonObject.describe(JsonFile.tree(parser)),
                        "an integer from 0 to " + (Vocabulary.ID_LIMIT - 1));
            }
            builder.add(token, (int) id);
        }
        return builder.build();
    }

    /// Merges are `"a b"` or `["a", "b"]`.
    private List<String> merges(JsonParser parser) {
        List<String> sides = new ArrayList<>();
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            if (token == JsonToken.VALUE_STRING) {
                String merge = parser.getString();
                if (sides.isEmpty() && merge.startsWith("#version")) {
                    continue;
                }
                int space = merge.indexOf(' ');
                if (space < 0 || merge.indexOf(' ', space + 1) >= 0) {
                    throw badMerge(sides.size() / 2, merge);
                }
                sides.add(merge.substring(0, space));
                sides.add(merge.substring(space + 1));
            } else {
                Object value = JsonFile.tree(parser);
                if (!(value instanceof List<?> pair && pair.size() == 2
                        && pair.get(0) instanceof String left && pair.get(1) instanceof String right)) {
                    throw badMerge(sides.size() / 2, value);
                }
                sides.add(left);
                sides.add(right);
            }
        }
        return sides;
    }

    private TokenizerException badMerge(int index, @Nullable Object found) {
        return TokenizerException.unaccepted(file + ": " + WHERE_MERGES + "[" + index + "]", JsonObject.describe(found),
                "\"a b\" or [\"a\", \"b\"]");
    }

    private Model model() {
        JsonObject object = JsonObject.of(file + ": model", options);
        // Files written before 2021 do not say it: vocabulary and merges together mean BPE.
        String type = object.has("type") ? object.string("type") : "BPE";
        if (!type.equals("BPE")) {
            throw object.unaccepted("type", "BPE");
        }
        object.allowOnly("type", "dropout", "unk_token", "continuing_subword_prefix", "end_of_word_suffix", "fuse_unk",
                "byte_fallback", "ignore_merges");
        if (vocabulary == null || merges == null) {
            throw TokenizerException.unaccepted(object.where(), "no vocab object or no merges array", "both");
        }
        if (object.has("dropout") && !(object.raw("dropout") instanceof Number dropout && dropout.doubleValue() == 0)) {
            throw object.unaccepted("dropout", "0 or null, since encoding is deterministic here");
        }
        requireEmpty(object, "continuing_subword_prefix");
        requireEmpty(object, "end_of_word_suffix");
        Bpe.Options bpeOptions = new Bpe.Options(object.stringOrNull("unk_token"), object.bool("fuse_unk", false),
                object.bool("byte_fallback", false), object.bool("ignore_merges", false));
        return new Model(vocabulary, new Bpe(vocabulary, resolve(vocabulary, merges), bpeOptions));
    }

    private static void requireEmpty(JsonObject object, String name) {
        String value = object.stringOrNull(name);
        if (value != null && !value.isEmpty()) {
            throw object.unaccepted(name, "an empty string or null");
        }
    }

    private Merges resolve(Vocabulary vocabulary, List<String> sides) {
        int count = sides.size() / 2;
        Merges table = new Merges(count);
        for (int rank = 0; rank < count; rank++) {
            String left = sides.get(2 * rank);
            String right = sides.get(2 * rank + 1);
            table.put(id(vocabulary, left, rank), id(vocabulary, right, rank), rank,
                    id(vocabulary, left.concat(right), rank));
        }
        return table;
    }

    private int id(Vocabulary vocabulary, String token, int rank) {
        int id = vocabulary.id(token);
        if (id < 0) {
            throw TokenizerException.unaccepted(file + ": " + WHERE_MERGES + "[" + rank + "]",
                    JsonObject.describe(token) + ", which is not in model.vocab", "tokens of model.vocab");
        }
        return id;
    }
}
