package dev.dllm.tokenizer.chat;

import dev.dllm.tokenizer.chat.Statement.MacroDefinition;
import dev.dllm.tokenizer.chat.Statement.Target;
import dev.dllm.tokenizer.chat.Token.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Parses statements.
///
/// @see "pallets/jinja, src/jinja2/parser.py"
final class Parser {
    private static final String KNOWN = "for, if, set, with, macro, call, filter, break, continue, generation, raw";

    private final Tokens tokens;
    private final ExpressionParser expressions;
    /// Loops around this place, up to the next macro or captured block: `break` cannot leave those.
    private int loops;

    private Parser(Tokens tokens) {
        this.tokens = tokens;
        this.expressions = new ExpressionParser(tokens);
    }

    /// @throws ChatTemplateException saying in which line what was found and what is accepted
    static List<Statement> parse(String template) {
        Parser parser = new Parser(new Tokens(Lexer.tokenize(template)));
        return parser.statements();
    }

    /// Statements up to one of the tags `ends`, whose name is then the current token; up to the end if there are none.
    private List<Statement> statements(String... ends) {
        List<Statement> body = new ArrayList<>();
        while (true) {
            Token token = tokens.next();
            switch (token.kind()) {
                case DATA -> body.add(new Statement.Data(token.text()));
                case VARIABLE_BEGIN -> {
                    body.add(new Statement.Output(expressions.tuple(true, null), token.line()));
                    tokens.expect(Kind.VARIABLE_END, "'}}'");
                }
                case BLOCK_BEGIN -> {
                    if (tokens.isKind(Kind.NAME) && Arrays.asList(ends).contains(tokens.current().text())) {
                        return body;
                    }
                    body.add(statement(ends));
                    tokens.expect(Kind.BLOCK_END, "'%}'");
                }
                default -> {
                    if (ends.length > 0) {
                        throw tokens.unexpected(tags(ends));
                    }
                    return body;
                }
            }
        }
    }

    private static String tags(String... names) {
        return "{% " + String.join(" %} or {% ", names) + " %}";
    }

    private Statement statement(String... ends) {
        int line = tokens.line();
        String name = tokens.expect(Kind.NAME, "the name of a statement").text();
        tokens.enter();
        Statement statement = switch (name) {
            case "for" -> loop(line);
            case "if" -> conditional(line);
            case "set" -> set(line);
            case "with" -> with(line);
            case "macro" -> new Statement.Macro(macro(), line);
            case "call" -> call(line);
            case "filter" -> filter(line);
            case "generation" -> new Statement.With(List.of(), List.of(), captured("endgeneration"), line);
            case "break", "continue" -> leave(name);
            default -> throw ChatTemplateException.unaccepted(line, "tag '" + name + "'",
                    KNOWN + (ends.length == 0 ? "" : ", or " + tags(ends)));
        };
        tokens.leave();
        return statement;
    }

    /// The body of a statement, after whose end tag's name the current token stands.
    private List<Statement> body(String end) {
        endTag();
        List<Statement> body = statements(end);
        tokens.next();
        return body;
    }

    private void endTag() {
        tokens.skipOperator(":");
        tokens.expect(Kind.BLOCK_END, "'%}'");
    }

    /// A body that `break` cannot leave.
    private List<Statement> captured(String end) {
        int outer = loops;
        loops = 0;
        List<Statement> body = body(end);
        loops = outer;
        return body;
    }

    private Statement loop(int line) {
        Target target = target(false, "in");
        if (mentionsLoop(target)) {
            throw tokens.failure("a loop over 'loop'", "another name");
        }
        tokens.expectName("in");
        Expression items = expressions.tuple(false, "recursive");
        Expression condition = tokens.skipName("if") ? expressions.expression() : null;
        boolean recursive = tokens.skipName("recursive");
        endTag();
        loops++;
        List<Statement> body = statements("endfor", "else");
        loops--;
        List<Statement> otherwise = tokens.next().isName("else") ? body("endfor") : List.of();
        return new Statement.For(target, items, condition, body, otherwise, recursive, line);
    }

    private static boolean mentionsLoop(Target target) {
        return switch (target) {
            case Target.Variable(String name) -> name.equals("loop");
            case Target.Several(List<Target> targets) -> targets.stream().anyMatch(Parser::mentionsLoop);
            case Target.NamespaceAttribute _ -> false;
        };
    }

    private Statement conditional(int line) {
        List<Expression> tests = new ArrayList<>();
        List<List<Statement>> bodies = new ArrayList<>();
        List<Statement> otherwise = List.of();
        while (true) {
            tests.add(expressions.tuple(false, null));
            endTag();
            bodies.add(statements("elif", "else", "endif"));
            Token end = tokens.next();
            if (end.isName("elif")) {
                continue;
            }
            if (end.isName("else")) {
                otherwise = body("endif");
            }
            return new Statement.If(tests, bodies, otherwise, line);
        }
    }

