package dev.dllm.tokenizer.chat;

import dev.dllm.tokenizer.chat.Token.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Splits a template into tokens, and decides which white space around tags is dropped: the line end after a block
/// tag, the blanks of a line before one, and whatever a `-` asks for.
///
/// @see "pallets/jinja, src/jinja2/lexer.py, with trim_blocks and lstrip_blocks"
final class Lexer {
    private static final Pattern FLOAT = Pattern.compile(
            "(?:\\d+_)*\\d+(?:(?:\\.(?:\\d+_)*\\d+)?[eE][+\\-]?(?:\\d+_)*\\d+|\\.(?:\\d+_)*\\d+)");
    private static final Pattern INTEGER = Pattern.compile(
            "0[bB](?:_?[01])+|0[oO](?:_?[0-7])+|0[xX](?:_?[\\da-fA-F])+|[1-9](?:_?\\d)*|0(?:_?0)*");
    private static final Pattern RAW = Pattern.compile("\\{%[-+]?\\s*raw\\s*(-?)%\\}");
    private static final Pattern END_RAW = Pattern.compile("\\{%([-+]?)\\s*endraw\\s*([-+]?)%\\}");
    private static final String[] OPERATORS = {"//", "**", "==", "!=", ">=", "<="};
    private static final String OPERATOR_CHARACTERS = "+-/*%~[](){}><=.:|,;";

    private final String source;
    private final List<Token> tokens = new ArrayList<>();
    private int at;
    private int line = 1;
    private boolean lineStarting = true;

    private Lexer(String source) {
        this.source = source;
    }

    static List<Token> tokenize(String template) {
        String source = template.replace("\r\n", "\n").replace('\r', '\n');
        Lexer lexer = new Lexer(source.endsWith("\n") ? source.substring(0, source.length() - 1) : source);
        lexer.run();
        return lexer.tokens;
    }

    private void run() {
        while (at < source.length()) {
            int tag = nextTag();
            if (tag < 0) {
                add(Kind.DATA, source.substring(at));
                moveTo(source.length());
                break;
            }
            Matcher raw = RAW.matcher(source).region(tag, source.length());
            if (raw.lookingAt()) {
                data(tag, sign(tag + 2), false);
                moveTo(raw.end());
                if (!raw.group(1).isEmpty()) {
                    skipSpace();
                }
                raw();
                continue;
            }
            char kind = source.charAt(tag + 1);
            char sign = sign(tag + 2);
            data(tag, sign, kind == '{');
            moveTo(tag + (sign == ' ' ? 2 : 3));
            switch (kind) {
                case '#' -> comment();
                case '%' -> code(Kind.BLOCK_BEGIN, Kind.BLOCK_END, "%}");
                default -> code(Kind.VARIABLE_BEGIN, Kind.VARIABLE_END, "}}");
            }
        }
        tokens.add(new Token(Kind.END, "", line));
    }

    private int nextTag() {
        for (int i = at; i + 1 < source.length(); i++) {
            char next = source.charAt(i + 1);
            if (source.charAt(i) == '{' && (next == '%' || next == '{' || next == '#')) {
                return i;
            }
        }
        return -1;
    }

    /// `-`, `+`, or a blank if there is neither.
    private char sign(int index) {
        char c = index < source.length() ? source.charAt(index) : ' ';
        return c == '-' || c == '+' ? c : ' ';
    }

    /// The text before a tag, less the white space that the tag takes away.
    private void data(int end, char sign, boolean variable) {
        String text = source.substring(at, end);
        if (sign == '-') {
            text = Strings.strip(text, null, false, true);
        } else if (sign == ' ' && !variable) {
            int lineStart = text.lastIndexOf('\n') + 1;
            boolean atLineStart = lineStart > 0 || lineStarting;
            if (atLineStart && Strings.strip(text.substring(lineStart), null, true, true).isEmpty()) {
                text = text.substring(0, lineStart);
            }
        }
        add(Kind.DATA, text);
        moveTo(end);
    }

    private void raw() {
        Matcher end = END_RAW.matcher(source);
        if (!end.find(at)) {
            throw failure("a raw block that does not end", "{% endraw %}");
        }
        data(end.start(), end.group(1).isEmpty() ? ' ' : end.group(1).charAt(0), false);
        moveTo(end.end());
        afterBlock(end.group(2));
    }

    private void comment() {
        int end = source.indexOf("#}", at);
        if (end < 0) {
            throw failure("a comment that does not end", "#}");
        }
        String sign = end > at && "-+".indexOf(source.charAt(end - 1)) >= 0 ? source.substring(end - 1, end) : "";
        moveTo(end + 2);
        afterBlock(sign);
    }

