package io.bactrian.egress;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.tenant.Deadline;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serial;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The clocks of one call, asked before every read of its socket. A phase has a limit of its own; above all phases stand the
 * deadline and, until the first token is there, the time for that. Used by the thread that reads.
 *
 * <p>It sits below TLS, on the bare socket: a peer that dribbles a handshake or a record byte by byte never lets a read
 * time out, and still runs into the clock.
 */
final class CallClock {

    private static final long UNSTARTED = Long.MIN_VALUE;

    private final Deadline deadline;
    private final LongSupplier nanoTime;
    // asked by the watchdog too, while the request is sent
    private volatile @Nullable Deadline firstToken;
    private long phaseStart = UNSTARTED;
    private long phaseNanos;
    private ErrorCode phaseCode = ErrorCode.TIMEOUT_CONNECT;
    private @Nullable ErrorCode tripped;
    private boolean withoutWaiting;
    private boolean endSeen;
    private long budget = Long.MAX_VALUE;

    CallClock(Deadline deadline, LongSupplier nanoTime) {
        this(deadline, null, nanoTime);
    }

    CallClock(Deadline deadline, @Nullable Deadline firstToken, LongSupplier nanoTime) {
        this.deadline = deadline;
        this.firstToken = firstToken;
        this.nanoTime = nanoTime;
    }

    /** The first token is there: its clock stops. */
    void firstTokenSeen() {
        firstToken = null;
    }

    /** Which of the clocks above all phases ran out: the deadline's, or the first token's; null if none has. */
    @Nullable
    ErrorCode late() {
        if (deadline.expired()) {
            return ErrorCode.DEADLINE_EXCEEDED;
        }
        Deadline first = firstToken;
        return first != null && first.expired() ? ErrorCode.TIMEOUT_FIRST_TOKEN : null;
    }

    /** The nanoseconds left by the clocks above all phases. */
    long nanosForAll() {
        Deadline first = firstToken;
        long left = deadline.remainingNanos();
        return first == null ? left : Math.min(left, first.remainingNanos());
    }

    /** Begins a phase now. */
    void start(Duration limit, ErrorCode code) {
        startAtNextRead(limit, code);
        phaseStart = nanoTime.getAsLong();
    }

    /** Begins a phase at the next read: sending a large body is not waiting for the answer. */
    void startAtNextRead(Duration limit, ErrorCode code) {
        phaseStart = UNSTARTED;
        phaseNanos = nanos(limit);
        phaseCode = code;
    }

    /** The nanoseconds left in this phase; zero or less when they, or the deadline's, are used up. */
    long remainingNanos() {
        long now = nanoTime.getAsLong();
        if (phaseStart == UNSTARTED) {
            phaseStart = now;
        }
        return Math.min(phaseNanos - (now - phaseStart), nanosForAll());
    }

    /** The bytes that may still arrive in this phase. */
    void budget(long bytes) {
        budget = bytes;
    }

    /** Whether the bytes of {@link #budget(long)} were used up. */
    boolean overBudget() {
        return budget < 0;
    }

    /** Reads what is there, or reports a time-out at once, until switched off. */
    void withoutWaiting(boolean on) {
        withoutWaiting = on;
    }

    /** Which clock ran out, if one did. */
    @Nullable
    ErrorCode tripped() {
        return tripped;
    }

    /** Whether the peer closed its side during this call. */
    boolean endSeen() {
        return endSeen;
    }

    /** Notes that a clock ran out, and which. */
    SocketTimeoutException trip() {
        ErrorCode late = late();
        ErrorCode which = late == null ? phaseCode : late;
        tripped = which;
        return new SocketTimeoutException(which.text());
    }

    int read(InputStream in, ClockedSocket socket, byte[] bytes, int offset, int length) throws IOException {
        if (withoutWaiting) {
            return received(readAvailable(in, bytes, offset, length));
        }
        while (true) {
            long left = remainingNanos();
            if (left <= 0 && (deadline.expired() || in.available() <= 0)) {
                throw trip();
            }
            // a reader that came back late may still take what has long arrived
            socket.waitAtMost(left <= 0 ? 1 : millis(left));
            try {
                return received(in.read(bytes, offset, length));
            } catch (SocketTimeoutException early) {
                // the socket's own time-out may be an older, shorter one: ask the clock again
            }
        }
    }

    private int readAvailable(InputStream in, byte[] bytes, int offset, int length) throws IOException {
        int available = in.available();
        if (available <= 0) {
            throw new NothingThere();
        }
        return in.read(bytes, offset, Math.min(length, available));
    }

    private int received(int count) throws IOException {
        if (count < 0) {
            endSeen = true;
            return count;
        }
        budget -= count;
        if (budget < 0) {
            throw new IOException("over budget");
        }
        return count;
    }

    /** Rounded up, so that waiting that long is waiting long enough. */
    static int millis(long nanos) {
        return (int) Math.min(Integer.MAX_VALUE, TimeUnit.NANOSECONDS.toMillis(nanos) + 1);
    }

    static long nanos(Duration duration) {
        return duration.getSeconds() > 4_000_000_000L ? Long.MAX_VALUE / 4 : duration.toNanos();
    }

    /** Asked before every use of a pooled connection, and the usual answer: not worth a stack trace. */
    private static final class NothingThere extends SocketTimeoutException {

        @Serial
        private static final long serialVersionUID = 1;

        @Override
        public Throwable fillInStackTrace() {
            return this;
        }
    }
}
