package dev.dllm.decode;

/// The unmasking rules by name.
public final class UnmaskingRules {
    private static final String KNOWN = "schedule, threshold[:t], edit[:mask,edit[,at-least,post-steps]]";

    private UnmaskingRules() {}

    /// Reads a rule as [Unmasking#toString] writes it: a name, then optionally a colon and numbers separated by commas.
    ///
    /// @throws IllegalArgumentException if the name is unknown or the numbers do not fit it
    public static Unmasking parse(String text) {
        int colon = text.indexOf(':');
        String name = colon < 0 ? text : text.substring(0, colon);
        float[] arguments = colon < 0 ? new float[0] : numbers(text, text.substring(colon + 1));
        return switch (name) {
            case "schedule" -> {
                if (arguments.length > 0) {
                    throw wrongCount(text, "no number");
                }
                yield new Schedule();
            }
            case "threshold" -> switch (arguments.length) {
                case 0 -> new Threshold(0.95f);
                case 1 -> new Threshold(arguments[0]);
                default -> throw wrongCount(text, "at most one number");
            };
            case "edit" -> switch (arguments.length) {
                case 0 -> new Editing(0.7f, 0.5f);
                case 2 -> new Editing(arguments[0], arguments[1]);
                case 4 -> new Editing(arguments[0], arguments[1], (int) arguments[2], (int) arguments[3]);
                default -> throw wrongCount(text, "none, two or four numbers");
            };
            default -> throw new IllegalArgumentException("unknown unmasking rule '" + name + "'; known: " + KNOWN);
        };
    }

    private static float[] numbers(String text, String arguments) {
        String[] parts = arguments.split(",", -1);
        float[] numbers = new float[parts.length];
        for (int i = 0; i < parts.length; i++) {
            try {
                numbers[i] = Float.parseFloat(parts[i].strip());
            } catch (NumberFormatException _) {
                throw new IllegalArgumentException("unmasking rule '" + text + "': '" + parts[i] + "' is no number");
            }
        }
        return numbers;
    }

    private static IllegalArgumentException wrongCount(String text, String accepted) {
        return new IllegalArgumentException("unmasking rule '" + text + "': takes " + accepted + "; known: " + KNOWN);
    }
}
