package dev.dllm.tokenizer.chat;

import dev.dllm.tokenizer.chat.Value.Dict;
import dev.dllm.tokenizer.chat.Value.None;
import dev.dllm.tokenizer.chat.Value.Str;
import dev.dllm.tokenizer.chat.Value.Tuple;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The filters that make text of text. Most turn other values into text first.
final class TextFilters {
    static final Set<String> NAMES = Set.of("capitalize", "center", "format", "indent", "lower", "replace", "title",
            "trim", "truncate", "upper");
    private static final Set<String> NOT_CONVERTING = Set.of("indent", "truncate");
    /// What jinja2 counts as the beginning of a word, for the filter `title`; the method of that name differs.
    private static final String BEFORE_WORD = "-({[<";
    private static final int TRUNCATE_LEEWAY = 5;

    private final Budget budget;

    TextFilters(Budget budget) {
        this.budget = budget;
    }

    Value apply(String name, Value value, Arguments arguments) {
        if (NOT_CONVERTING.contains(name) && !(value instanceof Str)) {
            throw new TemplateFailure(name + ": found " + Operators.defined(value).type() + "; accepted: str");
        }
        String text = Filters.soft(name, value);
        return budget.string(switch (name) {
            case "capitalize" -> plain(name, arguments, Strings.capitalize(text));
            case "lower" -> plain(name, arguments, text.toLowerCase(Locale.ROOT));
            case "upper" -> plain(name, arguments, text.toUpperCase(Locale.ROOT));
            case "title" -> plain(name, arguments, title(text));
            case "trim" -> {
                Value characters = arguments.bind(name, 0, "chars")[0];
                boolean space = characters == null || characters instanceof None;
                yield Strings.strip(text, space ? null : Filters.soft(name, characters), true, true);
            }
            case "center" -> {
                Value width = arguments.bind(name, 0, "width")[0];
                yield Strings.pad(text, width == null ? 80 : Numbers.clamped(width), " ", 0, budget);
            }
            case "replace" -> {
                @Nullable Value[] bound = arguments.bind(name, 2, "old", "new", "count");
                int count = bound[2] == null || bound[2] instanceof None ? -1 : Numbers.clamped(bound[2]);
                yield Strings.replace(text, Text.str(bound[0]), Text.str(bound[1]), count, budget);
            }
            case "format" -> format(text, arguments);
            case "indent" -> indent(text, arguments);
            case "truncate" -> truncate(text, arguments);
            default -> throw new IllegalArgumentException(name);
        });
    }

    private static String plain(String name, Arguments arguments, String result) {
        arguments.bind(name, 0);
        return result;
    }

    private static String title(String text) {
        StringBuilder out = new StringBuilder(text.length());
        boolean wordStart = true;
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            String character = Character.toString(c);
            out.append(wordStart ? character.toUpperCase(Locale.ROOT) : character.toLowerCase(Locale.ROOT));
            wordStart = BEFORE_WORD.indexOf(c) >= 0 || Strings.isSpace(c);
        }
        return out.toString();
    }

    private String format(String text, Arguments arguments) {
        if (!arguments.positional().isEmpty() && !arguments.named().isEmpty()) {
            throw new TemplateFailure("can't handle positional and keyword arguments at the same time");
        }
        return Printf.format(text, arguments.named().isEmpty()
                ? Tuple.of(arguments.positional())
                : Dict.named(arguments.named()), budget);
    }

    private String indent(String text, Arguments arguments) {
        @Nullable Value[] bound = arguments.bind("indent", 0, "width", "first", "blank");
        String indent = bound[0] instanceof Str(String given) ? given
                : " ".repeat(bound[0] == null ? 4 : Filters.width("indent", bound[0]));
        boolean blank = Filters.isTrue(bound[2]);
        StringBuilder out = new StringBuilder(Filters.isTrue(bound[1]) ? indent : "");
        List<String> lines = Strings.lines(text + "\n", false);
        for (int i = 0; i < lines.size(); i++) {
            if (i > 0) {
                budget.allocate(indent.length());
                out.append('\n').append(blank || !lines.get(i).isEmpty() ? indent : "");
            }
            out.append(lines.get(i));
        }
        return out.toString();
    }

    private static String truncate(String text, Arguments arguments) {
        @Nullable Value[] bound = arguments.bind("truncate", 0, "length", "killwords", "end", "leeway");
        int length = bound[0] == null ? 255 : Numbers.clamped(bound[0]);
        String end = bound[2] == null ? "..." : Text.str(bound[2]);
        int leeway = bound[3] == null || bound[3] instanceof None ? TRUNCATE_LEEWAY : Numbers.clamped(bound[3]);
        int kept = length - Strings.length(end);
        if (kept < 0 || leeway < 0) {
            throw new TemplateFailure("truncate: found length " + length + ", leeway " + leeway
                    + "; accepted: a length of at least that of the end, and no negative leeway");
        }
        if (Strings.length(text) <= (long) length + leeway) {
            return text;
        }
        String start = text.substring(0, Strings.offset(text, kept));
        int space = Filters.isTrue(bound[1]) ? -1 : start.lastIndexOf(' ');
        return (space < 0 ? start : start.substring(0, space)) + end;
    }
}
