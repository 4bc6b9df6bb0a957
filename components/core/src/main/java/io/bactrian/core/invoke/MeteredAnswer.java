package io.bactrian.core.invoke;

import io.bactrian.core.model.LlmResultChunk;
import io.bactrian.core.model.ModelStream;
import io.bactrian.core.model.TokenUsage;
import org.jspecify.annotations.Nullable;

/** Settles what was reserved for a streamed answer when that ends: by itself, by an error, or because nobody reads on. */
final class MeteredStream implements ModelStream {

    private final ModelStream stream;
    private final Metered metered;
    private final DeliveredTokens delivered = new DeliveredTokens();
    // whoever closes it may be another thread than the one that reads
    private volatile long tokens;
    private volatile boolean finished;
    private volatile @Nullable TokenUsage usage;

    MeteredStream(ModelStream stream, Metered metered) {
        this.stream = stream;
        this.metered = metered;
    }

    @Override
    public boolean hasNext() {
        try {
            boolean more = stream.hasNext();
            if (!more) {
                ended();
            }
            return more;
        } catch (RuntimeException e) {
            brokenOff();
            throw e;
        }
    }

    @Override
    public LlmResultChunk next() {
        try {
            LlmResultChunk chunk = stream.next();
            delivered.add(chunk);
            tokens = delivered.tokens();
            finished |= chunk.finishReason() != null;
            if (chunk.usage() != null) {
                usage = chunk.usage();
            }
            return chunk;
        } catch (RuntimeException e) {
            brokenOff();
            throw e;
        }
    }

    /** At its end; or it was closed, after which there is no more either. */
    private void ended() {
        if (finished) {
            metered.answered(usage, tokens);
        } else {
            brokenOff();
        }
    }

    private void brokenOff() {
        metered.brokenOff(usage, finished, tokens);
    }

    @Override
    public void close() {
        stream.close();
        brokenOff();
    }
}
