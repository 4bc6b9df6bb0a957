package io.bactrian.support;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.UnavailableException;
import io.bactrian.core.invoke.AnswerStream;
import java.util.ArrayDeque;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * An answer's stream as it stands on a message body: it ends with {@link #close}, with its exchange or with the Camel
 * context, whichever is first (rules: {@link StreamLeases}). Ended by its reader it simply has no more pieces; ended by
 * anything else it says so with {@code cancelled}, so that a cut answer never looks like a whole one. Read by one thread,
 * closed by any. A kind of stream that bodies are to show as such is a class of its own, which adds no more than its type.
 *
 * @param <T> the pieces
 */
public class AnswerLease<T> implements AnswerStream<T> {

    private final AnswerStream<T> stream;
    private final StreamLeases registry;
    private final String what;
    private final LongSupplier nanoClock;
    private final AtomicReference<@Nullable End> end = new AtomicReference<>();
    private final Queue<T> kept = new ArrayDeque<>();
    private volatile long touchedNanos;
    private volatile boolean reading;

    /** @param terms what {@link StreamLeases} leases the stream on */
    protected AnswerLease(Terms<T> terms) {
        this.stream = terms.stream;
        this.registry = terms.registry;
        this.what = terms.what;
        this.nanoClock = terms.nanoClock;
        this.touchedNanos = nanoClock.getAsLong();
    }

    /**
     * What a stream is leased on. Made by {@link StreamLeases} alone, so that there is no lease it does not know of.
     *
     * @param <T> the pieces
     */
    public static final class Terms<T> {

        private final AnswerStream<T> stream;
        private final StreamLeases registry;
        private final String what;
        private final LongSupplier nanoClock;

        Terms(AnswerStream<T> stream, StreamLeases registry, String what, LongSupplier nanoClock) {
            this.stream = stream;
            this.registry = registry;
            this.what = what;
            this.nanoClock = nanoClock;
        }
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
    public final boolean hasNext() {
        touch();
        if (!kept.isEmpty()) {
            return true;
        }
        if (over()) {
            return false;
        }
        boolean more;
        reading = true;
        try {
            more = stream.hasNext();
        } catch (RuntimeException e) {
            // cut off from outside while it waited: say who did it, not what the cut looked like further down
            over();
            end(End.READER);
            throw e;
        } finally {
            // first, so that nobody finds it idle for as long as it has waited
            touch();
            reading = false;
        }
        if (more || over()) {
            return more;
        }
        end(End.READER);
        return false;
    }

    @Override
    public final T next() {
        T first = kept.poll();
        if (first != null) {
            return first;
        }
        if (!hasNext()) {
            throw new NoSuchElementException("the stream has no more pieces");
        }
        T piece = stream.next();
        touch();
        return piece;
    }

    /**
     * Reads to the end, but keeps the pieces, so that the stream can be read once more: a route that looks at its text does not
     * lose its answer by it.
     *
     * @param reader is shown each piece
     */
    public final void peekEach(Consumer<? super T> reader) {
        Queue<T> pieces = new ArrayDeque<>();
        try {
            while (hasNext()) {
                T piece = next();
                pieces.add(piece);
                reader.accept(piece);
            }
        } finally {
            kept.addAll(pieces);
        }
    }

    @Override
    public final void close() {
        end(End.READER);
        kept.clear();
    }

    /** Whether the stream may still bring something. */
    public final boolean open() {
        return end.get() == null;
    }

    /** Ends the stream; the first one to do so gives the reason. */
    final void end(End how) {
        if (end.compareAndSet(null, how)) {
            registry.ended(this);
            stream.close();
        }
    }

    /** How long nobody has read, in nanoseconds; a reader who waits for the next piece is reading. */
    final long idleNanos() {
        return reading ? 0 : nanoClock.getAsLong() - touchedNanos;
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

    /** What the stream is, for people: {@code ModelStream}. */
    protected String kind() {
        return "AnswerStream";
    }

    /** Says what it is from; never what it holds. */
    @Override
    public final String toString() {
        return kind() + "[" + what + (open() ? ", open]" : ", ended]");
    }
}
