package dev.dllm.tokenizer.chat;

import dev.dllm.tokenizer.chat.Value.Array;
import dev.dllm.tokenizer.chat.Value.Bool;
import dev.dllm.tokenizer.chat.Value.Int;
import dev.dllm.tokenizer.chat.Value.None;
import dev.dllm.tokenizer.chat.Value.Str;
import dev.dllm.tokenizer.chat.Value.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/// The methods of Python strings that do not depend on an encoding or a locale.
final class StringMethods {
    static final Set<String> NAMES = Set.of("capitalize", "center", "count", "endswith", "find", "format", "index",
            "isalnum", "isalpha", "isdigit", "islower", "isspace", "isupper", "join", "ljust", "lower", "lstrip",
            "partition", "removeprefix", "removesuffix", "replace", "rfind", "rindex", "rjust", "rpartition", "rsplit",
            "rstrip", "split", "splitlines", "startswith", "strip", "swapcase", "title", "upper", "zfill");

    private final String text;
    private final Budget budget;

    StringMethods(String text, Budget budget) {
        this.text = text;
        this.budget = budget;
    }

    Value call(String name, Arguments arguments) {
        budget.work(text.length() + arguments.weight());
        return switch (name) {
            case "capitalize" -> plain(name, arguments, Strings.capitalize(text));
            case "lower" -> plain(name, arguments, text.toLowerCase(Locale.ROOT));
            case "upper" -> plain(name, arguments, text.toUpperCase(Locale.ROOT));
            case "title" -> plain(name, arguments, Strings.title(text));
            case "swapcase" -> plain(name, arguments, swapCase());
            case "strip" -> strip(name, arguments, true, true);
            case "lstrip" -> strip(name, arguments, true, false);
            case "rstrip" -> strip(name, arguments, false, true);
            case "split", "rsplit" -> split(name, arguments);
            case "splitlines" -> lines(arguments);
            case "partition", "rpartition" -> partition(name, arguments);
            case "replace" -> replace(arguments);
            case "removeprefix", "removesuffix" -> remove(name, arguments);
            case "join" -> join(arguments);
            case "startswith", "endswith" -> Bool.of(meets(name, arguments));
            case "find", "rfind", "index", "rindex" -> find(name, arguments);
            case "count" -> count(arguments);
            case "center" -> pad(name, arguments, 0);
            case "ljust" -> pad(name, arguments, -1);
            case "rjust" -> pad(name, arguments, 1);
            case "zfill" -> fillWithZeros(arguments);
            case "format" -> budget.string(BraceFormat.format(text, arguments, budget));
            case "isalpha" -> all(name, arguments, Character::isLetter);
            case "isdigit" -> all(name, arguments, CharacterKinds::isDigit);
            case "isalnum" -> all(name, arguments, CharacterKinds::isAlphanumeric);
            case "isspace" -> all(name, arguments, Strings::isSpace);
            case "islower" -> plainCase(name, arguments, false);
            case "isupper" -> plainCase(name, arguments, true);
            default -> throw new IllegalArgumentException(name);
        };
    }

    private Str plain(String name, Arguments arguments, String result) {
        arguments.bind(name, 0);
        return budget.string(result);
    }

    private Bool all(String name, Arguments arguments, IntPredicate kind) {
        arguments.bind(name, 0);
        return Bool.of(!text.isEmpty() && text.codePoints().allMatch(kind));
    }

    private Bool plainCase(String name, Arguments arguments, boolean upper) {
        arguments.bind(name, 0);
        return Bool.of(upper ? CharacterKinds.isUpper(text) : CharacterKinds.isLower(text));
    }

