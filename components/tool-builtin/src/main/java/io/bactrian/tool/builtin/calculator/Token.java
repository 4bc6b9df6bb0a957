package io.bactrian.tool.builtin.calculator;

/**
 * A piece of an expression.
 *
 * @param kind what it is
 * @param text as written, operators in their usual spelling
 * @param position where it begins, from 1
 */
record Token(Kind kind, String text, int position) {

    enum Kind {
        NUMBER,
        NAME,
        OPERATOR,
        OPEN,
        CLOSE,
        COMMA,
        END
    }

    boolean is(String operator) {
        return kind == Kind.OPERATOR && text.equals(operator);
    }

    /** Whether a number can begin here, other than by a sign. */
    boolean beginsOperand() {
        return kind == Kind.NUMBER || kind == Kind.NAME || kind == Kind.OPEN;
    }

    /** How messages call it. */
    String shown() {
        return kind == Kind.END ? "the end" : "'" + text + "'";
    }
}
