package io.bactrian.core.invoke;

import java.util.Iterator;

/**
 * An answer that comes piece by piece: of a model, a tool or an agent. {@link #hasNext} waits for the next piece. Read by one
 * thread; {@link #close} may come from any. Ends in one of three ways: no more pieces; an
 * {@link io.bactrian.core.error.InvokeException} from {@code hasNext} or {@code next}; or it was closed, after which
 * {@code hasNext} is false. A piece that it has told of before is gone then: {@code next} throws
 * {@link java.util.NoSuchElementException}.
 *
 * @param <T> the pieces
 */
public interface AnswerStream<T> extends Iterator<T>, AutoCloseable, InvocationReply {

    /** Stops the answer, if it is not done yet. Any number of times, by any thread. */
    @Override
    void close();
}
