package dev.dllm.tokenizer.chat;

import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/// A token of a template.
///
/// @param text as written; for strings without quotes and escapes
/// @param line that it starts in, from 1
record Token(Kind kind, String text, int line) {

    enum Kind {
        DATA, VARIABLE_BEGIN, VARIABLE_END, BLOCK_BEGIN, BLOCK_END, NAME, STRING, INTEGER, FLOAT, OPERATOR, END
    }

    boolean isOperator(String operator) {
        return kind == Kind.OPERATOR && text.equals(operator);
    }

    boolean isName(String name) {
        return kind == Kind.NAME && text.equals(name);
    }

    /// The value of a number token, else null.
    @Nullable Value number() {
        String digits = text.replace("_", "");
        return switch (kind) {
            case FLOAT -> new Value.Real(Double.parseDouble(digits));
            case INTEGER -> Numbers.integer(integer(digits));
            default -> null;
        };
    }

    private static BigInteger integer(String digits) {
        if (digits.length() > 2) {
            String rest = digits.substring(2);
            switch (digits.charAt(1)) {
                case 'x', 'X' -> {
                    return new BigInteger(rest, 16);
                }
                case 'o', 'O' -> {
                    return new BigInteger(rest, 8);
                }
                case 'b', 'B' -> {
                    return new BigInteger(rest, 2);
                }
                default -> {}
            }
        }
        return new BigInteger(digits);
    }

    /// As a message names it.
    String describe() {
        return switch (kind) {
            case DATA -> "text";
            case VARIABLE_BEGIN -> "'{{'";
            case VARIABLE_END -> "'}}'";
            case BLOCK_BEGIN -> "'{%'";
            case BLOCK_END -> "'%}'";
            case STRING -> "a string";
            case NAME, INTEGER, FLOAT, OPERATOR -> "'" + text + "'";
            case END -> "the end of the template";
        };
    }
}
