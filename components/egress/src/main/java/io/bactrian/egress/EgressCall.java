package io.bactrian.egress;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.error.ProtocolException;
import io.bactrian.core.error.UnavailableException;
import io.bactrian.core.tenant.Deadline;
import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.apache.hc.client5.http.impl.ConnectionHolder;
import org.apache.hc.client5.http.io.ConnectionEndpoint;
import org.apache.hc.client5.http.io.HttpClientConnectionManager;
import org.apache.hc.client5.http.io.LeaseRequest;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpConnection;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.impl.io.HttpRequestExecutor;
import org.apache.hc.core5.http.io.HttpClientConnection;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * One exchange: it leases a connection, has it connected, sends, and holds it until the answer is read, or cut. It ends
 * exactly once, from whatever thread, and the first to end it decides how; whoever blocks in its socket then wakes.
 */
final class EgressCall {

    private static final String ID = "egress";
    private static final int MAX_INFORMATIONAL = 16;
    private static final HttpRequestExecutor EXECUTOR = new HttpRequestExecutor();

    private final HttpClientConnectionManager connections;
    private final Watchdog watchdog;
    // not the request: its body would be kept for as long as a stream
    private final EgressTarget target;
    private final Deadline deadline;
    private final EgressLimits limits;
    private final @Nullable Cancellation cancellation;
    private final CallClock clock;
    private final AtomicReference<@Nullable Ending> ending = new AtomicReference<>();
    private volatile @Nullable LeaseRequest lease;
    private volatile @Nullable ConnectionEndpoint endpoint;
    private volatile boolean answering;
    private @Nullable GuardedConnection connection;
    private int informational;

    EgressCall(
            HttpClientConnectionManager connections, Watchdog watchdog, EgressRequest request, LongSupplier nanoTime) {
        this.connections = connections;
        this.watchdog = watchdog;
        this.target = request.target();
        this.deadline = request.deadline();
        this.limits = request.limits();
        this.cancellation = request.cancellation();
        this.clock = new CallClock(request.deadline(), request.firstToken(), nanoTime);
    }

    Deadline deadline() {
        return deadline;
    }

    EgressLimits limits() {
        return limits;
    }

    CallClock clock() {
        return clock;
    }

    String host() {
        return target.host();
    }

    boolean ended() {
        return ending.get() != null;
    }

    @Nullable
    Ending ending() {
        return ending.get();
    }

    /** Sends the request and waits for the head of the answer. */
    ClassicHttpResponse send(ClassicHttpRequest message) {
        watchdog.add(this);
        if (cancellation != null) {
            cancellation.attach(this);
        }
        try {
            CallContext context = new CallContext(this);
            ConnectionEndpoint leased = connect(context);
            return leased.execute(ID, message, EgressCall::exchange, context);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw failed(interrupted());
        } catch (InvokeException typed) {
            throw failed(typed);
        } catch (IOException | HttpException | RuntimeException broken) {
            throw failed(headFailure(broken));
        } catch (Error error) {
            end(Ending.FAILED);
            throw error;
        }
    }

    private ConnectionEndpoint connect(CallContext context) throws IOException, InterruptedException {
        clock.start(limits().connect(), ErrorCode.TIMEOUT_CONNECT);
        ConnectionEndpoint leased = lease();
        endpoint = leased;
        if (ended()) {
            // the other thread may have come before there was anything to close
            discard(leased);
            throw Failures.ended(Ending.CANCELLED, host());
        }
        GuardedConnection pooled = pooled(leased);
        if (pooled != null && pooled.hasStrayBytes(clock)) {
            leased.close(CloseMode.IMMEDIATE);
        }
        if (!leased.isConnected()) {
            connections.connect(leased, null, context);
        }
        return leased;
    }

    private ConnectionEndpoint lease() throws InterruptedException {
        Timeout wait = Timeout.ofMilliseconds(Math.max(1, CallClock.millis(clock.remainingNanos())));
        LeaseRequest asked = connections.lease(ID, target.route(), wait, null);
        lease = asked;
        try {
            return asked.get(wait);
        } catch (TimeoutException | ExecutionException none) {
            ErrorCode late = clock.late();
            if (late != null) {
                throw Failures.timeout(late, host());
            }
            throw new UnavailableException(
                    ErrorCode.OVERLOADED,
                    "All connections to " + host() + " are in use (setting bactrian.egress.max-connections-per-host)");
        }
    }

