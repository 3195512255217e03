package dev.dllm.tokenizer.chat;

import dev.dllm.tokenizer.chat.Token.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Parses expressions, each method one level of precedence.
///
/// @see "pallets/jinja, src/jinja2/parser.py"
final class ExpressionParser {
    private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");
    private static final Set<String> SPECIAL_NAMES = Set.of("caller", "varargs", "kwargs");
    static final Expression NONE = new Expression.Literal(Value.None.NONE);

    private final Tokens tokens;
    /// For each macro that is being parsed, the special names that it mentions.
    private final Deque<Set<String>> mentioned = new ArrayDeque<>();

    private final PostfixParser postfix;

    ExpressionParser(Tokens tokens) {
        this.tokens = tokens;
        this.postfix = new PostfixParser(tokens, this);
    }

    /// The parser of filters, for blocks that have some.
    PostfixParser postfix() {
        return postfix;
    }

    /// Begins to note special names for a macro.
    void enterMacro() {
        mentioned.push(new HashSet<>());
    }

    /// The special names that the macro has mentioned.
    Set<String> leaveMacro() {
        return Set.copyOf(mentioned.pop());
    }

    /// An expression, or a tuple of several with commas between.
    ///
    /// @param conditional whether `a if b` may stand here
    /// @param end         a name that ends a tuple, or null
    Expression tuple(boolean conditional, @Nullable String end) {
        return tuple(conditional, end, false);
    }

    private Expression tuple(boolean conditional, @Nullable String end, boolean parentheses) {
        List<Expression> items = new ArrayList<>();
        boolean comma = false;
        while (!endsTuple(end)) {
            items.add(conditional ? expression() : or());
            if (!tokens.skipOperator(",")) {
                break;
            }
            comma = true;
        }
        if (!comma && items.size() == 1) {
            return items.getFirst();
        }
        if (items.isEmpty() && !parentheses) {
            throw tokens.unexpected("an expression");
        }
        return new Expression.TupleDisplay(items);
    }

    private boolean endsTuple(@Nullable String end) {
        return tokens.isKind(Kind.VARIABLE_END) || tokens.isKind(Kind.BLOCK_END) || tokens.isOperator(")")
                || end != null && tokens.isName(end);
    }

    /// An expression without a bare tuple.
    Expression expression() {
        tokens.enter();
        Expression result = or();
        while (tokens.skipName("if")) {
            Expression test = or();
            Expression otherwise = tokens.skipName("else") ? expression() : null;
            result = new Expression.Conditional(test, result, otherwise);
        }
        tokens.leave();
        return result;
    }

    private Expression or() {
        Expression left = and();
        while (tokens.skipName("or")) {
            left = new Expression.Or(left, and());
        }
        return left;
    }

    private Expression and() {
        Expression left = not();
        while (tokens.skipName("and")) {
            left = new Expression.And(left, not());
        }
        return left;
    }

    private Expression not() {
        if (!tokens.skipName("not")) {
            return comparison();
        }
        tokens.enter();
        Expression operand = not();
        tokens.leave();
        return new Expression.Not(operand);
    }

    private Expression comparison() {
        int line = tokens.line();
        Expression first = sum();
        List<String> operators = new ArrayList<>();
        List<Expression> operands = new ArrayList<>();
        while (true) {
            Token token = tokens.current();
            if (token.kind() == Kind.OPERATOR && COMPARISONS.contains(token.text())) {
                operators.add(tokens.next().text());
            } else if (tokens.skipName("in")) {
                operators.add("in");
            } else if (token.isName("not") && tokens.following().isName("in")) {
                tokens.next();
                tokens.next();
                operators.add("not in");
            } else {
                break;
            }
            operands.add(sum());
        }
        return operators.isEmpty() ? first : new Expression.Comparison(first, operators, operands, line);
    }

