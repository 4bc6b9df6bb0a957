package io.bactrian.egress;

import io.bactrian.core.tenant.Deadline;
import io.bactrian.testkit.FaultServer;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;

/** Clients and requests for a server of a test. */
final class Net {

    static final Duration SECOND = Duration.ofSeconds(1);
    static final Duration LONG = Duration.ofSeconds(20);

    /** What ends by a clock of its own has ended by then, also on a busy machine; nothing else of a test has. */
    static final Duration SOON = Duration.ofSeconds(10);

    static final List<InetAddress> LOOPBACK = List.of(loopback());

    private Net() {}

    /** A client that may call the servers, by address. */
    static EgressClient client(FaultServer... servers) {
        return EgressClient.of(allowing(servers).build());
    }

    static EgressPolicy.Builder allowing(FaultServer... servers) {
        EgressPolicy.Builder policy = EgressPolicy.builder();
        for (FaultServer server : servers) {
            policy.allow("127.0.0.1:" + server.port());
        }
        return policy;
    }

    static EgressRequest.Builder get(FaultServer server) {
        return get(server, LONG);
    }

    static EgressRequest.Builder get(FaultServer server, Duration deadline) {
        return EgressRequest.get(EgressTarget.parse(server.url("/x")), Deadline.in(deadline));
    }

    static EgressRequest.Builder post(FaultServer server) {
        return EgressRequest.post(EgressTarget.parse(server.url("/x")), Deadline.in(LONG));
    }

    private static InetAddress loopback() {
        try {
            return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
