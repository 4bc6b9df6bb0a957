package io.bactrian.agent;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.UnavailableException;
import io.bactrian.core.invoke.AnswerStream;

/**
 * A run of an agent, event by event. {@link #hasNext} waits for the next one, and does the work meanwhile. Read by one thread;
 * {@link #close} may come from any: it cuts the model's answer off and interrupts the tools that run. Ends after
 * {@link AgentEvent.End}, or by an {@link io.bactrian.core.error.InvokeException}.
 */
public interface AgentStream extends AnswerStream<AgentEvent> {

    /** Stops the run. Any number of times, by any thread. */
    @Override
    void close();

    /**
     * Reads to the end and gives the result; closes the stream in any case.
     *
     * @throws UnavailableException with {@code cancelled} if the stream was closed before its end
     */
    default AgentResult collect() {
        try (this) {
            while (hasNext()) {
                if (next() instanceof AgentEvent.End end) {
                    return end.result();
                }
            }
            throw closedBeforeItsEnd();
        }
    }

    /** What is said where a run has no more events, and has not ended: half a run never passes for a whole one. */
    static UnavailableException closedBeforeItsEnd() {
        return new UnavailableException(ErrorCode.CANCELLED, "the run was closed before its end");
    }
}