    /// Drops what a closing tag takes away: all white space, or one line end.
    private void afterBlock(String sign) {
        if (sign.equals("-")) {
            skipSpace();
        } else if (sign.isEmpty() && source.startsWith("\n", at)) {
            moveTo(at + 1);
        }
    }

    private void code(Kind begin, Kind end, String close) {
        add(begin, source.substring(at - 2, at));
        Deque<Character> open = new ArrayDeque<>();
        while (true) {
            int before = at;
            skipSpace();
            if (at >= source.length()) {
                tokens.add(new Token(Kind.END, "", line));
                throw failure("the end of the template inside a tag", "'" + close + "'");
            }
            boolean signed = sign(at) == '-' || sign(at) == '+' && end == Kind.BLOCK_END;
            String sign = signed ? source.substring(at, at + 1) : "";
            if (open.isEmpty() && source.startsWith(close, at + sign.length())) {
                add(end, close);
                moveTo(at + sign.length() + 2);
                if (end == Kind.BLOCK_END) {
                    afterBlock(sign);
                } else if (sign.equals("-")) {
                    skipSpace();
                }
                return;
            }
            token(open, before == at);
        }
    }

    /// One token of an expression or statement.
    ///
    /// @param adjacent whether no white space stands before it
    private void token(Deque<Character> open, boolean adjacent) {
        char c = source.charAt(at);
        if (c >= '0' && c <= '9') {
            number(adjacent);
        } else if (c == '\'' || c == '"') {
            string(c);
        } else if (c == '_' || Character.isUnicodeIdentifierStart(source.codePointAt(at))) {
            int end = at;
            while (end < source.length() && (source.charAt(end) == '_'
                    || Character.isUnicodeIdentifierPart(source.codePointAt(end)))) {
                end += Character.charCount(source.codePointAt(end));
            }
            take(Kind.NAME, end);
        } else {
            operator(open);
        }
    }

    private void number(boolean adjacent) {
        // After a dot, as in a.0.1, digits are never the start of a float.
        boolean afterDot = adjacent && at > 0 && source.charAt(at - 1) == '.';
        Matcher real = FLOAT.matcher(source).region(at, source.length());
        if (!afterDot && real.lookingAt()) {
            take(Kind.FLOAT, real.end());
            return;
        }
        Matcher integer = INTEGER.matcher(source).region(at, source.length());
        if (!integer.lookingAt()) {
            throw failure("a number that cannot be read", "a number");
        }
        take(Kind.INTEGER, integer.end());
    }

    private void string(char quote) {
        int end = at + 1;
        while (end < source.length() && source.charAt(end) != quote) {
            end += source.charAt(end) == '\\' ? 2 : 1;
        }
        if (end >= source.length()) {
            throw failure("a string that does not end", "a closing " + quote);
        }
        try {
            add(Kind.STRING, Escapes.resolve(source.substring(at + 1, end)));
        } catch (TemplateFailure e) {
            throw failure("a string with " + e.getMessage(), "the escapes of Python");
        }
        moveTo(end + 1);
    }

    private void operator(Deque<Character> open) {
        String operator = source.substring(at, at + 1);
        for (String longer : OPERATORS) {
            if (source.startsWith(longer, at)) {
                operator = longer;
            }
        }
        char c = operator.charAt(0);
        if (operator.length() == 1 && OPERATOR_CHARACTERS.indexOf(c) < 0) {
            throw failure("character '" + Character.toString(source.codePointAt(at)) + "'", "an expression");
        }
        switch (c) {
            case '(' -> open.push(')');
            case '[' -> open.push(']');
            case '{' -> open.push('}');
            case ')', ']', '}' -> {
                if (open.isEmpty() || open.pop() != c) {
                    throw failure("'" + c + "' that closes nothing", "balanced brackets");
                }
            }
            default -> {}
        }
        take(Kind.OPERATOR, at + operator.length());
    }

    private void take(Kind kind, int end) {
        add(kind, source.substring(at, end));
        moveTo(end);
    }

    private void add(Kind kind, String text) {
        if (kind != Kind.DATA || !text.isEmpty()) {
            tokens.add(new Token(kind, text, line));
        }
    }

    private void skipSpace() {
        int end = at;
        while (end < source.length() && Strings.isSpace(source.charAt(end))) {
            end++;
        }
        if (end > at) {
            moveTo(end);
        }
    }

    private void moveTo(int end) {
        for (int i = at; i < end; i++) {
            if (source.charAt(i) == '\n') {
                line++;
            }
        }
        lineStarting = end > 0 && source.charAt(end - 1) == '\n' || end == 0;
        at = end;
    }

    private ChatTemplateException failure(String found, String accepted) {
        return ChatTemplateException.unaccepted(line, found, accepted);
    }
}
