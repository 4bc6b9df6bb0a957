package io.bactrian.support;

import io.bactrian.core.invoke.AnswerStream;

/** A body that reads an answer's stream in another form: as bytes, as a publisher. It keeps the stream alive. */
@FunctionalInterface
public interface AnswerView {

    /** Whether this is the stream that is read. */
    boolean readsFrom(AnswerStream<?> stream);
}
