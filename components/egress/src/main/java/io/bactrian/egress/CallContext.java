package io.bactrian.egress;

import org.apache.hc.core5.http.protocol.HttpCoreContext;

/** HttpClient's context of an exchange, which knows the call that it belongs to. */
final class CallContext extends HttpCoreContext {

    private final EgressCall call;

    CallContext(EgressCall call) {
        this.call = call;
    }

    EgressCall call() {
        return call;
    }
}
