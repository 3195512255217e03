package dev.dllm.tokenizer.chat;

import dev.dllm.tokenizer.chat.Token.Kind;
import java.util.List;

/// The tokens of a template with a place among them.
final class Tokens {
    /// Brackets and blocks nested deeper than this are refused, since parsing recurses.
    private static final int MAX_NESTING = 100;

    private final List<Token> tokens;
    private int at;
    private int nesting;

    /// @param tokens that end with one of kind END
    Tokens(List<Token> tokens) {
        this.tokens = tokens;
    }

    Token current() {
        return tokens.get(at);
    }

    /// The token after the current one.
    Token following() {
        return tokens.get(Math.min(at + 1, tokens.size() - 1));
    }

    int line() {
        return current().line();
    }

    /// Moves on; returns the token that was current.
    Token next() {
        Token token = current();
        if (token.kind() != Kind.END) {
            at++;
        }
        return token;
    }

    boolean isOperator(String operator) {
        return current().isOperator(operator);
    }

    boolean isName(String name) {
        return current().isName(name);
    }

    boolean isKind(Kind kind) {
        return current().kind() == kind;
    }

    /// Moves on if the current token is this operator.
    boolean skipOperator(String operator) {
        boolean found = isOperator(operator);
        if (found) {
            at++;
        }
        return found;
    }

    /// Moves on if the current token is this name.
    boolean skipName(String name) {
        boolean found = isName(name);
        if (found) {
            at++;
        }
        return found;
    }

    void expectOperator(String operator) {
        if (!skipOperator(operator)) {
            throw unexpected("'" + operator + "'");
        }
    }

    void expectName(String name) {
        if (!skipName(name)) {
            throw unexpected("'" + name + "'");
        }
    }

    Token expect(Kind kind, String accepted) {
        if (!isKind(kind)) {
            throw unexpected(accepted);
        }
        return next();
    }

    /// Goes one level deeper.
    void enter() {
        if (++nesting > MAX_NESTING) {
            throw failure("nesting of more than " + MAX_NESTING + " levels", "less");
        }
    }

    void leave() {
        nesting--;
    }

    /// The current token is not `accepted`.
    ChatTemplateException unexpected(String accepted) {
        return failure(current().describe(), accepted);
    }

    ChatTemplateException failure(String found, String accepted) {
        return ChatTemplateException.unaccepted(line(), found, accepted);
    }
}
