package io.bactrian.core.invoke;

import io.bactrian.core.balance.Attempt;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.model.LlmResultChunk;
import io.bactrian.core.model.ModelStream;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * A stream whose attempt learns how it goes. With alternatives at hand it is read up to its first piece of content before anybody
 * sees it, so that what fails before can be made good elsewhere; what fails after that is the reader's to know, with all that was
 * delivered and nothing twice (STR-09).
 */
final class CommittedStream implements ModelStream {

    /** Pieces without content are held back up to here: what sends more of them has begun. */
    private static final int MOST_HELD_BACK = 64;

    private final ModelStream stream;
    private final Attempt attempt;
    private final Queue<LlmResultChunk> heldBack = new ArrayDeque<>(2);
    private volatile boolean closed;

    private CommittedStream(ModelStream stream, Attempt attempt) {
        this.stream = stream;
        this.attempt = attempt;
    }

    /** A stream as it comes: nobody else could give a better one. */
    static CommittedStream asItComes(ModelStream stream, Attempt attempt) {
        return new CommittedStream(stream, attempt);
    }

    /**
     * A stream that has begun.
     *
     * @throws InvokeException if it fails before; it is closed then, and the attempt is left to the caller
     */
    static CommittedStream begun(ModelStream stream, Attempt attempt) {
        CommittedStream committed = new CommittedStream(stream, attempt);
        boolean begun = false;
        try {
            committed.awaitContent();
            begun = true;
        } finally {
            if (!begun) {
                stream.close();
            }
        }
        return committed;
    }

    private void awaitContent() {
        while (heldBack.size() < MOST_HELD_BACK) {
            if (!stream.hasNext()) {
                break;
            }
            LlmResultChunk chunk = stream.next();
            heldBack.add(chunk);
            if (chunk.hasContent()) {
                break;
            }
        }
        attempt.answered();
    }

    @Override
    public boolean hasNext() {
        if (closed) {
            return false;
        }
        if (!heldBack.isEmpty()) {
            return true;
        }
        try {
            boolean more = stream.hasNext();
            if (!more && !closed) {
                attempt.succeeded();
            }
            return more;
        } catch (InvokeException e) {
            failed(e);
            throw e;
        }
    }

    @Override
    public LlmResultChunk next() {
        LlmResultChunk held = heldBack.poll();
        if (held != null) {
            return held;
        }
        try {
            LlmResultChunk chunk = stream.next();
            if (chunk.hasContent()) {
                attempt.answered();
            }
            return chunk;
        } catch (InvokeException e) {
            failed(e);
            throw e;
        }
    }

    private void failed(InvokeException e) {
        if (e.code() == ErrorCode.CANCELLED || closed) {
            attempt.abandoned();
        } else {
            attempt.failed(e);
        }
    }

    @Override
    public void close() {
        closed = true;
        stream.close();
        attempt.abandoned();
    }
}
