package dev.dllm.tokenizer;

import dev.dllm.tokenizer.chat.ChatTemplate;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Text to token ids and back, as the files of a published model define it. Immutable and thread-safe.
///
/// Ids are those of the Rust library `huggingface/tokenizers` for the same `tokenizer.json`. From
/// `tokenizer_config.json` come further added tokens, the parts that tokens play, and chat templates, as in
/// `huggingface/transformers`; its `clean_up_tokenization_spaces` is not applied to decoded text.
public final class Tokenizer {
    private static final String MAIN = "tokenizer.json";

    private final String source;
    private final TokenizerJson json;
    private final AddedVocabulary added;
    private final Map<SpecialToken, String> roles;
    private final Map<String, String> templates;

    private Tokenizer(String source, TokenizerJson json, TokenizerConfig config) {
        this.source = source;
        this.json = json;
        this.roles = config.roles();
        this.templates = config.templates();
        config.addTo(json.added());
        this.added = json.added().build(json.normalizer());
    }

    /// Reads the tokenizer of a directory.
    ///
    /// @throws TokenizerException if there is none, or a file cannot be used
    public static Tokenizer load(Path directory) {
        return read(TokenizerFiles.of(directory));
    }

    /// Reads a tokenizer from wherever its files are.
    ///
    /// @throws TokenizerException if there is none, or a file cannot be used
    public static Tokenizer read(TokenizerFiles files) {
        return find(files).orElseThrow(() -> TokenizerException.unaccepted(files.source(), "no tokenizer",
                "tokenizer.json, or vocab.json and merges.txt"));
    }

    /// Reads a tokenizer if there is one: a `tokenizer.json`, or else `vocab.json` and `merges.txt`.
    ///
    /// @throws TokenizerException if a file cannot be used
    public static Optional<Tokenizer> find(TokenizerFiles files) {
        TokenizerConfig config = new TokenizerConfig();
        JsonObject configFile = json(files, "tokenizer_config.json");
        JsonObject specialTokens = json(files, "special_tokens_map.json");
        if (configFile != null) {
            config.read(configFile);
        }
        if (specialTokens != null) {
            config.read(specialTokens);
        }
        Optional<byte[]> template = files.read("chat_template.jinja");
        if (template.isPresent()) {
            config.template(new String(template.get(), StandardCharsets.UTF_8));
        }
        Optional<byte[]> main = files.read(MAIN);
        if (main.isPresent()) {
            TokenizerJson stages = TokenizerJson.read(where(files, MAIN), main.get());
            return Optional.of(new Tokenizer(files.source(), stages, config));
        }
        JsonObject addedTokens = json(files, "added_tokens.json");
        if (addedTokens != null) {
            config.readAdded(addedTokens);
        }
        Optional<TokenizerJson> stages = BpeFiles.read(files, configFile);
        return stages.isPresent()
                ? Optional.of(new Tokenizer(files.source(), stages.get(), config))
                : Optional.empty();
    }

    /// The ids of a text. Unpaired surrogates count as U+FFFD.
    ///
    /// @param addSpecialTokens whether special tokens such as BOS are put around it, if the tokenizer does that at all.
    ///     Special tokens that the text contains are found either way
    /// @throws TokenizerException if a pattern of the tokenizer cannot cope with the text
    public int[] encode(String text, boolean addSpecialTokens) {
        String input = WellFormed.wellFormed(text);
        IntList ids = new IntList();
        for (AddedVocabulary.Part part : added.splitRaw(input)) {
            if (part.id() >= 0) {
                ids.add(part.id());
            } else {
                encodeText(input.substring(part.start(), part.end()), part.start() == 0, ids);
            }
        }
        int[] encoded = ids.toArray();
        return addSpecialTokens ? json.postProcessor().process(encoded) : encoded;
    }

