package io.bactrian.tool.builtin.calculator;

import static io.bactrian.tool.builtin.support.ArgumentChecks.quoted;

import io.bactrian.core.error.BadRequestException;
import io.bactrian.tool.builtin.support.ArgumentChecks;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;

/**
 * An expression that is worked out while it is read, by precedence: comparison, sum, product, sign, power, postfix. Nothing
 * in it is a program: names are those of {@link Functions}.
 */
final class Expression {

    static final String PARAMETER = "expression";

    private static final int DEEPEST = 60;
    private static final Set<String> COMPARISONS = Set.of("<", "<=", ">", ">=", "=", "!=");

    private final List<Token> tokens;
    private int at;
    private int depth;

    Expression(String text) {
        this.tokens = new Lexer(text).tokens();
    }

    static BadRequestException refused(int position, String problem) {
        return ArgumentChecks.refused(PARAMETER, "at character " + position + ": " + problem);
    }

    /** Works the whole of it out. */
    Calculation evaluate() {
        Numeral left = sum();
        Token operator = peek();
        if (operator.kind() != Token.Kind.OPERATOR || !COMPARISONS.contains(operator.text())) {
            expectEnd();
            return Calculation.number(left);
        }
        at++;
        Numeral right = sum();
        if (COMPARISONS.contains(peek().text())) {
            throw refused(peek().position(), "two numbers can be compared at a time");
        }
        expectEnd();
        int order = left.shown().compareTo(right.shown());
        return Calculation.truth(compare(operator.text(), order), left.shownExactly() && right.shownExactly());
    }

    private static boolean compare(String operator, int order) {
        return switch (operator) {
            case "<" -> order < 0;
            case "<=" -> order <= 0;
            case ">" -> order > 0;
            case ">=" -> order >= 0;
            case "=" -> order == 0;
            default -> order != 0;
        };
    }

    private Numeral sum() {
        Numeral left = product();
        while (peek().is("+") || peek().is("-")) {
            Token operator = next();
            Numeral soFar = left;
            Numeral right = product();
            left = located(
                    operator,
                    () -> operator.is("+") ? Arithmetic.add(soFar, right) : Arithmetic.subtract(soFar, right));
        }
        return left;
    }

    private Numeral product() {
        Numeral left = signed();
        while (peek().is("*") || peek().is("/") || peek().is("%")) {
            Token operator = next();
            Numeral soFar = left;
            Numeral right = signed();
            left = located(operator, () -> switch (operator.text()) {
                case "*" -> Arithmetic.multiply(soFar, right);
                case "/" -> Arithmetic.divide(soFar, right);
                default -> Arithmetic.modulo(soFar, right);
            });
        }
        return left;
    }

    private Numeral signed() {
        if (!peek().is("-") && !peek().is("+")) {
            return power();
        }
        Token sign = next();
        enter(sign);
        Numeral value = signed();
        depth--;
        return sign.is("-") ? Arithmetic.negate(value) : value;
    }

    /** Binds to the right, and tighter than a sign before it: {@code -2^2} is -4, {@code 2^-1} is 0.5. */
    private Numeral power() {
        Numeral base = postfix();
        if (!peek().is("^")) {
            return base;
        }
        Token operator = next();
        enter(operator);
        Numeral exponent = signed();
        depth--;
        return located(operator, () -> Arithmetic.power(base, exponent));
    }

    private Numeral postfix() {
        Numeral value = operand();
        while (peek().is("!") || isPercent()) {
            Token operator = next();
            Numeral before = value;
            value = located(
                    operator, () -> operator.is("!") ? Arithmetic.factorial(before) : Arithmetic.percent(before));
        }
        return value;
    }

    /** A percent sign that no number follows; otherwise it is the operator modulo. */
    private boolean isPercent() {
        return peek().is("%") && !tokens.get(at + 1).beginsOperand();
    }

    private Numeral operand() {
        Token token = next();
        return switch (token.kind()) {
            case NUMBER -> number(token);
            case NAME -> named(token);
            case OPEN -> {
                enter(token);
                Numeral inner = sum();
                close(token);
                depth--;
                yield inner;
            }
            case OPERATOR, CLOSE, COMMA, END ->
                throw refused(token.position(), "a number, name or '(' is expected, not " + token.shown());
        };
    }

    private static Numeral number(Token token) {
        return located(token, () -> {
            try {
                return Numeral.of(new BigDecimal(token.text()), true);
            } catch (NumberFormatException tooLarge) {
                throw new ArithmeticException("the exponent of the number is too large");
            }
        });
    }

    private Numeral named(Token token) {
        String name = token.text().toLowerCase(Locale.ROOT);
        Numeral constant = Functions.constant(name);
        if (constant != null) {
            return constant;
        }
        Functions.Function function = Functions.function(name);
        if (function == null) {
            throw refused(
                    token.position(),
                    "the name " + quoted(token.text()) + " is unknown; functions are " + Functions.names());
        }
        if (peek().kind() != Token.Kind.OPEN) {
            throw refused(peek().position(), "'(' is expected after " + name + ", not " + peek().shown());
        }
        enter(token);
        List<Numeral> arguments = arguments();
        depth--;
        return located(token, () -> function.apply(arguments));
    }

    private List<Numeral> arguments() {
        Token open = next();
        List<Numeral> arguments = new ArrayList<>();
        if (peek().kind() == Token.Kind.CLOSE) {
            at++;
            return arguments;
        }
        arguments.add(sum());
        while (peek().kind() == Token.Kind.COMMA) {
            at++;
            arguments.add(sum());
        }
        close(open);
        return arguments;
    }

    private void close(Token open) {
        Token token = next();
        if (token.kind() == Token.Kind.CLOSE) {
            return;
        }
        if (COMPARISONS.contains(token.text())) {
            throw refused(token.position(), "a comparison stands alone, not within parentheses");
        }
        if (token.kind() == Token.Kind.COMMA) {
            throw refused(token.position(), "',' separates the arguments of functions; decimals have a point");
        }
        throw refused(
                token.position(),
                "')' is expected, not " + token.shown() + "; the '(' is at character " + open.position());
    }

    private void expectEnd() {
        Token token = peek();
        switch (token.kind()) {
            case END -> {}
            case COMMA ->
                throw refused(
                        token.position(),
                        "',' separates the arguments of functions; write 1000.5, without ',' in numbers");
            case CLOSE -> throw refused(token.position(), "')' without a '(' before it");
            case NUMBER, NAME, OPEN ->
                throw refused(token.position(), "an operator such as + or * is expected, not " + token.shown());
            case OPERATOR -> throw refused(token.position(), token.shown() + " is not expected here");
        }
    }

    private void enter(Token token) {
        if (++depth > DEEPEST) {
            throw refused(token.position(), "nested more than " + DEEPEST + " deep");
        }
    }

    private Token peek() {
        return tokens.get(at);
    }

    private Token next() {
        Token token = tokens.get(at);
        at = Math.min(at + 1, tokens.size() - 1);
        return token;
    }

    private static Numeral located(Token token, Supplier<Numeral> step) {
        try {
            return step.get();
        } catch (ArithmeticException impossible) {
            String where = token.kind() == Token.Kind.NAME ? token.text().toLowerCase(Locale.ROOT) + ": " : "";
            throw refused(token.position(), where + impossible.getMessage());
        }
    }
}
