package dev.dllm.tokenizer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;

/// One JSON file, read as a stream. Duplicate keys, deep nesting and trailing text are refused.
///
/// Only the streaming part of Jackson is used: reading a tokenizer is in the start-up path of a command line, and
/// loading the classes of data binding would take longer than reading a small file.
final class JsonFile {
    private static final int MAX_NESTING = 64;
    private static final int MAX_STRING_LENGTH = 1 << 24;

    /// Names are not interned: a vocabulary has a hundred thousand of them, each seen once.
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
            .disable(TokenStreamFactory.Feature.INTERN_PROPERTY_NAMES)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_NESTING)
                    .maxNumberLength(100)
                    .maxStringLength(MAX_STRING_LENGTH)
                    .build())
            .build();

    private JsonFile() {}

    /// A parser at the first token of `content`. The caller turns its exceptions into [#broken].
    static JsonParser open(byte[] content) {
        JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), content);
        parser.nextToken();
        return parser;
    }

    /// The whole file as one object.
    ///
    /// @throws TokenizerException if it is anything else
    static JsonObject object(String file, byte[] content) {
        try (JsonParser parser = open(content)) {
            Object value = tree(parser);
            end(file, parser);
            return JsonObject.of(file, value);
        } catch (JacksonException e) {
            throw broken(file, e);
        }
    }

    /// The value that starts at the current token: a [Map], [List], [String], [Boolean], [Long] or another [Number],
    /// or null.
    static @Nullable Object tree(JsonParser parser) {
        JsonToken token = parser.currentToken();
        if (token == JsonToken.START_OBJECT) {
            Map<String, @Nullable Object> fields = new LinkedHashMap<>();
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                parser.nextToken();
                fields.put(name, tree(parser));
            }
            return fields;
        }
        if (token == JsonToken.START_ARRAY) {
            List<@Nullable Object> items = new ArrayList<>();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                items.add(tree(parser));
            }
            return items;
        }
        if (token == JsonToken.VALUE_STRING) {
            return parser.getString();
        }
        if (token == JsonToken.VALUE_TRUE) {
            return Boolean.TRUE;
        }
        if (token == JsonToken.VALUE_FALSE) {
            return Boolean.FALSE;
        }
        if (token == JsonToken.VALUE_NUMBER_INT) {
            Number number = parser.getNumberValue();
            return number instanceof Integer small ? (Long) small.longValue() : number;
        }
        if (token == JsonToken.VALUE_NUMBER_FLOAT) {
            return parser.getDoubleValue();
        }
        return null;
    }

    /// Checks that nothing follows.
    static void end(String file, JsonParser parser) {
        JsonToken more = parser.nextToken();
        if (more != null) {
            throw TokenizerException.unaccepted(file, "text after the end of the JSON value", "one value");
        }
    }

    /// What is reported when a file is not JSON that can be read.
    static TokenizerException broken(String file, JacksonException cause) {
        StringBuilder message = new StringBuilder(file).append(": found broken JSON");
        if (cause.getLocation() != null && cause.getLocation().getLineNr() > 0) {
            message.append(" at line ").append(cause.getLocation().getLineNr())
                    .append(", column ").append(cause.getLocation().getColumnNr());
        }
        // What the parser says of where a value began, it says of its own buffers.
        message.append(": ").append(cause.getOriginalMessage().replaceFirst(" \\(start marker at .*", ""))
                .append("; accepted: one JSON value without duplicate keys");
        return new TokenizerException(message.toString(), cause);
    }
}
