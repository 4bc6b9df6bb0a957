package io.bactrian.tool.builtin.jsonpath;

import java.util.List;

/** What holds for a node or does not (RFC 9535 §2.3.5). */
sealed interface Condition {

    /**
     * One of them holds.
     *
     * @param any the conditions
     */
    record Or(List<Condition> any) implements Condition {}

    /**
     * All of them hold.
     *
     * @param all the conditions
     */
    record And(List<Condition> all) implements Condition {}

    /**
     * It does not hold.
     *
     * @param condition the condition
     */
    record Not(Condition condition) implements Condition {}

    /**
     * Two values stand to each other as said.
     *
     * @param left a value
     * @param operator how
     * @param right a value
     */
    record Comparison(Operand left, Operator operator, Operand right) implements Condition {}

    /**
     * There is a node.
     *
     * @param query where
     */
    record Exists(Query query) implements Condition {}

    /**
     * A text fits a pattern: the functions {@code match} and {@code search}.
     *
     * @param text the text
     * @param pattern the pattern (RFC 9485)
     * @param whole whether all of the text has to fit, instead of a part
     */
    record Matches(Operand text, Operand pattern, boolean whole) implements Condition {}

    /** How two values are compared. */
    enum Operator {
        EQUAL("=="),
        NOT_EQUAL("!="),
        LESS_OR_EQUAL("<="),
        GREATER_OR_EQUAL(">="),
        LESS("<"),
        GREATER(">");

        private final String text;

        Operator(String text) {
            this.text = text;
        }

        String text() {
            return text;
        }
    }
}
