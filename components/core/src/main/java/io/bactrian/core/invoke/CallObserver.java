package io.bactrian.core.invoke;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.model.TokenUsage;
import org.jspecify.annotations.Nullable;

/** Learns of every call: metrics, spans, logs. Thread-safe; must not throw. */
public interface CallObserver {

    /** A call has come in. */
    Observation started(Invocation invocation);

    /** One call under observation. Ends with exactly one of {@code succeeded} and {@code failed}. */
    interface Observation {

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

        /**
         * The call was refused or failed.
         *
         * @param invocation as it last went on
         * @param phase where it ended
         * @param code the stable code; null for an error outside the tree, which is a bug
         */
        void failed(Invocation invocation, Phase phase, @Nullable ErrorCode code);
    }
}