    private String swapCase() {
        StringBuilder out = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            String character = Character.toString(c);
            boolean upper = Character.isUpperCase(c);
            out.append(upper ? character.toLowerCase(Locale.ROOT) : character.toUpperCase(Locale.ROOT));
        });
        return out.toString();
    }

    private Str strip(String name, Arguments arguments, boolean left, boolean right) {
        Value characters = arguments.bind(name, 0, "chars")[0];
        return budget.string(Strings.strip(text, stringOrNull(name, characters), left, right));
    }

    private Value split(String name, Arguments arguments) {
        @Nullable Value[] bound = arguments.bind(name, 0, "sep", "maxsplit");
        String separator = stringOrNull(name, bound[0]);
        budget.search(text, separator == null ? " " : separator);
        int limit = bound[1] == null ? -1 : Numbers.clamped(bound[1]);
        boolean fromRight = name.equals("rsplit");
        if (separator != null && separator.isEmpty()) {
            throw new TemplateFailure("empty separator");
        }
        budget.allocate(text.length());
        if (separator == null) {
            return strings(fromRight ? Strings.wordsFromRight(text, limit) : Strings.words(text, limit));
        }
        return strings(fromRight
                ? Strings.splitFromRight(text, separator, limit)
                : Strings.split(text, separator, limit));
    }

    private Value lines(Arguments arguments) {
        Value keepEnds = arguments.bind("splitlines", 0, "keepends")[0];
        budget.allocate(text.length());
        return strings(Strings.lines(text, keepEnds != null && Operators.isTrue(keepEnds)));
    }

    private Value partition(String name, Arguments arguments) {
        String separator = string(name, arguments.bind(name, 1, "sep")[0]);
        budget.search(text, separator);
        if (separator.isEmpty()) {
            throw new TemplateFailure("empty separator");
        }
        budget.allocate(text.length());
        boolean fromRight = name.equals("rpartition");
        int at = fromRight ? text.lastIndexOf(separator) : text.indexOf(separator);
        if (at < 0) {
            return tuple(fromRight ? List.of("", "", text) : List.of(text, "", ""));
        }
        return tuple(List.of(text.substring(0, at), separator, text.substring(at + separator.length())));
    }

    private Str replace(Arguments arguments) {
        @Nullable Value[] bound = arguments.bind("replace", 2, "old", "new", "count");
        return budget.string(Strings.replace(text, string("replace", bound[0]), string("replace", bound[1]),
                bound[2] == null ? -1 : Numbers.clamped(bound[2]), budget));
    }

    private Str remove(String name, Arguments arguments) {
        String affix = string(name, arguments.bind(name, 1, "affix")[0]);
        if (name.equals("removeprefix")) {
            return budget.string(text.startsWith(affix) ? text.substring(affix.length()) : text);
        }
        return budget.string(text.endsWith(affix) ? text.substring(0, text.length() - affix.length()) : text);
    }

    private Str join(Arguments arguments) {
        StringBuilder out = new StringBuilder();
        boolean first = true;
        for (Value item : Sequences.items(arguments.bind("join", 1, "iterable")[0])) {
            String part = string("join", item);
            budget.allocate(text.length() + part.length());
            out.append(first ? "" : text).append(part);
            first = false;
        }
        return new Str(out.toString());
    }

    private boolean meets(String name, Arguments arguments) {
        @Nullable Value[] bound = arguments.bind(name, 1, "affix", "start", "end");
        String part = part(bound[1], bound[2]);
        List<Value> affixes = bound[0] instanceof Tuple(List<Value> several, _) ? several : List.of(bound[0]);
        for (Value affix : affixes) {
            String wanted = string(name, affix);
            if (part != null && (name.equals("startswith") ? part.startsWith(wanted) : part.endsWith(wanted))) {
                return true;
            }
        }
        return false;
    }

    private Value find(String name, Arguments arguments) {
        @Nullable Value[] bound = arguments.bind(name, 1, "sub", "start", "end");
        String wanted = string(name, bound[0]);
        String part = part(bound[1], bound[2]);
        budget.search(text, wanted);
        int at = part == null ? -1 : name.startsWith("r") ? part.lastIndexOf(wanted) : part.indexOf(wanted);
        if (at < 0 && name.endsWith("index")) {
            throw new TemplateFailure("substring not found");
        }
        return Int.of(at < 0 ? -1 : start(bound[1]) + part.codePointCount(0, at));
    }

    private Value count(Arguments arguments) {
        @Nullable Value[] bound = arguments.bind("count", 1, "sub", "start", "end");
        String wanted = string("count", bound[0]);
        String part = part(bound[1], bound[2]);
        if (part == null) {
            return Int.of(0);
        }
        budget.search(text, wanted);
        if (wanted.isEmpty()) {
            return Int.of(Strings.length(part) + 1);
        }
        int count = 0;
        for (int at = part.indexOf(wanted); at >= 0; at = part.indexOf(wanted, at + wanted.length())) {
            count++;
        }
        return Int.of(count);
    }

    /// The text between two positions; null if the first is beyond the end, where not even an empty string is found.
    private @Nullable String part(@Nullable Value start, @Nullable Value end) {
        if (start == null && end == null) {
            return text;
        }
        Value from = start == null ? None.NONE : start;
        if (start(start) > Strings.length(text)) {
            return null;
        }
        return Text.str(Sequences.slice(new Str(text), from, end == null ? None.NONE : end, None.NONE, budget));
    }

    private int start(@Nullable Value start) {
        int position = start == null || start instanceof None ? 0 : Numbers.clamped(start);
        return position < 0 ? Math.max(0, position + Strings.length(text)) : position;
    }

    private Str pad(String name, Arguments arguments, int side) {
        @Nullable Value[] bound = arguments.bind(name, 1, "width", "fillchar");
        String fill = bound[1] == null ? " " : string(name, bound[1]);
        if (Strings.length(fill) != 1) {
            throw new TemplateFailure("The fill character must be exactly one character long");
        }
        return budget.string(Strings.pad(text, Numbers.clamped(bound[0]), fill, side, budget));
    }

    private Str fillWithZeros(Arguments arguments) {
        int width = Numbers.clamped(arguments.bind("zfill", 1, "width")[0]);
        boolean signed = text.startsWith("-") || text.startsWith("+");
        String sign = signed ? text.substring(0, 1) : "";
        return budget.string(sign + Strings.pad(text.substring(sign.length()), width - sign.length(), "0", 1, budget));
    }

    private static Value strings(List<String> parts) {
        List<Value> items = new ArrayList<>(parts.size());
        parts.forEach(part -> items.add(new Str(part)));
        return Array.of(items);
    }

    private static Value tuple(List<String> parts) {
        List<Value> items = new ArrayList<>(parts.size());
        parts.forEach(part -> items.add(new Str(part)));
        return Tuple.of(items);
    }

    private static String string(String name, @Nullable Value value) {
        if (value instanceof Str(String string)) {
            return string;
        }
        if (value != null) {
            Operators.defined(value);
        }
        throw new TemplateFailure(name + ": found " + (value == null ? "nothing" : value.type()) + "; accepted: str");
    }

    private static @Nullable String stringOrNull(String name, @Nullable Value value) {
        return value == null || value instanceof None ? null : string(name, value);
    }
}