    private Statement set(int line) {
        Target target = target(true, null);
        if (tokens.skipOperator("=")) {
            return new Statement.Assign(target, expressions.tuple(true, null), line);
        }
        Expression filter = expressions.postfix().filter(null);
        return new Statement.SetBlock(target, (Expression.Filter) filter, captured("endset"), line);
    }

    private Statement with(int line) {
        List<Target> targets = new ArrayList<>();
        List<Expression> values = new ArrayList<>();
        while (!tokens.isKind(Kind.BLOCK_END)) {
            if (!targets.isEmpty()) {
                tokens.expectOperator(",");
            }
            targets.add(primaryTarget(false));
            tokens.expectOperator("=");
            values.add(expressions.expression());
        }
        return new Statement.With(targets, values, body("endwith"), line);
    }

    private Statement call(int line) {
        // The signature, if any, stands before the call.
        Token name = tokens.current();
        expressions.enterMacro();
        List<String> parameters = new ArrayList<>();
        List<Expression> defaults = new ArrayList<>();
        if (name.isOperator("(")) {
            signature(parameters, defaults);
        }
        Expression expression = expressions.expression();
        if (!(expression instanceof Expression.Call call)) {
            throw tokens.failure("an expression that is no call", "a call of a macro");
        }
        List<Statement> body = captured("endcall");
        Set<String> specials = expressions.leaveMacro();
        return new Statement.CallBlock(call, new MacroDefinition(null, parameters, defaults, specials, body), line);
    }

    private MacroDefinition macro() {
        String name = tokens.expect(Kind.NAME, "the name of the macro").text();
        List<String> parameters = new ArrayList<>();
        List<Expression> defaults = new ArrayList<>();
        expressions.enterMacro();
        signature(parameters, defaults);
        List<Statement> body = captured("endmacro");
        return new MacroDefinition(name, parameters, defaults, expressions.leaveMacro(), body);
    }

    private void signature(List<String> parameters, List<Expression> defaults) {
        tokens.expectOperator("(");
        while (!tokens.isOperator(")")) {
            if (!parameters.isEmpty()) {
                tokens.expectOperator(",");
            }
            String parameter = tokens.expect(Kind.NAME, "the name of a parameter").text();
            if (parameters.contains(parameter)) {
                throw tokens.failure("parameter '" + parameter + "' twice", "each parameter once");
            }
            parameters.add(parameter);
            if (tokens.skipOperator("=")) {
                defaults.add(expressions.expression());
            } else if (!defaults.isEmpty()) {
                throw tokens.failure("a parameter without a default after one with it", "a default");
            }
        }
        tokens.expectOperator(")");
    }

    private Statement filter(int line) {
        Expression.Filter filter = expressions.postfix().namedFilter(null);
        if (tokens.isOperator("|")) {
            filter = (Expression.Filter) expressions.postfix().filter(filter);
        }
        return new Statement.FilterBlock(filter, captured("endfilter"), line);
    }

    private Statement leave(String name) {
        if (loops == 0) {
            throw tokens.failure("'" + name + "' outside a loop", "it inside {% for %}");
        }
        return name.equals("break") ? new Statement.Break() : new Statement.Continue();
    }

    /// What is assigned to: a name, several, or an attribute of a namespace.
    ///
    /// @param end a name that ends it, or null
    private Target target(boolean namespaces, @Nullable String end) {
        List<Target> targets = new ArrayList<>();
        boolean comma = false;
        while (targets.isEmpty() || !(tokens.isOperator("=") || end != null && tokens.isName(end)
                || tokens.isOperator(")") || tokens.isKind(Kind.BLOCK_END))) {
            targets.add(primaryTarget(namespaces));
            if (!tokens.skipOperator(",")) {
                break;
            }
            comma = true;
        }
        return comma ? new Target.Several(targets) : targets.getFirst();
    }

    private Target primaryTarget(boolean namespaces) {
        if (tokens.skipOperator("(")) {
            tokens.enter();
            Target inside = target(namespaces, null);
            tokens.leave();
            tokens.expectOperator(")");
            return inside;
        }
        String name = tokens.expect(Kind.NAME, "a name to assign to").text();
        if (Set.of("true", "false", "none", "True", "False", "None").contains(name)) {
            throw tokens.failure("an assignment to '" + name + "'", "a name to assign to");
        }
        if (namespaces && tokens.skipOperator(".")) {
            return new Target.NamespaceAttribute(name, tokens.expect(Kind.NAME, "an attribute to assign to").text());
        }
        return new Target.Variable(name);
    }
}
