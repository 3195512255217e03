package dev.dllm.checkpoint;

import java.io.InputStreamReader;
import java.io.Reader;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;

/// The JSON of a checkpoint, read token by token without building a tree: headers run to megabytes and are read
/// whenever the program starts. Duplicate names, invalid UTF-8, deep nesting and anything behind the object are
/// refused.
///
/// Between calls the current token is the value to be read next, or the start of the object just entered.
final class StrictJson {

    /// Of a name or a string that is kept. Free text, which can be long, is skipped.
    private static final int MOST_CHARACTERS = 50_000;

    // Names rarely repeat, and a table of them could be made to collide on purpose.
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNameLength(MOST_CHARACTERS)
                    .maxStringLength(MOST_CHARACTERS)
                    .build())
            .build();

    private final JsonParser parser;
    private final String source;

    private StrictJson(JsonParser parser, String source) {
        this.parser = parser;
        this.source = source;
    }

    /// Hands the one object in `utf8` to `content`, which must read it to its end.
    ///
    /// @throws CheckpointException if it is no JSON, or not what `content` asks for
    static void read(MemorySegment utf8, String source, Consumer<StrictJson> content) {
        // Decoded here, because Jackson would guess the encoding from the first bytes.
        Reader text = new InputStreamReader(new SegmentInputStream(utf8), StandardCharsets.UTF_8.newDecoder());
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
            try {
                parser.nextToken();
                content.accept(new StrictJson(parser, source));
                if (parser.nextToken() != null) {
                    throw CheckpointException.in(source, "JSON goes on behind its object; accepted: one object");
                }
            } catch (JacksonException broken) {
                throw CheckpointException.in(source, "broken JSON near character %d: %s".formatted(
                        parser.currentLocation().getCharOffset(), broken.getOriginalMessage()), broken);
            }
        }
    }

    void enterObject() {
        expect(JsonToken.START_OBJECT);
    }

    /// The name of the next field of the object, whose value is then current; null at the end of the object.
    @Nullable String nextField() {
        String name = parser.nextName();
        if (name != null) {
            parser.nextToken();
        }
        return name;
    }

    String string() {
        expect(JsonToken.VALUE_STRING);
        return parser.getString();
    }

    /// A string of any length that nobody wants to know.
    void skipString() {
        expect(JsonToken.VALUE_STRING);
    }

    /// An array of up to `most` integers from 0 to 2^63 - 1.
    List<Long> integers(int most) {
        expect(JsonToken.START_ARRAY);
        List<Long> values = new ArrayList<>(4);
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            expect(JsonToken.VALUE_NUMBER_INT);
            long value = parser.getLongValue();
            if (value < 0 || values.size() == most) {
                throw CheckpointException.in(source, "%s: found %d; accepted: 0 or more, and up to %d elements"
                        .formatted(here(), value, most));
            }
            values.add(value);
        }
        return values;
    }

    void skipValue() {
        parser.skipChildren();
    }

    private void expect(JsonToken accepted) {
        JsonToken found = parser.currentToken();
        if (found != accepted) {
            throw CheckpointException.in(source, here() + ": found " + (found == null ? "nothing" : inWords(found))
                    + "; accepted: " + inWords(accepted));
        }
    }

    private static String inWords(JsonToken token) {
        return switch (token) {
            case START_OBJECT -> "an object";
            case START_ARRAY -> "an array";
            case VALUE_STRING -> "a string";
            case VALUE_NUMBER_INT -> "an integer";
            case VALUE_NUMBER_FLOAT -> "a number with a fraction or exponent";
            default -> token.name();
        };
    }

    /// Where the current value is, as a JSON pointer (RFC 6901): `JSON at /model.norm.weight/shape/0`.
    private String here() {
        String pointer = parser.streamReadContext().pathAsPointer().toString();
        return pointer.isEmpty() ? "JSON" : "JSON at " + pointer;
    }
}