    private void encodeText(String text, boolean first, IntList ids) {
        String normalized = json.normalizer().normalize(text);
        boolean atStart = first && json.preTokenizer().needsFirst() && json.normalizer().keepsStart(text);
        for (AddedVocabulary.Part part : added.splitNormalized(normalized)) {
            if (part.id() >= 0) {
                ids.add(part.id());
                continue;
            }
            Word whole = new Word(normalized.substring(part.start(), part.end()), atStart && part.start() == 0);
            for (Word word : json.preTokenizer().split(List.of(whole))) {
                json.bpe().encode(word.text(), ids);
            }
        }
    }

    /// The text of ids. Bytes that are not UTF-8 become U+FFFD, once per maximal subpart; ids of no token are skipped.
    ///
    /// @param skipSpecialTokens whether special tokens are left out
    public String decode(int[] ids, boolean skipSpecialTokens) {
        StreamDecoder decoder = streamDecoder(skipSpecialTokens);
        return decoder.add(ids).concat(decoder.finish());
    }

    /// Decodes ids as they come.
    ///
    /// @param skipSpecialTokens whether special tokens are left out
    public StreamDecoder streamDecoder(boolean skipSpecialTokens) {
        return new StreamDecoder(this, json.decoder(), skipSpecialTokens);
    }

    /// The id of a token, written as in the vocabulary.
    public OptionalInt id(String token) {
        int id = idOrMinusOne(token);
        return id >= 0 ? OptionalInt.of(id) : OptionalInt.empty();
    }

    /// The id of the token with this part to play, if the files assign one.
    public OptionalInt id(SpecialToken role) {
        String token = roles.get(role);
        return token == null ? OptionalInt.empty() : id(token);
    }

    /// The token with this id, written as in the vocabulary: byte-level tokens in their own alphabet.
    public Optional<String> token(int id) {
        return Optional.ofNullable(tokenOrNull(id));
    }

    /// The text of the token with this part to play, if the files assign one.
    public Optional<String> token(SpecialToken role) {
        return Optional.ofNullable(roles.get(role));
    }

    /// Whether this is the id of a special token, one that decoding can leave out.
    public boolean isSpecial(int id) {
        String token = tokenOrNull(id);
        return token != null && isSpecial(token);
    }

    /// The largest id + 1. A model may have more rows than that.
    public int size() {
        return Math.max(json.vocabulary().maxId(), added.maxId()) + 1;
    }

    /// The template for chats, if the files have one.
    ///
    /// @throws dev.dllm.tokenizer.chat.ChatTemplateException if it cannot be parsed
    public Optional<ChatTemplate> chatTemplate() {
        return chatTemplate(TokenizerConfig.DEFAULT_TEMPLATE);
    }

    /// The template with this name. Variables such as `bos_token` are bound.
    ///
    /// @throws dev.dllm.tokenizer.chat.ChatTemplateException if it cannot be parsed
    public Optional<ChatTemplate> chatTemplate(String name) {
        String template = templates.get(name);
        if (template == null) {
            return Optional.empty();
        }
        Map<String, Object> variables = new HashMap<>();
        for (Map.Entry<SpecialToken, String> role : roles.entrySet()) {
            variables.put(role.getKey().field(), role.getValue());
        }
        return Optional.of(ChatTemplate.parse(template).withVariables(variables));
    }

    /// Names of the chat templates; the one that is used unless another is asked for is `default`.
    public Set<String> chatTemplateNames() {
        return Set.copyOf(templates.keySet());
    }

    /// What messages call the tokenizer: the directory it came from.
    public String source() {
        return source;
    }

    private int idOrMinusOne(String token) {
        int id = added.id(token);
        return id >= 0 ? id : json.vocabulary().id(token);
    }

    @Nullable String tokenOrNull(int id) {
        String token = added.token(id);
        return token != null ? token : json.vocabulary().token(id);
    }

    boolean isSpecial(String token) {
        return added.isSpecial(token);
    }

    private static @Nullable JsonObject json(TokenizerFiles files, String name) {
        Optional<byte[]> content = files.read(name);
        return content.isPresent() ? JsonFile.object(where(files, name), content.get()) : null;
    }

    /// What messages call a file.
    static String where(TokenizerFiles files, String name) {
        return files.source().concat("/").concat(name);
    }
}