    private Expression sum() {
        Expression left = concatenation();
        while (tokens.isOperator("+") || tokens.isOperator("-")) {
            Token operator = tokens.next();
            left = new Expression.Binary(operator.text(), left, concatenation(), operator.line());
        }
        return left;
    }

    private Expression concatenation() {
        Expression first = product();
        if (!tokens.isOperator("~")) {
            return first;
        }
        List<Expression> parts = new ArrayList<>(List.of(first));
        while (tokens.skipOperator("~")) {
            parts.add(product());
        }
        return new Expression.Concatenation(parts);
    }

    private Expression product() {
        Expression left = power();
        while (tokens.isOperator("*") || tokens.isOperator("/") || tokens.isOperator("//") || tokens.isOperator("%")) {
            Token operator = tokens.next();
            left = new Expression.Binary(operator.text(), left, power(), operator.line());
        }
        return left;
    }

    /// In Jinja, a power is left-associative and binds less than a sign.
    private Expression power() {
        Expression left = unary(true);
        while (tokens.isOperator("**")) {
            Token operator = tokens.next();
            left = new Expression.Binary("**", left, unary(true), operator.line());
        }
        return left;
    }

    private Expression unary(boolean withFilters) {
        Expression result;
        if (tokens.isOperator("-") || tokens.isOperator("+")) {
            Token operator = tokens.next();
            tokens.enter();
            result = new Expression.Sign(operator.text(), unary(false), operator.line());
            tokens.leave();
        } else {
            result = primary();
        }
        result = postfix.postfix(result);
        return withFilters ? postfix.filters(result) : result;
    }

    /// A name, a literal, or something in brackets.
    Expression primary() {
        Token token = tokens.current();
        switch (token.kind()) {
            case NAME -> {
                tokens.next();
                return name(token.text());
            }
            case STRING -> {
                // Adjacent literals are one.
                StringBuilder text = new StringBuilder();
                while (tokens.isKind(Kind.STRING)) {
                    text.append(tokens.next().text());
                }
                return new Expression.Literal(new Value.Str(text.toString()));
            }
            case INTEGER, FLOAT -> {
                return new Expression.Literal(number(tokens.next()));
            }
            default -> {
                if (tokens.skipOperator("(")) {
                    Expression inside = tuple(true, null, true);
                    tokens.expectOperator(")");
                    return inside;
                }
                if (tokens.skipOperator("[")) {
                    return new Expression.ListDisplay(items("]"));
                }
                if (tokens.skipOperator("{")) {
                    return dict();
                }
                throw tokens.unexpected("an expression");
            }
        }
    }

    /// The value of a number token.
    Value number(Token token) {
        try {
            return token.number();
        } catch (TemplateFailure e) {
            throw tokens.failure("'" + token.text().substring(0, 20) + "…'", "smaller numbers");
        }
    }

    private Expression name(String name) {
        switch (name) {
            case "true", "True" -> {
                return new Expression.Literal(Value.Bool.TRUE);
            }
            case "false", "False" -> {
                return new Expression.Literal(Value.Bool.FALSE);
            }
            case "none", "None" -> {
                return NONE;
            }
            default -> {
                if (SPECIAL_NAMES.contains(name)) {
                    mentioned.forEach(names -> names.add(name));
                }
                return new Expression.Name(name);
            }
        }
    }

    private List<Expression> items(String close) {
        List<Expression> items = new ArrayList<>();
        while (!tokens.isOperator(close)) {
            items.add(expression());
            if (!tokens.skipOperator(",")) {
                break;
            }
        }
        tokens.expectOperator(close);
        return items;
    }

    private Expression dict() {
        List<Expression> keys = new ArrayList<>();
        List<Expression> values = new ArrayList<>();
        while (!tokens.isOperator("}")) {
            keys.add(expression());
            tokens.expectOperator(":");
            values.add(expression());
            if (!tokens.skipOperator(",")) {
                break;
            }
        }
        tokens.expectOperator("}");
        return new Expression.DictDisplay(keys, values);
    }
}
