package io.bactrian.support;

import io.bactrian.core.model.LlmResult;
import io.bactrian.core.model.LlmResultAccumulator;
import io.bactrian.core.model.LlmResultChunk;
import io.bactrian.core.model.ModelStream;

/** A model's stream as it stands on a message body. */
public final class StreamLease extends AnswerLease<LlmResultChunk> implements ModelStream {

    StreamLease(Terms<LlmResultChunk> terms) {
        super(terms);
    }

    /** Reads to the end and gives the whole answer; the stream can be read once more, as after {@link #peekEach}. */
    public LlmResult peekAll() {
        LlmResultAccumulator whole = new LlmResultAccumulator();
        peekEach(whole::add);
        return whole.result();
    }

    @Override
    protected String kind() {
        return "ModelStream";
    }
}
