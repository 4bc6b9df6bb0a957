package io.bactrian.core.invoke;

import io.bactrian.core.error.InvokeException;
import io.bactrian.core.model.LlmResultChunk;
import io.bactrian.core.model.TokenUsage;
import org.jspecify.annotations.Nullable;

/** Settles what was reserved for a streamed answer when that ends: by itself, by an error, or because nobody reads on. */
final class MeteredAnswer implements FollowedStream.Follower<LlmResultChunk> {

    private final Metered metered;
    private final DeliveredTokens delivered = new DeliveredTokens();
    // whoever closes it may be another thread than the one that reads
    private volatile long tokens;
    private volatile boolean finished;
    private volatile @Nullable TokenUsage usage;

    MeteredAnswer(Metered metered) {
        this.metered = metered;
    }

    @Override
    public void delivered(LlmResultChunk chunk) {
        delivered.add(chunk);
        tokens = delivered.tokens();
        finished |= chunk.finishReason() != null;
        if (chunk.usage() != null) {
            usage = chunk.usage();
        }
    }

    @Override
    public void ended() {
        if (finished) {
            metered.answered(usage, tokens);
        } else {
            closed();
        }
    }

    @Override
    public void failed(Throwable failure) {
        if (usage == null && tokens == 0) {
            metered.failed(failure instanceof InvokeException known ? known.code() : null);
        } else {
            closed();
        }
    }

    @Override
    public void closed() {
        metered.brokenOff(usage, finished, tokens);
    }
}
