package dev.dllm.tokenizer.chat;

import dev.dllm.tokenizer.chat.Value.Bool;
import dev.dllm.tokenizer.chat.Value.Int;
import dev.dllm.tokenizer.chat.Value.Real;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/// Python's arithmetic on integers, floats and truth values.
final class Numbers {
    private static final int MAX_BITS = 4096;

    private Numbers() {}

    static boolean isNumber(Value value) {
        return value instanceof Int || value instanceof Real || value instanceof Bool;
    }

    /// An integer or truth value as an integer; null for anything else.
    static @Nullable BigInteger integer(Value value) {
        return switch (value) {
            case Int(BigInteger number) -> number;
            case Bool(boolean flag) -> flag ? BigInteger.ONE : BigInteger.ZERO;
            default -> null;
        };
    }

    /// A number as a float.
    static double real(Value value) {
        if (value instanceof Real(double number)) {
            return number;
        }
        BigInteger integer = integer(value);
        if (integer == null) {
            throw new TemplateFailure("found " + value.type() + "; accepted: a number");
        }
        double number = integer.doubleValue();
        if (Double.isInfinite(number)) {
            throw new TemplateFailure("int too large to convert to float");
        }
        return number;
    }

    static boolean equal(Value number, @Nullable Object other) {
        return other instanceof Value value && isNumber(value) && !isNaN(number) && !isNaN(value)
                && compare(number, value) == 0;
    }

    static int hash(Value number) {
        BigInteger integer = integer(number);
        if (integer == null && number instanceof Real(double value)) {
            if (value != Math.rint(value) || Double.isInfinite(value)) {
                return Hashing.of(BigInteger.valueOf(Double.doubleToLongBits(value)));
            }
            integer = new BigDecimal(value).toBigInteger();
        }
        return integer == null ? 0 : Hashing.of(integer);
    }

    /// Compares exactly, also an integer with a float. Not to be asked about a NaN.
    static int compare(Value a, Value b) {
        BigInteger left = integer(a);
        BigInteger right = integer(b);
        if (left != null && right != null) {
            return left.compareTo(right);
        }
        if (left == null && right == null || isInfinite(a) || isInfinite(b)) {
            double x = left == null ? real(a) : 0;
            double y = right == null ? real(b) : 0;
            return x < y ? -1 : x > y ? 1 : 0;
        }
        return decimal(a).compareTo(decimal(b));
    }

    static boolean isNaN(Value value) {
        return value instanceof Real(double number) && Double.isNaN(number);
    }

    private static boolean isInfinite(Value value) {
        return value instanceof Real(double number) && Double.isInfinite(number);
    }

    private static BigDecimal decimal(Value value) {
        BigInteger integer = integer(value);
        return integer != null ? new BigDecimal(integer) : new BigDecimal(real(value));
    }

    /// Applies `+ - * / // % **` to two numbers.
    static Value apply(String operator, Value a, Value b) {
        BigInteger x = integer(a);
        BigInteger y = integer(b);
        if (operator.equals("/")) {
            return divide(a, b);
        }
        return x != null && y != null ? onIntegers(operator, x, y) : new Real(onReals(operator, real(a), real(b)));
    }

    private static Value onIntegers(String operator, BigInteger x, BigInteger y) {
        return switch (operator) {
            case "+" -> integer(x.add(y));
            case "-" -> integer(x.subtract(y));
            case "*" -> integer(x.multiply(y));
            case "//" -> integer(floorDivide(x, nonZero(y)));
            case "%" -> integer(x.subtract(floorDivide(x, nonZero(y)).multiply(y)));
            case "**" -> power(x, y);
            default -> throw new IllegalArgumentException(operator);
        };
    }

    private static double onReals(String operator, double x, double y) {
        return switch (operator) {
            case "+" -> x + y;
            case "-" -> x - y;
            case "*" -> x * y;
            case "//" -> Math.floor((x - floorModulo(x, y)) / y);
            case "%" -> floorModulo(x, y);
            case "**" -> power(x, y);
            default -> throw new IllegalArgumentException(operator);
        };
    }

    private static BigInteger floorDivide(BigInteger x, BigInteger y) {
        BigInteger[] parts = x.divideAndRemainder(y);
        return parts[1].signum() != 0 && parts[1].signum() != y.signum() ? parts[0].subtract(BigInteger.ONE) : parts[0];
    }

