package dev.dllm.tokenizer;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/// What a `tokenizer.json` says, stage by stage.
///
/// `truncation` and `padding` are not applied: they are arguments of a call that some files have kept, and transformers
/// resets them as well.
///
/// @param added still open, since `tokenizer_config.json` may add tokens
record TokenizerJson(
        Vocabulary vocabulary,
        Bpe bpe,
        AddedVocabulary.Builder added,
        Normalizer normalizer,
        PreTokenizer preTokenizer,
        PostProcessor postProcessor,
        Decoder decoder) {

    private static final String KNOWN =
            "version, truncation, padding, added_tokens, normalizer, pre_tokenizer, post_processor, decoder, model";

    /// @param file what messages call it
    static TokenizerJson read(String file, byte[] content) {
        Map<String, @Nullable Object> stages = new HashMap<>();
        BpeJson.Model model = null;
        try (JsonParser parser = JsonFile.open(content)) {
            if (parser.currentToken() != JsonToken.START_OBJECT) {
                throw TokenizerException.unaccepted(file, "a file that is no JSON object", "an object");
            }
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                parser.nextToken();
                switch (name) {
                    case "model" -> model = BpeJson.read(file.concat(": model"), parser);
                    case "version", "added_tokens", "normalizer", "pre_tokenizer", "post_processor", "decoder" ->
                            stages.put(name, JsonFile.tree(parser));
                    case "truncation", "padding" -> parser.skipChildren();
                    default -> throw TokenizerException.unaccepted(file, "field '" + name + "'", KNOWN);
                }
            }
            JsonFile.end(file, parser);
        } catch (JacksonException e) {
            throw JsonFile.broken(file, e);
        }
        if (model == null) {
            throw TokenizerException.unaccepted(file + ": model", "nothing", "an object");
        }
        JsonObject object = JsonObject.of(file, stages);
        if (object.has("version") && !object.string("version").equals("1.0")) {
            throw object.unaccepted("version", "1.0");
        }
        Normalizer normalizer =
                object.has("normalizer") ? StageJson.normalizer(object.object("normalizer")) : new Normalizer.None();
        Decoder decoder = object.has("decoder") ? StageJson.decoder(object.object("decoder")) : new Decoder.Joined();
        Growth.check(object.where("normalizer"), normalizer.growth());
        Growth.check(object.where("decoder"), decoder.growth());
        return new TokenizerJson(model.vocabulary(), model.bpe(), added(object, model.vocabulary()), normalizer,
                object.has("pre_tokenizer")
                        ? StageJson.preTokenizer(object.object("pre_tokenizer"))
                        : new PreTokenizer.None(),
                object.has("post_processor")
                        ? StageJson.postProcessor(object.object("post_processor"))
                        : new PostProcessor.None(),
                decoder);
    }

    private static AddedVocabulary.Builder added(JsonObject object, Vocabulary vocabulary) {
        AddedVocabulary.Builder added = new AddedVocabulary.Builder(vocabulary);
        List<JsonObject> tokens = object.has("added_tokens") ? object.objects("added_tokens") : List.of();
        for (JsonObject token : tokens) {
            add(added, AddedToken.read(token, false), token.natural("id", Vocabulary.ID_LIMIT), token);
        }
        return added;
    }

    /// Adds a token that a file gives an id. The library numbers added tokens itself and only warns if a file
    /// disagrees; a model could then not be trusted to mean the same ids.
    static void add(AddedVocabulary.Builder added, AddedToken token, int id, JsonObject object) {
        if (!token.content().isEmpty() && added.idFor(token.content()) != id) {
            throw TokenizerException.unaccepted(object.where(),
                    "id " + id + " for " + JsonObject.describe(token.content()),
                    added.idFor(token.content()) + ", its id in model.vocab or the next free one");
        }
        added.add(token);
    }
}
