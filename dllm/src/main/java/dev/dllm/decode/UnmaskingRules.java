package dev.dllm.decode;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The unmasking rules by name.
public final class UnmaskingRules {
    private static final Map<String, Entry> RULES = new LinkedHashMap<>();

    static {
        add("schedule", "[quota]", a -> new Schedule(a.constant(0, Quota.class, Quota.EVEN)));
        add("threshold", "[t[,at-least[,inclusive]]]", a ->
                new Threshold(a.number(0, 0.95f), a.whole(1, 0), a.flag(2, "inclusive")));
        add("edit", "[mask,edit[,at-least,post-steps]]", a -> new Editing(
                a.number(0, 0.7f), a.number(1, 0.5f), a.whole(2, 1), a.whole(3, Editing.DEFAULT_POST_STEPS)));
        add("entropy-bound", "[nats[,sum]]", a ->
                new EntropyBound(a.number(0, 0.1f), a.constant(1, EntropyBound.Sum.class, EntropyBound.Sum.OTHERS)));
        add("random", "", _ -> new RandomUnmasking());
        add("budgeted-threshold", "[t]", a -> new BudgetedThreshold(a.number(0, 0.9f)));
        add("path-planning", "", _ -> new PathPlanning());
    }

    /// @param arguments how they are written, for messages
    private record Entry(String arguments, Function<Arguments, Unmasking> made) {}

    private UnmaskingRules() {}

    /// Reads a rule as [Unmasking#toString] writes it: a name, then optionally a colon and values separated by commas.
    ///
    /// @throws IllegalArgumentException if the name is unknown or the values do not fit it
    public static Unmasking parse(String text) {
        int colon = text.indexOf(':');
        Entry entry = RULES.get(colon < 0 ? text : text.substring(0, colon));
        if (entry == null) {
            throw new IllegalArgumentException("unknown unmasking rule '" + text + "'; known: " + known());
        }
        Arguments arguments = new Arguments(text, colon < 0 ? new String[0] : text.substring(colon + 1).split(",", -1));
        Unmasking rule = entry.made.apply(arguments);
        arguments.requireAllRead();
        return rule;
    }

    /// Every rule with its arguments, for messages and help.
    public static String known() {
        return RULES.entrySet().stream()
                .map(rule -> rule.getKey()
                        + (rule.getValue().arguments.isEmpty() ? "" : "[:" + rule.getValue().arguments.substring(1)))
                .collect(Collectors.joining(", "));
    }

    private static void add(String name, String arguments, Function<Arguments, Unmasking> made) {
        RULES.put(name, new Entry(arguments, made));
    }

    /// The values behind a rule's name.
    private static final class Arguments {
        private final String text;
        private final String[] values;
        private int read;

        Arguments(String text, String[] values) {
            this.text = text;
            this.values = values;
        }

        float number(int index, float otherwise) {
            String value = value(index);
            try {
                return value == null ? otherwise : Float.parseFloat(value);
            } catch (NumberFormatException _) {
                throw wrong(value, "a number");
            }
        }

        int whole(int index, int otherwise) {
            String value = value(index);
            try {
                return value == null ? otherwise : Integer.parseInt(value);
            } catch (NumberFormatException _) {
                throw wrong(value, "a whole number");
            }
        }

        <E extends Enum<E>> E constant(int index, Class<E> type, E otherwise) {
            String value = value(index);
            if (value == null) {
                return otherwise;
            }
            return Arrays.stream(type.getEnumConstants())
                    .filter(constant -> constant.name().toLowerCase(Locale.ROOT).equals(value))
                    .findFirst()
                    .orElseThrow(() -> wrong(value, "one of " + Arrays.toString(type.getEnumConstants())));
        }

        boolean flag(int index, String name) {
            String value = value(index);
            if (value != null && !value.equals(name)) {
                throw wrong(value, name);
            }
            return value != null;
        }

        void requireAllRead() {
            if (values.length > read) {
                throw new IllegalArgumentException("unmasking rule '" + text + "': at most " + read + " values; known: " + known());
            }
        }

        private @Nullable String value(int index) {
            read = Math.max(read, index + 1);
            return index < values.length ? values[index].strip() : null;
        }

        private IllegalArgumentException wrong(@Nullable String value, String accepted) {
            return new IllegalArgumentException("unmasking rule '" + text + "': '" + value + "' is not " + accepted);
        }
    }
}
