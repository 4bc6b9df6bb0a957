package io.bactrian.egress;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.tenant.Deadline;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.Locale;
import java.util.function.LongSupplier;
import org.apache.hc.client5.http.io.HttpClientConnectionOperator;
import org.apache.hc.client5.http.io.ManagedHttpClientConnection;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.net.NamedEndpoint;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * The step that opens connections, for our client and for any other that shares its connection manager. Checks first, in
 * full: a client that follows redirects, or was handed a URL, cannot get around it (SSRF-01). Then connects to the checked
 * addresses, one after the other, within one clock.
 */
final class GuardedOperator implements HttpClientConnectionOperator {

    private static final int MAX_ATTEMPTS = 8;

    private final AddressGuard guard;
    private final TlsSocketStrategy tls;
    private final long dnsNanos;
    private final LongSupplier nanoTime;

    GuardedOperator(AddressGuard guard, TlsSocketStrategy tls, long dnsNanos, LongSupplier nanoTime) {
        this.guard = guard;
        this.tls = tls;
        this.dnsNanos = dnsNanos;
        this.nanoTime = nanoTime;
    }

    @Override
    public void connect(
            ManagedHttpClientConnection conn,
            HttpHost host,
            @Nullable InetSocketAddress localAddress,
            @Nullable TimeValue connectTimeout,
            SocketConfig socketConfig,
            HttpContext context)
            throws IOException {
        Timeout timeout =
                connectTimeout == null ? null : Timeout.of(connectTimeout.getDuration(), connectTimeout.getTimeUnit());
        connect(conn, host, null, localAddress, timeout, socketConfig, null, context);
    }

    @Override
    public void connect(
            ManagedHttpClientConnection conn,
            HttpHost endpointHost,
            @Nullable NamedEndpoint endpointName,
            @Nullable InetSocketAddress localAddress,
            @Nullable Timeout connectTimeout,
            SocketConfig socketConfig,
            @Nullable Object attachment,
            HttpContext context)
            throws IOException {
        Attempt attempt = attempt(context, connectTimeout);
        String host = endpointHost.getHostName().toLowerCase(Locale.ROOT);
        boolean https = "https".equalsIgnoreCase(endpointHost.getSchemeName());
        int port = endpointHost.getPort() > 0 ? endpointHost.getPort() : EgressTarget.defaultPort(https);
        long nanos = Math.min(dnsNanos, attempt.clock().nanosForAll());
        AddressGuard.Route route = guard.route(host, port, https, nanos, attempt::givenUp);
        try {
            ClockedSocket socket = open(conn, route, host, attempt);
            socket.clock(attempt.clock());
            if (route.tunnelTo() != null) {
                Tunnel.open(socket, route.tunnelTo(), host);
            }
            if (https) {
                secure(conn, socket, host, port, attempt, context);
            }
            socket.clock(null);
        } catch (SocketTimeoutException late) {
            ErrorCode code = attempt.clock().tripped();
            throw Failures.timeout(code == null ? ErrorCode.TIMEOUT_CONNECT : code, host);
        }
    }

    @Override
    public void upgrade(ManagedHttpClientConnection conn, HttpHost host, HttpContext context) throws IOException {
        throw new IOException("a connection is secure from the start or not at all");
    }

    private static ClockedSocket open(
            ManagedHttpClientConnection conn, AddressGuard.Route route, String host, Attempt attempt)
            throws IOException {
        attempt.clock().start(attempt.limits().connect(), ErrorCode.TIMEOUT_CONNECT);
        List<InetAddress> addresses = route.addresses();
        int attempts = Math.min(MAX_ATTEMPTS, addresses.size());
        IOException last = null;
        for (int i = 0; i < attempts; i++) {
            long left = attempt.clock().remainingNanos();
            if (left <= 0 || attempt.givenUp()) {
                throw attempt.clock().trip();
            }
            ClockedSocket socket = new ClockedSocket();
            // bound before it connects, so that a cancel reaches it
            conn.bind(socket);
            socket.setTcpNoDelay(true);
            socket.setKeepAlive(true);
            try {
                // a share of the time for each: one dead address among several must not use up all of it
                socket.connect(
                        new InetSocketAddress(addresses.get(i), route.port()), CallClock.millis(left / (attempts - i)));
                return socket;
            } catch (IOException failed) {
                socket.close();
                last = failed;
            }
        }
        if (last instanceof SocketTimeoutException) {
            throw attempt.clock().trip();
        }
        throw Failures.notConnected(host, last);
    }

    private void secure(
            ManagedHttpClientConnection conn,
            ClockedSocket socket,
            String host,
            int port,
            Attempt attempt,
            HttpContext context)
            throws IOException {
        attempt.clock().start(attempt.limits().tls(), ErrorCode.TIMEOUT_CONNECT);
        try {
            conn.bind(tls.upgrade(socket, host, port, null, context), socket);
        } catch (IOException failed) {
            ErrorCode tripped = attempt.clock().tripped();
            if (tripped != null) {
                throw Failures.timeout(tripped, host);
            }
            throw Failures.tls(host, failed);
        }
    }

    private Attempt attempt(HttpContext context, @Nullable Timeout connectTimeout) {
        if (context instanceof CallContext ours) {
            EgressCall call = ours.call();
            return new Attempt(call.limits(), call.clock(), call);
        }
        EgressLimits limits = connectTimeout == null || !Timeout.isPositive(connectTimeout)
                ? EgressLimits.DEFAULT
                : EgressLimits.DEFAULT.withConnect(connectTimeout.toDuration());
        Deadline deadline = Deadline.in(limits.connect().plus(limits.tls()).plusNanos(dnsNanos), nanoTime);
        return new Attempt(limits, new CallClock(deadline, nanoTime), null);
    }

    private record Attempt(
            EgressLimits limits, CallClock clock, @Nullable EgressCall call) {

        boolean givenUp() {
            return call != null && call.ended();
        }
    }
}
