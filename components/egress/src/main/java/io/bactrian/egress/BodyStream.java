package io.bactrian.egress;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.hc.core5.util.TimeValue;

/**
 * The body of an answer as a stream that ends: by its last byte, which gives the connection back, or by an
 * {@link InvokeException}. Pulls, so a slow reader slows the sender. One thread reads; any may close.
 */
final class BodyStream extends InputStream {

    /** What a reader may have left unread for the connection to be kept: the end mark of a chunked body. */
    private static final int MAX_TAIL = 512;

    private final EgressCall call;
    private final InputStream in;
    private final boolean delimited;
    private final TimeValue keepAlive;
    private final long max;
    private final AtomicBoolean reading = new AtomicBoolean();
    private long count;
    private boolean dataResetsIdle;
    private boolean begun;

    BodyStream(EgressCall call, InputStream in, boolean delimited, TimeValue keepAlive) {
        this.call = call;
        this.in = in;
        this.delimited = delimited;
        this.keepAlive = keepAlive;
        this.max = call.limits().maxResponseBytes();
    }

    /** From now on only {@link #progress()} restarts the clock between bytes. */
    void dataResetsIdle() {
        dataResetsIdle = true;
    }

    /** Restarts the clock between bytes. */
    void progress() {
        begun = true;
        call.clock().start(call.limits().idle(), ErrorCode.TIMEOUT_IDLE);
    }

    @Override
    public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) {
        if (length == 0) {
            return 0;
        }
        if (!reading.compareAndSet(false, true)) {
            throw new IllegalStateException("one thread reads an answer");
        }
        try {
            Ending ending = call.ending();
            return ending == null ? receive(bytes, offset, length) : afterEnd(ending);
        } finally {
            reading.set(false);
        }
    }

    private int afterEnd(Ending ending) {
        if (ending == Ending.COMPLETED) {
            return -1;
        }
        throw Failures.ended(ending, call.host());
    }

    private int receive(byte[] bytes, int offset, int length) {
        if (begun && !dataResetsIdle) {
            progress();
        }
        try {
            int received = in.read(bytes, offset, length);
            if (received < 0) {
                finish();
                return -1;
            }
            count += received;
            if (count > max) {
                throw Failures.bodyTooLarge(call.host(), max);
            }
            begun = true;
            return received;
        } catch (IOException broken) {
            throw call.failed(failure(broken));
        } catch (InvokeException refused) {
            throw call.failed(refused);
        }
    }

    private void finish() {
        // a body whose end is marked does not end with the connection (STR-02)
        if (delimited && call.clock().endSeen()) {
            throw Failures.truncated(call.host(), null);
        }
        call.complete(delimited ? keepAlive : TimeValue.ZERO_MILLISECONDS);
    }

    private InvokeException failure(IOException broken) {
        ErrorCode tripped = call.clock().tripped();
        if (tripped != null) {
            return Failures.timeout(tripped, call.host());
        }
        if (Thread.currentThread().isInterrupted()) {
            return EgressCall.interrupted();
        }
        return Failures.inBody(call.host(), broken, call.clock().endSeen());
    }

    @Override
    public int available() {
        try {
            return call.ended() ? 0 : in.available();
        } catch (IOException broken) {
            return 0;
        }
    }

    /**
     * Ends the call. If only the end mark is left, and it is there, the connection is kept; nothing is ever waited for:
     * draining the rest of a live stream takes as long as the stream.
     */
    @Override
    public void close() {
        if (call.ended()) {
            return;
        }
        if (delimited && reading.compareAndSet(false, true)) {
            try {
                takeEndMark();
            } finally {
                reading.set(false);
            }
        }
        call.end(Ending.CLOSED);
    }

    private void takeEndMark() {
        call.clock().withoutWaiting(true);
        try {
            byte[] tail = new byte[MAX_TAIL];
            for (int read = 0; read < MAX_TAIL; ) {
                int received = in.read(tail, 0, MAX_TAIL - read);
                if (received < 0) {
                    finish();
                    return;
                }
                read += received;
            }
        } catch (IOException | InvokeException notThere) {
            call.end(Ending.CLOSED);
        } finally {
            call.clock().withoutWaiting(false);
        }
    }
}
