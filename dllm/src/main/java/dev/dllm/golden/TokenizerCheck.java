package dev.dllm.golden;

import dev.dllm.tokenizer.Tokenizer;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Compares a tokenizer: every text encoded and decoded, every list of arbitrary ids decoded with its special tokens.
final class TokenizerCheck {
    private final String file;
    private final JsonNode golden;

    TokenizerCheck(String file, JsonNode golden) {
        this.file = file;
        this.golden = golden;
    }

    /// @return the first entry that differs, or null if all are equal
    @Nullable String differs(Path directory) {
        Tokenizer tokenizer = Tokenizer.load(directory);
        int entry = 0;
        for (JsonNode encode : GoldenSet.list(golden, "encode", file)) {
            String difference = encoded(tokenizer, encode);
            if (difference != null) {
                return "encode[" + entry + "]: " + difference;
            }
            entry++;
        }
        entry = 0;
        for (JsonNode decode : GoldenSet.list(golden, "decode", file)) {
            int[] ids = GoldenSet.ids(decode.path("ids"), file);
            String difference = Difference.of("text", decode.path("decoded").asString(), tokenizer.decode(ids, false));
            if (difference != null) {
                return "decode[" + entry + "]: " + difference;
            }
            entry++;
        }
        return null;
    }

    private @Nullable String encoded(Tokenizer tokenizer, JsonNode entry) {
        String text = GoldenSet.text(entry, "text", file);
        int[] ids = GoldenSet.ids(entry.path("ids"), file);
        int[] plain = entry.has("ids_no_special") ? GoldenSet.ids(entry.path("ids_no_special"), file) : ids;
        String difference = Difference.of("ids", ids, tokenizer.encode(text, true));
        if (difference == null) {
            difference = Difference.of("ids without special tokens", plain, tokenizer.encode(text, false));
        }
        if (difference == null) {
            difference = Difference.of("decoded text", entry.path("decoded").asString(), tokenizer.decode(ids, true));
        }
        if (difference == null && entry.has("decoded_keep_special")) {
            difference = Difference.of(
                    "decoded text with special tokens", entry.path("decoded_keep_special").asString(),
                    tokenizer.decode(ids, false));
        }
        return difference;
    }
}
