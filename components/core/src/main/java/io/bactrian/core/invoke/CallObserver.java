package io.bactrian.core.invoke;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.model.TokenUsage;
import org.jspecify.annotations.Nullable;

/** Learns of every call: metrics, spans, logs. Thread-safe; must not throw. */
public interface CallObserver {

    /** A call has come in. {@link Observation#NONE} if it is of no interest. */
    Observation started(Invocation invocation);

    /**
     * How far an answer came.
     *
     * @param model the model that answered, as the provider names it; empty if unknown
     * @param usage what the provider says was used; null if it did not. Of an answer that is not finished, it may be that of its
     *     beginning only
     * @param finished whether the provider has said all it had to say
     * @param tokens how many tokens of output were handed on, as far as can be told from their bytes; 0 if nobody counted,
     *     because the provider did
     */
    record Answer(String model, @Nullable TokenUsage usage, boolean finished, long tokens) {

        /** There was none. */
        public static final Answer NONE = new Answer("", null, false, 0);
    }

    /**
     * One call under observation. Ends with exactly one of {@code succeeded}, {@code aborted} and {@code failed}. Of each the chain
     * calls the one that takes an {@link Answer}; the others are for whoever does not need it.
     */
    interface Observation {

        /** Of a call that the observer has no interest in: if no observer has any, nothing of the call is kept for them. */
        Observation NONE = new Unobserved();

        /** The first piece of content of a streamed answer has arrived. */
        void firstChunk(Invocation invocation);

        /**
         * The call is over, its stream read to the end or closed.
         *
         * @param invocation as it last went on
         * @param responseModel the model that answered, as the provider names it; empty if unknown
         * @param usage tokens used; null if unknown
         */
        void succeeded(Invocation invocation, String responseModel, @Nullable TokenUsage usage);

        /** The call was answered to its end. */
        default void succeeded(Invocation invocation, Answer answer) {
            succeeded(invocation, answer.model(), answer.usage());
        }

        /** The call's stream was closed before its end. To whoever does not tell that apart, the call has succeeded. */
        default void aborted(Invocation invocation, Answer answer) {
            succeeded(invocation, answer.model(), answer.usage());
        }

        /**
         * The call was refused or failed.
         *
         * @param invocation as it last went on
         * @param phase where it ended
         * @param code the stable code; null for an error outside the tree, which is a bug
         */
        void failed(Invocation invocation, Phase phase, @Nullable ErrorCode code);

        /** The call was refused or failed, with that much of its answer handed on. */
        default void failed(Invocation invocation, Phase phase, @Nullable ErrorCode code, Answer answer) {
            failed(invocation, phase, code);
        }
    }

    /** Is told nothing that it would keep. */
    final class Unobserved implements Observation {

        private Unobserved() {}

        @Override
        public void firstChunk(Invocation invocation) {
            // of no interest
        }

        @Override
        public void succeeded(Invocation invocation, String responseModel, @Nullable TokenUsage usage) {
            // of no interest
        }

        @Override
        public void failed(Invocation invocation, Phase phase, @Nullable ErrorCode code) {
            // of no interest
        }
    }
}