    private static @Nullable GuardedConnection pooled(ConnectionEndpoint leased) {
        return leased.isConnected()
                        && leased instanceof ConnectionHolder holder
                        && holder.get() instanceof GuardedConnection guarded
                ? guarded
                : null;
    }

    private static ClassicHttpResponse exchange(
            ClassicHttpRequest message, HttpClientConnection connection, HttpContext context)
            throws IOException, HttpException {
        EgressCall call = ((CallContext) context).call();
        GuardedConnection guarded = (GuardedConnection) connection;
        call.connection = guarded;
        guarded.clock(call.clock);
        call.clock.startAtNextRead(call.limits().firstByte(), ErrorCode.TIMEOUT_FIRST_BYTE);
        // the buffer may take the beginning of the body along
        call.clock.budget((long) call.limits().maxHeaderBytes() + EgressClient.MAX_BUFFER);
        ClassicHttpResponse response = EXECUTOR.execute(message, connection, call::informed, context);
        call.clock.budget(Long.MAX_VALUE);
        call.answering = true;
        return response;
    }

    /** 100, 102 and 103 are passed over; 101 was not asked for, and an endless row of them is an attack (UP-09). */
    private void informed(HttpResponse head, HttpConnection on, HttpContext context) throws HttpException {
        if (head.getCode() == 101 || ++informational > MAX_INFORMATIONAL) {
            throw new HttpException("unexpected " + head.getCode());
        }
    }

    /** Ends the call if the head of the answer is larger than the limits allow. */
    void checkHead(ResponseHeaders headers) {
        if (headers.size() > limits().maxHeaders() || headers.bytes() > limits().maxHeaderBytes()) {
            throw failed(Failures.headTooLarge(host()));
        }
    }

    private InvokeException headFailure(Exception broken) {
        ErrorCode tripped = clock.tripped();
        if (tripped != null) {
            return Failures.timeout(tripped, host());
        }
        if (Thread.currentThread().isInterrupted()) {
            return interrupted();
        }
        return clock.overBudget() ? Failures.headTooLarge(host()) : Failures.beforeHead(host(), broken);
    }

    /** A virtual thread that is interrupted finds its socket closed. */
    static ProtocolException interrupted() {
        return new ProtocolException(ErrorCode.CANCELLED, "The thread of the call was interrupted");
    }

    /** Ends the call as failed, unless it had been ended, which then is the reason. */
    InvokeException failed(InvokeException failure) {
        Ending other = end(Ending.FAILED) ? null : ending.get();
        return other != null && other.fromOutside() ? Failures.ended(other, host()) : failure;
    }

    /**
     * Ends the call: a complete one gives its connection back, any other closes it at once, without waiting for the rest of
     * the answer or a farewell.
     *
     * @return false if it had ended already
     */
    boolean end(Ending how) {
        if (!settle(how)) {
            return false;
        }
        ConnectionEndpoint leased = endpoint;
        LeaseRequest waiting = lease;
        if (leased != null) {
            discard(leased);
        } else if (waiting != null) {
            waiting.cancel();
        }
        return true;
    }

    /** Ends the call as complete; its connection serves others for that long. */
    void complete(TimeValue keepAlive) {
        ConnectionEndpoint leased = endpoint;
        GuardedConnection held = connection;
        if (leased == null || held == null || !TimeValue.isPositive(keepAlive)) {
            end(Ending.COMPLETED);
            return;
        }
        if (settle(Ending.COMPLETED)) {
            held.clock(null);
            connections.release(leased, null, keepAlive);
        }
    }

    private boolean settle(Ending how) {
        if (!ending.compareAndSet(null, how)) {
            return false;
        }
        watchdog.remove(this);
        if (cancellation != null) {
            cancellation.detach(this);
        }
        return true;
    }

    // closed before it is released: released first, the pool would close it politely, and wait
    private void discard(ConnectionEndpoint leased) {
        leased.close(CloseMode.IMMEDIATE);
        connections.release(leased, null, null);
    }

    /**
     * How the call ends because it is late, though nobody waits for its socket; null if it is not. Whoever reads an answer that
     * has begun may do so late: what has arrived by then is in time for the first token.
     */
    @Nullable
    Ending late() {
        ErrorCode late = clock.late();
        if (late == ErrorCode.DEADLINE_EXCEEDED) {
            return Ending.DEADLINE;
        }
        return late == null || answering ? null : Ending.FIRST_TOKEN;
    }
}
