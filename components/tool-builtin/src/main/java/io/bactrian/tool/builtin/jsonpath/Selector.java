package io.bactrian.tool.builtin.jsonpath;

import org.jspecify.annotations.Nullable;

/** What picks children of a node (RFC 9535 §2.3). */
sealed interface Selector {

    /**
     * The member of a name.
     *
     * @param name the name
     */
    record Name(String name) implements Selector {}

    /** All children. */
    record Wildcard() implements Selector {}

    /**
     * The element at a place.
     *
     * @param index from 0; from the end if negative
     */
    record Index(long index) implements Selector {}

    /**
     * The elements of a range.
     *
     * @param start the first; null for the one that the step begins at
     * @param end the one after the last; null for the end that the step leads to
     * @param step how far it is to the next; backwards if negative
     */
    record Slice(@Nullable Long start, @Nullable Long end, long step) implements Selector {}

    /**
     * The children for which a condition holds.
     *
     * @param condition the condition
     */
    record Filter(Condition condition) implements Selector {}
}
