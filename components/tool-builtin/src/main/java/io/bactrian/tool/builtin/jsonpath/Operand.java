package io.bactrian.tool.builtin.jsonpath;

import io.bactrian.core.json.JsonValue;

/** What is a value, or nothing, when a condition is looked at (RFC 9535 §2.4.1, ValueType). */
sealed interface Operand {

    /**
     * A value that stands in the path.
     *
     * @param value the value
     */
    record Literal(JsonValue value) implements Operand {}

    /**
     * The value of the one node that a query can lead to.
     *
     * @param query the query
     */
    record Singular(Query query) implements Operand {}

    /**
     * The function {@code length}.
     *
     * @param of whose length
     */
    record Length(Operand of) implements Operand {}

    /**
     * The function {@code count}.
     *
     * @param nodes which nodes are counted
     */
    record Count(Query nodes) implements Operand {}

    /**
     * The function {@code value}.
     *
     * @param nodes of which the value is taken, if it is one
     */
    record Value(Query nodes) implements Operand {}
}
