package io.bactrian.bench;

import java.io.IOException;

/** One way to ask a model. Opened once for a scenario; asked many times, by one thread or by many. */
public interface Subject extends AutoCloseable {

    /**
     * Where and how.
     *
     * @param scenario what the mock will answer
     * @param port the mock's port on the loopback address
     * @param connections how many calls there are at most at a time
     */
    record Setup(Scenario scenario, int port, int connections) {
        /** The base address as the OpenAI API has it. */
        public String baseUrl() {
            return "http://127.0.0.1:" + port + "/" + scenario.text() + "/v1";
        }
    }

    /** Makes clients, connection pools, routes. */
    void open(Setup setup) throws Exception;

    /** Asks {@link Canned#QUESTION} and hands the answer to the check. */
    void ask(Answer answer) throws Exception;

    /** Asks for a stream and hands over each piece; returns at its end, or when it was cut. */
    default void stream(Pieces pieces) throws Exception {
        throw new UnsupportedOperationException("does not stream");
    }

    /** The nanoseconds of the last call that were spent in what counts as upstream; negative if the subject cannot tell. */
    default long upstreamNanos() {
        return -1;
    }

    @Override
    default void close() throws IOException {}
}
