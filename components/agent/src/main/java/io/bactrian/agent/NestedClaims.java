package io.bactrian.agent;

import io.bactrian.core.tenant.Caller;
import io.bactrian.core.tenant.CallerClaim;
import io.bactrian.core.tenant.RequestId;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** The claims of the calls that a run makes: its caller's, one level deeper, each with an id of its own: ID.1, ID.2 and so on. */
final class NestedClaims {

    private static final int LONGEST_ID = 100;

    private final Caller caller;
    private final String step;
    private final String parent;
    private final AtomicInteger made = new AtomicInteger();
    private final Set<String> ids = ConcurrentHashMap.newKeySet();

    NestedClaims(Caller caller, String agent) {
        this.caller = caller;
        this.step = "agent:" + agent;
        String id = caller.requestId().value();
        this.parent = id.length() > LONGEST_ID ? id.substring(0, LONGEST_ID) : id;
    }

    /** The claim of the next call. */
    CallerClaim next() {
        String id = parent + "." + made.incrementAndGet();
        ids.add(id);
        return caller.nested(step, new RequestId(id));
    }

    /** Whether a call of that id is one of these. */
    boolean made(String id) {
        return ids.contains(id);
    }
}
