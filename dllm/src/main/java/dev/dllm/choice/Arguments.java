package dev.dllm.choice;

import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The values behind a name, in order. Not thread-safe.
public final class Arguments {
    /// How an infinity is written on purpose.
    private static final String INFINITY = "Infinity";

    private final String what;
    private final String[] values;
    private int read;

    /// @param what they belong to, for messages
    Arguments(String what, String[] values) {
        this.what = what;
        this.values = values;
    }

    public float number(int index, float otherwise) {
        String value = value(index);
        try {
            return value == null ? otherwise : finite(value, Float.parseFloat(value));
        } catch (NumberFormatException _) {
            throw wrong(value, "a number");
        }
    }

    public double decimal(int index, double otherwise) {
        String value = value(index);
        try {
            return value == null ? otherwise : finite(value, Double.parseDouble(value));
        } catch (NumberFormatException _) {
            throw wrong(value, "a number");
        }
    }

    public int whole(int index, int otherwise) {
        return whole(index, otherwise, "a whole number");
    }

    /// A whole number, where names may stand too.
    ///
    /// @param accepted all that may stand there, for messages
    public int whole(int index, int otherwise, String accepted) {
        String value = value(index);
        try {
            return value == null ? otherwise : Integer.parseInt(value);
        } catch (NumberFormatException _) {
            throw wrong(value, accepted);
        }
    }

    /// A value that must be there.
    public String text(int index) {
        String value = value(index);
        if (value == null) {
            throw new IllegalArgumentException(what + ": needs " + (index + 1) + " values");
        }
        return value;
    }

    public <E extends Enum<E>> E constant(int index, Class<E> type, E otherwise) {
        String value = value(index);
        if (value == null) {
            return otherwise;
        }
        return Arrays.stream(type.getEnumConstants())
                .filter(constant -> constant.name().toLowerCase(Locale.ROOT).equals(value))
                .findFirst()
                .orElseThrow(() -> wrong(value, "one of " + Arrays.toString(type.getEnumConstants()).toLowerCase(Locale.ROOT)));
    }

    /// Whether the value is there and is `name`, where others may stand too.
    public boolean is(int index, String name) {
        return name.equals(value(index));
    }

    /// Whether the value is there; if so, it must be `name`.
    public boolean flag(int index, String name) {
        String value = value(index);
        if (value != null && !value.equals(name)) {
            throw wrong(value, name);
        }
        return value != null;
    }

    /// How many values have been asked for.
    int read() {
        return read;
    }

    /// Whether there are values that nobody has asked for.
    boolean tooMany() {
        return values.length > read;
    }

    private @Nullable String value(int index) {
        read = Math.max(read, index + 1);
        return index < values.length ? values[index].strip() : null;
    }

    private float finite(String value, float number) {
        if (Float.isInfinite(number) && !value.contains(INFINITY)) {
            throw wrong(value, "a number that a float can hold");
        }
        return number;
    }

    private double finite(String value, double number) {
        if (Double.isInfinite(number) && !value.contains(INFINITY)) {
            throw wrong(value, "a number that a double can hold");
        }
        return number;
    }

    private IllegalArgumentException wrong(@Nullable String value, String accepted) {
        return new IllegalArgumentException(what + ": '" + value + "' is not " + accepted);
    }
}
