package io.bactrian.core.model;

import io.bactrian.core.invoke.AnswerStream;

/**
 * An answer of a language model, piece by piece. {@link #hasNext} waits for the next piece. Read by one thread;
 * {@link #close} may come from any. Ends in one of three ways: no more pieces; an
 * {@link io.bactrian.core.error.InvokeException} from {@code hasNext} or {@code next}; or it was closed, after which
 * {@code hasNext} is false.
 */
public interface ModelStream extends AnswerStream<LlmResultChunk> {

    /** Stops the answer: the provider's connection is cut if it is not done yet. Any number of times, by any thread. */
    @Override
    void close();

    /** Reads to the end and gives the whole answer; closes the stream in any case. */
    default LlmResult collect() {
        try (this) {
            LlmResultAccumulator whole = new LlmResultAccumulator();
            forEachRemaining(whole::add);
            return whole.result();
        }
    }
}