    private static double floorModulo(double x, double y) {
        if (y == 0) {
            throw new TemplateFailure("float modulo by zero");
        }
        double remainder = x % y;
        if (remainder != 0 && remainder < 0 != y < 0) {
            return remainder + y;
        }
        return remainder == 0 ? Math.copySign(0, y) : remainder;
    }

    private static BigInteger nonZero(BigInteger y) {
        if (y.signum() == 0) {
            throw new TemplateFailure("integer division or modulo by zero");
        }
        return y;
    }

    private static Value divide(Value a, Value b) {
        if (decimalOrSelfIsZero(b)) {
            throw new TemplateFailure("division by zero");
        }
        BigInteger x = integer(a);
        BigInteger y = integer(b);
        if (x != null && y != null && (x.bitLength() > 53 || y.bitLength() > 53)) {
            // Enough digits that rounding twice makes no difference.
            return new Real(new BigDecimal(x).divide(new BigDecimal(y), new MathContext(60)).doubleValue());
        }
        return new Real(real(a) / real(b));
    }

    private static boolean decimalOrSelfIsZero(Value value) {
        BigInteger integer = integer(value);
        return integer != null ? integer.signum() == 0 : real(value) == 0;
    }

    private static Value power(BigInteger x, BigInteger y) {
        if (y.signum() < 0) {
            return new Real(power(x.doubleValue(), y.doubleValue()));
        }
        if (x.abs().equals(BigInteger.ONE) || x.signum() == 0) {
            return integer(y.signum() == 0 ? BigInteger.ONE : y.testBit(0) ? x : x.multiply(x));
        }
        if (y.bitLength() > 13 || (long) x.bitLength() * y.intValue() > 2L * MAX_BITS) {
            throw tooLarge();
        }
        return integer(x.pow(y.intValue()));
    }

    private static double power(double x, double y) {
        if (x == 0 && y < 0) {
            throw new TemplateFailure("0.0 cannot be raised to a negative power");
        }
        if (x < 0 && y != Math.rint(y)) {
            throw new TemplateFailure("found a power that is a complex number; accepted: real ones");
        }
        double result = Math.pow(x, y);
        if (Double.isInfinite(result) && !Double.isInfinite(x) && !Double.isInfinite(y)) {
            throw new TemplateFailure("float power out of range");
        }
        return result;
    }

    static Value negate(Value value) {
        BigInteger integer = integer(value);
        return integer != null ? integer(integer.negate()) : new Real(-real(value));
    }

    static Value absolute(Value value) {
        BigInteger integer = integer(value);
        return integer != null ? integer(integer.abs()) : new Real(Math.abs(real(value)));
    }

    /// Rounds to a number of decimals, half to even. An integer stays one.
    static Value round(Value value, int decimals) {
        BigInteger integer = integer(value);
        int scale = Math.clamp(decimals, -2 * MAX_BITS, 2 * MAX_BITS);
        if (integer != null) {
            return integer(new BigDecimal(integer).setScale(Math.min(scale, 0), RoundingMode.HALF_EVEN).toBigInteger());
        }
        double number = real(value);
        return Double.isNaN(number) || Double.isInfinite(number)
                ? value
                : new Real(new BigDecimal(number).setScale(scale, RoundingMode.HALF_EVEN).doubleValue());
    }

    /// The part of a float before the point.
    static Int truncate(double value) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            throw new TemplateFailure("cannot convert float " + Text.real(value) + " to integer");
        }
        return new Int(new BigDecimal(value).toBigInteger());
    }

    /// An integer that is not too large to work with.
    static Int integer(BigInteger value) {
        if (value.bitLength() > MAX_BITS) {
            throw tooLarge();
        }
        return new Int(value);
    }

    /// An integer argument that must fit an `int`; larger ones are clamped, which no use of it can tell apart.
    static int clamped(Value value) {
        BigInteger integer = integer(value);
        if (integer == null) {
            throw new TemplateFailure("found " + value.type() + "; accepted: an integer");
        }
        return integer.bitLength() < 32 ? integer.intValue()
                : integer.signum() < 0 ? Integer.MIN_VALUE : Integer.MAX_VALUE;
    }

    private static TemplateFailure tooLarge() {
        return new TemplateFailure("found an integer of more than " + MAX_BITS + " bits; accepted: smaller ones");
    }
}
