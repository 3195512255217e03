package dev.dllm.tokenizer;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer.Form;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/// Tokenizers published without a `tokenizer.json`, as `vocab.json` and `merges.txt`, e.g. Dream's. The stages around
/// the model are then those that transformers gives the class that `tokenizer_config.json` names.
///
/// @see "huggingface/transformers, src/transformers/convert_slow_tokenizer.py, Qwen2Converter and GPT2Converter"
final class BpeFiles {
    private static final String VOCABULARY = "vocab.json";
    private static final String MERGES = "merges.txt";
    private static final String QWEN2 = "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}"
            + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

    private BpeFiles() {}

    /// Reads the two files, if both are there.
    ///
    /// @param config the `tokenizer_config.json`, if there is one
    static Optional<TokenizerJson> read(TokenizerFiles files, @Nullable JsonObject config) {
        Optional<byte[]> vocabularyFile = files.read(VOCABULARY);
        Optional<byte[]> mergesFile = files.read(MERGES);
        if (vocabularyFile.isEmpty() || mergesFile.isEmpty()) {
            return Optional.empty();
        }
        Vocabulary vocabulary = vocabulary(Tokenizer.where(files, VOCABULARY), vocabularyFile.get());
        String where = Tokenizer.where(files, MERGES);
        List<String> sides = new ArrayList<>();
        for (String line : new String(mergesFile.get(), StandardCharsets.UTF_8).split("\n")) {
            String merge = line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
            if (!merge.isEmpty()) {
                BpeJson.addMerge(where, merge, sides);
            }
        }
        Bpe bpe = new Bpe(vocabulary, BpeJson.resolve(where, vocabulary, sides),
                new Bpe.Options(null, false, false, false));
        return Optional.of(stages(files, config, vocabulary, bpe));
    }

    private static Vocabulary vocabulary(String where, byte[] content) {
        try (JsonParser parser = JsonFile.open(content)) {
            if (parser.currentToken() != JsonToken.START_OBJECT) {
                throw TokenizerException.unaccepted(where, "a file that is no JSON object", "tokens and their ids");
            }
            Vocabulary vocabulary = BpeJson.vocabulary(where, parser);
            JsonFile.end(where, parser);
            return vocabulary;
        } catch (JacksonException e) {
            throw JsonFile.broken(where, e);
        }
    }

    private static TokenizerJson stages(
            TokenizerFiles files, @Nullable JsonObject config, Vocabulary vocabulary, Bpe bpe) {
        if (config == null) {
            throw TokenizerException.unaccepted(files.source(), "vocab.json and merges.txt alone",
                    "tokenizer.json, or a tokenizer_config.json with them");
        }
        Normalizer normalizer = new Normalizer.None();
        PreTokenizer preTokenizer;
        switch (config.string("tokenizer_class")) {
            case "Qwen2Tokenizer", "Qwen2TokenizerFast", "DreamTokenizer" -> {
                normalizer = Normalizer.Unicode.of(Form.NFC);
                SplitPattern pattern = SplitPattern.regex(QWEN2, config.where());
                preTokenizer = new PreTokenizer.Sequence(List.of(
                        new PreTokenizer.Split(pattern, SplitBehavior.ISOLATED, false),
                        new PreTokenizer.ByteLevel(null, false)));
            }
            case "GPT2Tokenizer", "GPT2TokenizerFast" -> preTokenizer = new PreTokenizer.ByteLevel(
                    SplitPattern.regex(PreTokenizer.ByteLevel.GPT2, config.where()),
                    config.bool("add_prefix_space", false));
            default -> throw config.unaccepted("tokenizer_class",
                    "Qwen2Tokenizer, DreamTokenizer or GPT2Tokenizer where there is no tokenizer.json");
        }
        return new TokenizerJson(vocabulary, bpe, new AddedVocabulary.Builder(vocabulary), normalizer, preTokenizer,
                new PostProcessor.None(), new Decoder.ByteLevel());
    }
}
