package io.bactrian.support;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.UnavailableException;
import io.bactrian.core.model.LlmResult;
import io.bactrian.core.model.LlmResultAccumulator;
import io.bactrian.core.model.LlmResultChunk;
import io.bactrian.core.model.ModelStream;
import java.util.ArrayDeque;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A model's stream as it stands on a message body: it ends with {@link #close}, with its exchange or with the Camel
 * context, whichever is first (rules: {@link StreamLeases}). Ended by its reader it simply has no more pieces; ended by
 * anything else it says so with {@code cancelled}, so that a cut answer never looks like a whole one. Read by one thread,
 * closed by any.
 */
public final class StreamLease implements ModelStream {

    private final ModelStream stream;
    private final StreamLeases registry;
    private final String what;
    private final LongSupplier nanoClock;
    private final AtomicReference<@Nullable End> end = new AtomicReference<>();
    private final Queue<LlmResultChunk> kept = new ArrayDeque<>();
    private volatile long touchedNanos;

    StreamLease(ModelStream stream, StreamLeases registry, String what, LongSupplier nanoClock) {
        this.stream = stream;
        this.registry = registry;
        this.what = what;
        this.nanoClock = nanoClock;
        this.touchedNanos = nanoClock.getAsLong();
    }

    /** What ended a stream. */
    enum End {
        READER("it was closed"),
        EXCHANGE("its exchange has ended"),
        CONTEXT("the Camel context is stopping"),
        IDLE("nobody has read it for too long after its exchange had ended");

        private final String reason;

        End(String reason) {
            this.reason = reason;
        }
    }

    @Override
    public boolean hasNext() {
        touch();
        if (!kept.isEmpty()) {
            return true;
        }
        if (over()) {
            return false;
        }
        boolean more;
        try {
            more = stream.hasNext();
        } catch (RuntimeException e) {
            // cut off from outside while it waited: say who did it, not what the cut looked like further down
            over();
            end(End.READER);
            throw e;
        }
        touch();
        if (more || over()) {
            return more;
        }
        end(End.READER);
        return false;
    }

    @Override
    public LlmResultChunk next() {
        LlmResultChunk first = kept.poll();
        if (first != null) {
            return first;
        }
        if (!hasNext()) {
            throw new NoSuchElementException("the stream has no more pieces");
        }
        LlmResultChunk chunk = stream.next();
        touch();
        return chunk;
    }

    /**
     * Reads to the end and gives the whole answer, but keeps the pieces, so that the stream can be read once more.
     * Camel turns bodies into text behind a route's back, to trace or log them; the route must not lose its answer by
     * it.
     */
    public LlmResult peekAll() {
        Queue<LlmResultChunk> pieces = new ArrayDeque<>();
        LlmResultAccumulator whole = new LlmResultAccumulator();
        try {
            while (hasNext()) {
                LlmResultChunk chunk = next();
                pieces.add(chunk);
                whole.add(chunk);
            }
        } finally {
            kept.addAll(pieces);
        }
        return whole.result();
    }

    @Override
    public void close() {
        end(End.READER);
        kept.clear();
    }

    /** Whether the stream may still bring something. */
    public boolean open() {
        return end.get() == null;
    }

    /** Ends the stream; the first one to do so gives the reason. */
    void end(End how) {
        if (end.compareAndSet(null, how)) {
            registry.ended(this);
            stream.close();
        }
    }

    /** How long nobody has read, in nanoseconds. */
    long idleNanos() {
        return nanoClock.getAsLong() - touchedNanos;
    }

    private void touch() {
        touchedNanos = nanoClock.getAsLong();
    }

    /** Whether the stream has ended in its reader's knowledge. */
    private boolean over() {
        End how = end.get();
        if (how == null) {
            return false;
        }
        if (how != End.READER) {
            throw new UnavailableException(
                    ErrorCode.CANCELLED, "the answer of " + what + " was cut off: " + how.reason);
        }
        return true;
    }

    /** Says which model it is from; never what it holds. */
    @Override
    public String toString() {
        return "ModelStream[" + what + (open() ? ", open]" : ", ended]");
    }
}
