package io.bactrian.tool.builtin.calculator;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Cuts an expression into tokens. */
final class Lexer {

    /** Operators of two characters first, then of one; spellings that people paste become the usual ones. */
    private static final List<String> OPERATORS = List.of(
            "**", "<=", ">=", "==", "!=", "<>", "+", "-", "*", "/", "^", "%", "!", "<", ">", "=", "−", "×", "·", "÷",
            "≤", "≥", "≠");

    private static final Map<String, String> SPELLINGS = Map.of(
            "**", "^", "==", "=", "<>", "!=", "−", "-", "×", "*", "·", "*", "÷", "/", "≤", "<=", "≥", ">=", "≠", "!=");

    private final String text;
    private int at;

    Lexer(String text) {
        this.text = text;
    }

    /** The tokens; the last one is the end. */
    List<Token> tokens() {
        List<Token> tokens = new ArrayList<>();
        while (skipBlanks()) {
            tokens.add(next());
        }
        tokens.add(new Token(Token.Kind.END, "", text.length() + 1));
        return tokens;
    }

    private boolean skipBlanks() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        return at < text.length();
    }

    private Token next() {
        char c = text.charAt(at);
        if (digit(c) || c == '.') {
            return number();
        }
        if (letter(c)) {
            return name();
        }
        if (c == '(' || c == ')' || c == ',') {
            at++;
            Token.Kind kind = c == '(' ? Token.Kind.OPEN : c == ')' ? Token.Kind.CLOSE : Token.Kind.COMMA;
            return new Token(kind, String.valueOf(c), at);
        }
        return operator();
    }

    private Token number() {
        int start = at;
        digits();
        if (at < text.length() && text.charAt(at) == '.') {
            at++;
            digits();
        }
        if (at - start == 1 && text.charAt(start) == '.') {
            throw Expression.refused(start + 1, "a decimal point without digits");
        }
        exponent();
        if (at < text.length() && text.charAt(at) == '.') {
            throw Expression.refused(at + 1, "a second decimal point in one number");
        }
        return new Token(Token.Kind.NUMBER, text.substring(start, at), start + 1);
    }

    /** {@code 2e3} is a number; {@code 2e} is not, and says so where the name begins. */
    private void exponent() {
        int mark = at;
        if (at < text.length() && (text.charAt(at) == 'e' || text.charAt(at) == 'E')) {
            at++;
            if (at < text.length() && (text.charAt(at) == '+' || text.charAt(at) == '-')) {
                at++;
            }
            int digits = at;
            digits();
            at = at == digits ? mark : at;
        }
    }

    private void digits() {
        while (at < text.length() && digit(text.charAt(at))) {
            at++;
        }
    }

    private Token name() {
        int start = at;
        while (at < text.length() && (letter(text.charAt(at)) || digit(text.charAt(at)))) {
            at++;
        }
        return new Token(Token.Kind.NAME, text.substring(start, at), start + 1);
    }

    private Token operator() {
        for (String operator : OPERATORS) {
            if (text.startsWith(operator, at)) {
                at += operator.length();
                String usual = SPELLINGS.getOrDefault(operator, operator);
                return new Token(Token.Kind.OPERATOR, usual, at - operator.length() + 1);
            }
        }
        int c = text.codePointAt(at);
        throw Expression.refused(
                at + 1,
                "the character U+" + String.format(java.util.Locale.ROOT, "%04X", c) + " is not part of arithmetic");
    }

    private static boolean digit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean letter(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c == 'π';
    }
}
