package io.bactrian.egress;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;

/**
 * Cuts calls whose time has passed and that nobody reads: a stuck write, a consumer that went away (STR-07). Reads run
 * into their own clock, exactly; this is for the rest, and looks every {@value #TICK_MILLIS} ms. It also closes
 * connections that have idled too long. Sleeps while there is nothing to watch.
 */
final class Watchdog implements AutoCloseable {

    private static final long TICK_MILLIS = 50;
    private static final long SWEEP_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final Set<EgressCall> calls = ConcurrentHashMap.newKeySet();
    private final PoolingHttpClientConnectionManager connections;
    private final Thread thread;
    private volatile boolean asleep;
    private volatile boolean closed;

    Watchdog(PoolingHttpClientConnectionManager connections) {
        this.connections = connections;
        this.thread = new Thread(this::watch, "bactrian-egress-watchdog");
        thread.setDaemon(true);
        thread.start();
    }

    void add(EgressCall call) {
        calls.add(call);
        if (asleep) {
            asleep = false;
            LockSupport.unpark(thread);
        }
        if (closed) {
            call.end(Ending.CANCELLED);
        }
    }

    void remove(EgressCall call) {
        calls.remove(call);
    }

    int watched() {
        return calls.size();
    }

    private void watch() {
        long swept = System.nanoTime();
        while (!closed) {
            for (EgressCall call : calls) {
                Ending late = call.late();
                if (late != null) {
                    call.end(late);
                }
            }
            long now = System.nanoTime();
            if (now - swept > SWEEP_NANOS) {
                swept = now;
                connections.closeExpired();
                rest();
            }
            LockSupport.parkNanos(this, TimeUnit.MILLISECONDS.toNanos(TICK_MILLIS));
        }
    }

    // every sweep, so at most every five seconds: a busy client never pays for waking this thread
    private void rest() {
        asleep = true;
        while (!closed && asleep && calls.isEmpty()) {
            if (connections.getTotalStats().getAvailable() == 0) {
                LockSupport.park(this);
            } else {
                LockSupport.parkNanos(this, SWEEP_NANOS);
                connections.closeExpired();
            }
        }
        asleep = false;
    }

    /** Ends all calls. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
        calls.forEach(call -> call.end(Ending.CANCELLED));
    }
}
