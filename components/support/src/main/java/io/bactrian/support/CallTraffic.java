package io.bactrian.support;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.error.InvokeTimeoutException;
import io.bactrian.core.error.ProtocolException;
import io.bactrian.core.error.UnavailableException;
import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Counts the calls of one endpoint, for its health check and the console. Thread-safe. */
public final class CallTraffic {

    private final Clock clock;
    private final LongAdder calls = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private final ReentrantLock failing = new ReentrantLock();
    private volatile Outage outage = Outage.NONE;
    private volatile @Nullable ErrorCode lastError;

    /** @param clock dates the failures */
    public CallTraffic(Clock clock) {
        this.clock = clock;
    }

    /**
     * Calls that failed one after the other because the other side could not be reached or did not answer properly.
     *
     * @param inARow how many; 0 if the last one got an answer
     * @param code the code of the last of them; null if there is none
     * @param at when the last of them failed; null if there is none
     */
    public record Outage(
            int inARow, @Nullable ErrorCode code, @Nullable Instant at) {
        static final Outage NONE = new Outage(0, null, null);
    }

    /** A call got its answer, or the beginning of it. */
    public void succeeded() {
        calls.increment();
        if (outage.inARow() > 0) {
            outage = Outage.NONE;
        }
    }

    /** A call failed. Only what the other side did makes an outage: a caller's mistake or lack of a key is not one. */
    public void failed(RuntimeException e) {
        calls.increment();
        failures.increment();
        if (!(e instanceof InvokeException known)) {
            return;
        }
        lastError = known.code();
        if (otherSide(known)) {
            lengthenOutage(known.code());
        }
    }

    private void lengthenOutage(ErrorCode code) {
        failing.lock();
        try {
            outage = new Outage(outage.inARow() + 1, code, clock.instant());
        } finally {
            failing.unlock();
        }
    }

    /** How many calls were made. */
    public long calls() {
        return calls.sum();
    }

    /** How many of them failed. */
    public long failures() {
        return failures.sum();
    }

    /** The code of the last failure; null if there was none. */
    public @Nullable ErrorCode lastError() {
        return lastError;
    }

    /** The failures since the last answer. */
    public Outage outage() {
        return outage;
    }

    // what a tool could not do says nothing of whether it can be reached
    private static boolean otherSide(InvokeException e) {
        return e.code() != ErrorCode.CANCELLED
                && e.code() != ErrorCode.TOOL_INVOKE_ERROR
                && (e instanceof UnavailableException
                        || e instanceof InvokeTimeoutException
                        || e instanceof ProtocolException);
    }
}
