package dev.dllm.tokenizer;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What `tokenizer_config.json` and `special_tokens_map.json` add to a `tokenizer.json`: which token has which part
/// to play, further added tokens, and chat templates. Everything else in them is for other programs.
///
/// @see "huggingface/transformers, src/transformers/tokenization_utils_fast.py, PreTrainedTokenizerFast"
final class TokenizerConfig {
    /// Name of the template that is used unless another is asked for.
    static final String DEFAULT_TEMPLATE = "default";

    private final Map<SpecialToken, AddedToken> roles = new EnumMap<>(SpecialToken.class);
    private final List<AddedToken> additional = new ArrayList<>();
    private final Map<Integer, JsonObject> decoder = new TreeMap<>();
    private final Map<String, String> templates = new LinkedHashMap<>();

    /// Reads `tokenizer_config.json`, if there is one, or `special_tokens_map.json`, which only has roles. What is
    /// there already stays.
    void read(JsonObject object) {
        for (SpecialToken role : SpecialToken.values()) {
            if (object.has(role.field()) && !roles.containsKey(role)) {
                roles.put(role, token(object, role.field(), object.raw(role.field())));
            }
        }
        for (String field : new String[] {"additional_special_tokens", "extra_special_tokens"}) {
            Object value = object.raw(field);
            Collection<?> listed = value instanceof List<?> list ? list
                    : value instanceof Map<?, ?> named ? named.values()
                    : List.of();
            if (additional.isEmpty()) {
                for (Object item : listed) {
                    additional.add(token(object, field, item));
                }
            }
        }
        if (object.has("added_tokens_decoder")) {
            JsonObject tokens = object.object("added_tokens_decoder");
            for (String id : tokens.names()) {
                decoder.put(id(tokens, id), tokens.object(id));
            }
        }
        templates(object);
    }

    /// Reads `added_tokens.json`, which has the ids of added tokens where `tokenizer_config.json` says nothing of them.
    void readAdded(JsonObject object) {
        if (decoder.isEmpty()) {
            for (String token : object.names()) {
                int id = object.natural(token, Vocabulary.ID_LIMIT);
                decoder.put(id, JsonObject.of(object.where(), Map.of("content", token, "normalized", false)));
            }
        }
    }

    /// A chat template from a file of its own, which counts before one in a configuration.
    void template(String source) {
        templates.put(DEFAULT_TEMPLATE, source);
    }

    Map<String, String> templates() {
        return templates;
    }

    /// The text of each role's token.
    Map<SpecialToken, String> roles() {
        Map<SpecialToken, String> texts = new EnumMap<>(SpecialToken.class);
        for (Map.Entry<SpecialToken, AddedToken> role : roles.entrySet()) {
            texts.put(role.getKey(), role.getValue().content());
        }
        return texts;
    }

    /// Adds this configuration's tokens to those of the `tokenizer.json`, in the order of transformers. Whatever has
    /// a role is special.
    void addTo(AddedVocabulary.Builder added) {
        List<AddedToken> withRole = new ArrayList<>(roles.values());
        withRole.addAll(additional);
        Set<String> special = new LinkedHashSet<>();
        for (AddedToken token : withRole) {
            special.add(token.content());
        }
        for (Map.Entry<Integer, JsonObject> entry : decoder.entrySet()) {
            AddedToken token = AddedToken.read(entry.getValue(), false);
            TokenizerJson.add(added, asSpecial(token, token.special() || special.contains(token.content())),
                    entry.getKey(), entry.getValue());
        }
        for (AddedToken token : withRole) {
            if (!added.contains(token.content())) {
                added.add(asSpecial(token, true));
            }
        }
    }

    private static AddedToken asSpecial(AddedToken token, boolean special) {
        return new AddedToken(token.content(), token.singleWord(), token.lstrip(), token.rstrip(), token.normalized(),
                special);
    }

    private static AddedToken token(JsonObject owner, String field, @Nullable Object value) {
        return value instanceof String text
                ? AddedToken.special(text)
                : AddedToken.read(JsonObject.of(owner.where(field), value), true);
    }

    private static int id(JsonObject tokens, String name) {
        int id = -1;
        try {
            id = Integer.parseInt(name);
        } catch (NumberFormatException _) {
            // Reported with ids that are out of range.
        }
        if (id < 0 || id >= Vocabulary.ID_LIMIT) {
            throw TokenizerException.unaccepted(tokens.where(), "key '" + name + "'",
                    "an integer from 0 to " + (Vocabulary.ID_LIMIT - 1));
        }
        return id;
    }

    /// One template, or a list of named ones.
    private void templates(JsonObject object) {
        if (!object.has("chat_template")) {
            return;
        }
        if (object.raw("chat_template") instanceof String source) {
            templates.put(DEFAULT_TEMPLATE, source);
            return;
        }
        for (JsonObject template : object.objects("chat_template")) {
            templates.put(template.string("name"), template.string("template"));
        }
    }
}
