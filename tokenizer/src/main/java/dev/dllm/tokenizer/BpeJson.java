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
    private final String where;
    private final Map<String, @Nullable Object> options = new TreeMap<>();
    private @Nullable Vocabulary vocabulary;
    private @Nullable List<String> merges;

    private BpeJson(String where) {
        this.where = where;
    }

    /// A vocabulary and the model that uses it.
    record Model(Vocabulary vocabulary, Bpe bpe) {}

    /// Reads the object at the current token.
    ///
    /// @param where what messages call it
    static Model read(String where, JsonParser parser) {
        BpeJson json = new BpeJson(where);
        json.fields(parser);
        return json.model();
    }

    private void fields(JsonParser parser) {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw TokenizerException.unaccepted(where, JsonObject.describe(JsonFile.tree(parser)), "an object");
        }
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            JsonToken token = parser.nextToken();
            if (name.equals("vocab") && token == JsonToken.START_OBJECT) {
                vocabulary = vocabulary(where.concat(".vocab"), parser);
            } else if (name.equals("merges") && token == JsonToken.START_ARRAY) {
                merges = merges(where.concat(".merges"), parser);
            } else {
                options.put(name, JsonFile.tree(parser));
            }
        }
    }

    /// Reads tokens and their ids from the object at the current token.
    ///
    /// @param where what messages call it
    static Vocabulary vocabulary(String where, JsonParser parser) {
        Vocabulary.Builder builder = new Vocabulary.Builder(where);
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String token = parser.currentName();
            long id = parser.nextToken() == JsonToken.VALUE_NUMBER_INT ? parser.getLongValue() : -1;
            if (id < 0 || id >= Vocabulary.ID_LIMIT) {
                throw TokenizerException.unaccepted(where + "." + token, JsonObject.describe(JsonFile.tree(parser)),
                        "an integer from 0 to " + (Vocabulary.ID_LIMIT - 1));
            }
            builder.add(token, (int) id);
        }
        return builder.build();
    }

    /// The two sides of each merge, one after the other. A file has either `"a b"` or `["a", "b"]`.
    private static List<String> merges(String where, JsonParser parser) {
        List<String> sides = new ArrayList<>();
        boolean pairs = false;
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            if (sides.isEmpty()) {
                pairs = token == JsonToken.START_ARRAY;
            }
            if (token == JsonToken.VALUE_STRING && !pairs) {
                addMerge(where, parser.getString(), sides);
                continue;
            }
            Object value = JsonFile.tree(parser);
            if (!(pairs && value instanceof List<?> pair && pair.size() == 2
                    && pair.get(0) instanceof String left && pair.get(1) instanceof String right)) {
                throw badMerge(where, sides, value);
            }
            sides.add(left);
            sides.add(right);
        }
        return sides;
    }

    /// Adds the two sides of `"a b"`. A line that starts with `#version` is no merge.
    static void addMerge(String where, String merge, List<String> sides) {
        if (merge.startsWith("#version")) {
            return;
        }
        int space = merge.indexOf(' ');
        if (space < 0 || merge.indexOf(' ', space + 1) >= 0) {
            throw badMerge(where, sides, merge);
        }
        sides.add(merge.substring(0, space));
        sides.add(merge.substring(space + 1));
    }

    private static TokenizerException badMerge(String where, List<String> sides, @Nullable Object found) {
        return TokenizerException.unaccepted(where + "[" + sides.size() / 2 + "]", JsonObject.describe(found),
                "\"a b\" in all places, or [\"a\", \"b\"] in all");
    }

    private Model model() {
        JsonObject object = JsonObject.of(where, options);
        // Files written before 2021 do not say it: vocabulary and merges together mean BPE.
        String type = object.has("type") ? object.string("type") : "BPE";
        if (!type.equals("BPE")) {
            throw object.unaccepted("type", "BPE");
        }
        object.allowOnly("type", "dropout", "unk_token", "continuing_subword_prefix", "end_of_word_suffix", "fuse_unk",
                "byte_fallback", "ignore_merges");
        if (vocabulary == null || merges == null) {
            throw TokenizerException.unaccepted(where, "no vocab object or no merges array", "both");
        }
        if (object.has("dropout") && !(object.raw("dropout") instanceof Number dropout && dropout.doubleValue() == 0)) {
            throw object.unaccepted("dropout", "0 or null, since encoding is deterministic here");
        }
        requireEmpty(object, "continuing_subword_prefix");
        requireEmpty(object, "end_of_word_suffix");
        Bpe.Options bpeOptions = new Bpe.Options(object.stringOrNull("unk_token"), object.bool("fuse_unk", false),
                object.bool("byte_fallback", false), object.bool("ignore_merges", false));
        Merges resolved = resolve(where.concat(".merges"), vocabulary, merges);
        return new Model(vocabulary, new Bpe(vocabulary, resolved, bpeOptions));
    }

    private static void requireEmpty(JsonObject object, String name) {
        String value = object.stringOrNull(name);
        if (value != null && !value.isEmpty()) {
            throw object.unaccepted(name, "an empty string or null");
        }
    }

    /// Merges by the ids of their tokens.
    ///
    /// @param sides the two sides of each merge, one after the other
    static Merges resolve(String where, Vocabulary vocabulary, List<String> sides) {
        int count = sides.size() / 2;
        Merges merges = new Merges(count);
        for (int rank = 0; rank < count; rank++) {
            String left = sides.get(2 * rank);
            String right = sides.get(2 * rank + 1);
            merges.put(id(where, vocabulary, left, rank), id(where, vocabulary, right, rank), rank,
                    id(where, vocabulary, left.concat(right), rank));
        }
        return merges;
    }

    private static int id(String where, Vocabulary vocabulary, String token, int rank) {
        int id = vocabulary.id(token);
        if (id < 0) {
            throw TokenizerException.unaccepted(where + "[" + rank + "]", JsonObject.describe(token)
                    + ", which is not in the vocabulary", "tokens of the vocabulary");
        }
        return id;
    }
}
