package dev.dllm.tokenizer.chat;

/// Python's `text.format(…)` without format specifications: `{}`, `{0}`, `{name}`, `{!r}` and doubled braces.
final class BraceFormat {

    private BraceFormat() {}

    static String format(String format, Arguments arguments, Budget budget) {
        StringBuilder out = new StringBuilder();
        int automatic = 0;
        for (int at = 0; at < format.length(); at++) {
            char c = format.charAt(at);
            if (c != '{' && c != '}') {
                out.append(c);
                continue;
            }
            if (format.startsWith(c == '{' ? "{{" : "}}", at)) {
                out.append(c);
                at++;
                continue;
            }
            int close = format.indexOf('}', at);
            if (c == '}' || close < 0) {
                throw new TemplateFailure("Single '" + c + "' encountered in format string");
            }
            String field = format.substring(at + 1, close);
            boolean repr = field.endsWith("!r");
            String name = repr || field.endsWith("!s") ? field.substring(0, field.length() - 2) : field;
            Value value = value(name.isEmpty() ? String.valueOf(automatic++) : name, arguments);
            String text = repr ? Text.repr(value) : Text.str(value);
            budget.allocate(text.length());
            out.append(text);
            at = close;
        }
        return out.toString();
    }

    private static Value value(String name, Arguments arguments) {
        Value value = arguments.named().get(name);
        if (value == null && name.length() < 6 && name.chars().allMatch(c -> c >= '0' && c <= '9')) {
            int index = Integer.parseInt(name);
            value = index < arguments.positional().size() ? arguments.positional().get(index) : null;
        }
        if (value == null) {
            throw new TemplateFailure("format: found field '{" + name
                    + "}'; accepted: {}, {0} or {name} of an argument, without format specification");
        }
        return value;
    }
}
