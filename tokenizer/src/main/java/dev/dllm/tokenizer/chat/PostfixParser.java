package dev.dllm.tokenizer.chat;

import dev.dllm.tokenizer.chat.Expression.CallArguments;
import dev.dllm.tokenizer.chat.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Parses what follows a primary expression: attributes, items, slices, calls, filters and tests.
///
/// @see "pallets/jinja, src/jinja2/parser.py"
final class PostfixParser {
    private final Tokens tokens;
    private final ExpressionParser expressions;

    PostfixParser(Tokens tokens, ExpressionParser expressions) {
        this.tokens = tokens;
        this.expressions = expressions;
    }

    /// Attributes, items, slices and calls.
    Expression postfix(Expression target) {
        Expression result = target;
        while (true) {
            int line = tokens.line();
            if (tokens.skipOperator(".")) {
                result = dotted(result, line);
            } else if (tokens.skipOperator("[")) {
                result = subscript(result, line);
            } else if (tokens.isOperator("(")) {
                result = new Expression.Call(result, arguments(), line);
            } else {
                return result;
            }
        }
    }

    private Expression dotted(Expression target, int line) {
        if (tokens.isKind(Kind.INTEGER)) {
            return new Expression.Item(target, new Expression.Literal(expressions.number(tokens.next())), line);
        }
        return new Expression.Attribute(target, tokens.expect(Kind.NAME, "a name or number after '.'").text(), line);
    }

    private Expression subscript(Expression target, int line) {
        Expression start = tokens.isOperator(":") ? ExpressionParser.NONE : expressions.expression();
        if (tokens.isOperator(",")) {
            List<Expression> keys = new ArrayList<>(List.of(start));
            while (tokens.skipOperator(",")) {
                keys.add(expressions.expression());
            }
            tokens.expectOperator("]");
            return new Expression.Item(target, new Expression.TupleDisplay(keys), line);
        }
        if (tokens.skipOperator("]")) {
            return new Expression.Item(target, start, line);
        }
        tokens.expectOperator(":");
        boolean toTheEnd = tokens.isOperator(":") || tokens.isOperator("]");
        Expression stop = toTheEnd ? ExpressionParser.NONE : expressions.expression();
        boolean steps = tokens.skipOperator(":") && !tokens.isOperator("]");
        Expression step = steps ? expressions.expression() : ExpressionParser.NONE;
        tokens.expectOperator("]");
        return new Expression.Slice(target, start, stop, step, line);
    }

    /// Filters, tests and calls after an expression.
    Expression filters(Expression target) {
        Expression result = target;
        while (true) {
            if (tokens.isOperator("|")) {
                result = filter(result);
            } else if (tokens.isName("is")) {
                result = test(result);
            } else if (tokens.isOperator("(")) {
                int line = tokens.line();
                result = new Expression.Call(result, arguments(), line);
            } else {
                return result;
            }
        }
    }

    /// `| name(…)` as often as it stands here.
    ///
    /// @param target null for the text of a block
    /// @return `target` itself, null included, if there is no filter
    @Nullable Expression filter(@Nullable Expression target) {
        Expression result = target;
        while (tokens.skipOperator("|")) {
            result = namedFilter(result);
        }
        return result;
    }

    /// `name(…)`, the first filter of a filter block.
    Expression.Filter namedFilter(@Nullable Expression target) {
        int line = tokens.line();
        String name = tokens.expect(Kind.NAME, "the name of a filter").text();
        return new Expression.Filter(target, name, tokens.isOperator("(") ? arguments() : CallArguments.NONE, line);
    }

    private Expression test(Expression target) {
        int line = tokens.line();
        tokens.expectName("is");
        boolean negated = tokens.skipName("not");
        String name = tokens.expect(Kind.NAME, "the name of a test").text();
        CallArguments arguments = CallArguments.NONE;
        if (tokens.isOperator("(")) {
            arguments = arguments();
        } else if (startsArgument()) {
            if (tokens.isName("is")) {
                throw tokens.failure("'is' after a test", "one test");
            }
            arguments = new CallArguments(List.of(postfix(expressions.primary())), List.of(), List.of(), null, null);
        }
        Expression test = new Expression.Test(target, name, arguments, line);
        return negated ? new Expression.Not(test) : test;
    }

    /// Whether an argument of a test stands here without parentheses.
    private boolean startsArgument() {
        return switch (tokens.current().kind()) {
            case NAME -> !tokens.isName("else") && !tokens.isName("or") && !tokens.isName("and");
            case STRING, INTEGER, FLOAT -> true;
            case OPERATOR -> tokens.isOperator("[") || tokens.isOperator("{");
            default -> false;
        };
    }

    private CallArguments arguments() {
        tokens.expectOperator("(");
        List<Expression> positional = new ArrayList<>();
        List<String> names = new ArrayList<>();
        List<Expression> values = new ArrayList<>();
        Expression more = null;
        Expression moreNamed = null;
        while (!tokens.isOperator(")")) {
            if (tokens.isOperator("*") && more == null && moreNamed == null) {
                tokens.next();
                more = expressions.expression();
            } else if (tokens.isOperator("**") && moreNamed == null) {
                tokens.next();
                moreNamed = expressions.expression();
            } else if (tokens.isKind(Kind.NAME) && tokens.following().isOperator("=") && moreNamed == null) {
                String name = tokens.next().text();
                tokens.next();
                if (names.contains(name)) {
                    throw tokens.failure("argument '" + name + "' twice", "each argument once");
                }
                names.add(name);
                values.add(expressions.expression());
            } else if (names.isEmpty() && more == null && moreNamed == null) {
                positional.add(expressions.expression());
            } else {
                throw tokens.failure("a positional argument after others", "positional arguments, then named ones");
            }
            if (!tokens.skipOperator(",")) {
                break;
            }
        }
        tokens.expectOperator(")");
        return new CallArguments(positional, names, values, more, moreNamed);
    }
}
