package io.bactrian.egress;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A handle by which another thread ends calls from before their answer has begun: it reaches the socket at once. One
 * handle may be given to several calls; a call that starts after {@link #cancel()} ends right away.
 */
public final class Cancellation {

    private final Set<EgressCall> calls = ConcurrentHashMap.newKeySet();
    private volatile boolean cancelled;

    /** Ends every call that holds this handle, with the code {@code CANCELLED}. */
    public void cancel() {
        cancelled = true;
        calls.forEach(call -> call.end(Ending.CANCELLED));
    }

    /** Whether {@link #cancel()} was called. */
    public boolean cancelled() {
        return cancelled;
    }

    void attach(EgressCall call) {
        calls.add(call);
        // after adding, so that a cancel in between is seen here or there
        if (cancelled) {
            call.end(Ending.CANCELLED);
        }
    }

    void detach(EgressCall call) {
        calls.remove(call);
    }
}
