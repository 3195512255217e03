package dev.dllm.tokenizer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A JSON object that knows where it stands in which file, so that every complaint about it can say so.
///
/// Reading is in the start-up path of a command line, and the first use of each string `+`, lambda or generated
/// `equals` costs a cold JVM milliseconds; so what runs for every file does without them.
final class JsonObject {
    private final String where;
    private final Map<String, @Nullable Object> fields;

    private JsonObject(String where, Map<String, @Nullable Object> fields) {
        this.where = where;
        this.fields = fields;
    }

    /// `value` as an object.
    @SuppressWarnings("unchecked")
    static JsonObject of(String where, @Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            return new JsonObject(where, (Map<String, @Nullable Object>) map);
        }
        throw TokenizerException.unaccepted(where, describe(value), "an object");
    }

    /// File and path, e.g. `tokenizer.json: decoder`.
    String where() {
        return where;
    }

    /// File and path of a field.
    String where(String name) {
        return where.concat(where.endsWith(".json") ? ": " : ".").concat(name);
    }

    Set<String> names() {
        return fields.keySet();
    }

    /// Whether there is a field of this name that is not null.
    boolean has(String name) {
        return fields.get(name) != null;
    }

    @Nullable Object raw(String name) {
        return fields.get(name);
    }

    /// Refuses fields that are not among `known`, so that nothing a file asks for is ignored.
    void allowOnly(String... known) {
        for (String name : fields.keySet()) {
            if (!Arrays.asList(known).contains(name)) {
                throw TokenizerException.unaccepted(where, "field '" + name + "'", String.join(", ", known));
            }
        }
    }

    String string(String name) {
        if (fields.get(name) instanceof String text) {
            return text;
        }
        throw unaccepted(name, "a string");
    }

    /// A string, or null where there is none or it is null.
    @Nullable String stringOrNull(String name) {
        return has(name) ? string(name) : null;
    }

    boolean bool(String name) {
        if (fields.get(name) instanceof Boolean flag) {
            return flag;
        }
        throw unaccepted(name, "true or false");
    }

    boolean bool(String name, boolean whenAbsent) {
        return has(name) ? bool(name) : whenAbsent;
    }

    /// An integer in `[0, limit)`.
    int natural(String name, int limit) {
        return natural(where(name), fields.get(name), limit);
    }

    /// `value` as an integer in `[0, limit)`.
    static int natural(String where, @Nullable Object value, int limit) {
        if (value instanceof Long number && number >= 0 && number < limit) {
            return number.intValue();
        }
        throw TokenizerException.unaccepted(where, describe(value), "an integer from 0 to " + (limit - 1));
    }

    JsonObject object(String name) {
        return of(where(name), fields.get(name));
    }

    List<?> list(String name) {
        if (fields.get(name) instanceof List<?> list) {
            return list;
        }
        throw unaccepted(name, "an array");
    }

    /// An array of objects.
    List<JsonObject> objects(String name) {
        List<JsonObject> objects = new ArrayList<>();
        for (Object item : list(name)) {
            objects.add(of(where(name).concat("[").concat(String.valueOf(objects.size())).concat("]"), item));
        }
        return objects;
    }

    /// What a field holds is not `accepted`.
    TokenizerException unaccepted(String name, String accepted) {
        String found = fields.containsKey(name) ? describe(fields.get(name)) : "nothing";
        return TokenizerException.unaccepted(where(name), found, accepted);
    }

    /// A value as a message shows it: short.
    static String describe(@Nullable Object value) {
        if (value instanceof Map) {
            return "an object";
        }
        if (value instanceof List) {
            return "an array";
        }
        String text = String.valueOf(value);
        if (text.length() > 60) {
            text = text.substring(0, 57) + "...";
        }
        return value instanceof String ? "'" + text + "'" : text;
    }
}
