package dev.dllm.tokenizer;

import dev.dllm.tokenizer.SplitBehavior.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// A literal or a regular expression that text is searched for. Immutable.
final class SplitPattern {
    private final String where;
    private final Pattern pattern;

    private SplitPattern(String where, Pattern pattern) {
        this.where = where;
        this.pattern = pattern;
    }

    /// @param regex in the syntax of Oniguruma, which the files are written for
    /// @param where what messages call the pattern
    static SplitPattern regex(String regex, String where) {
        String translated = new RegexTranslation(regex, where).translate();
        try {
            // In Oniguruma ^ and $ match at every line, and only \n ends a line.
            return new SplitPattern(where, Pattern.compile(translated, Pattern.MULTILINE | Pattern.UNIX_LINES));
        } catch (PatternSyntaxException | StackOverflowError e) {
            String reason = e instanceof PatternSyntaxException syntax ? syntax.getDescription() : "nested too deeply";
            throw new TokenizerException(where + ": found " + JsonObject.describe(regex) + " (" + reason
                    + "); accepted: a regular expression", e);
        }
    }

    /// @param literal not empty
    static SplitPattern literal(String literal, String where) {
        return new SplitPattern(where, Pattern.compile(literal, Pattern.LITERAL));
    }

    /// `{"Regex": …}` or `{"String": …}`.
    static SplitPattern read(JsonObject owner, String field) {
        JsonObject object = owner.object(field);
        object.allowOnly("Regex", "String");
        if (object.has("Regex") == object.has("String")) {
            throw owner.unaccepted(field, "an object with one of Regex, String");
        }
        if (object.has("Regex")) {
            return regex(object.string("Regex"), object.where("Regex"));
        }
        String literal = object.string("String");
        if (literal.isEmpty()) {
            throw object.unaccepted("String", "a string that is not empty");
        }
        return literal(literal, object.where("String"));
    }

    /// Whether there is a match in the empty string.
    boolean matchesNothing() {
        return pattern.matcher("").find();
    }

    /// Matches and what lies between them: contiguous spans that cover `text`.
    ///
    /// @throws TokenizerException if matching takes too many steps or too much stack
    List<Span> spans(String text) {
        List<Span> spans = new ArrayList<>();
        try {
            Matcher matcher = pattern.matcher(new GuardedText(text, where));
            int end = 0;
            boolean matchedBefore = false;
            while (matcher.find()) {
                boolean empty = matcher.start() == matcher.end();
                // As in the library: no empty match right after a match, and none inside a character.
                if (empty && (matchedBefore && matcher.start() == end || insideCharacter(text, matcher.start()))) {
                    continue;
                }
                if (end < matcher.start()) {
                    spans.add(new Span(end, matcher.start(), false));
                }
                spans.add(new Span(matcher.start(), matcher.end(), true));
                end = matcher.end();
                matchedBefore = true;
            }
            if (end < text.length()) {
                spans.add(new Span(end, text.length(), false));
            }
            return spans;
        } catch (StackOverflowError e) {
            throw new TokenizerException(where + ": found a text of " + text.length()
                    + " characters that the pattern recurses too deeply on; accepted: shorter words", e);
        }
    }

    /// `text` with every match replaced by `content`, taken literally.
    String replace(String text, String content) {
        StringBuilder replaced = new StringBuilder();
        for (Span span : spans(text)) {
            replaced.append(span.match() ? content : text.substring(span.start(), span.end()));
        }
        return replaced.toString();
    }

    private static boolean insideCharacter(String text, int at) {
        return at > 0 && at < text.length() && Character.isLowSurrogate(text.charAt(at))
                && Character.isHighSurrogate(text.charAt(at - 1));
    }
}
