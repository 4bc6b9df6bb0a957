package io.bactrian.egress;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.error.MisconfiguredException;
import io.bactrian.core.error.ProtocolException;
import java.io.IOException;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLContext;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.io.HttpClientConnectionManager;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.HostnameVerificationPolicy;
import org.apache.hc.client5.http.ssl.HttpsSupport;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.pool.PoolConcurrencyPolicy;
import org.apache.hc.core5.pool.PoolReusePolicy;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * The client that every call leaves through: blocking, HTTP/1.1, one pool of connections for one policy, so that a
 * connection which one policy allowed never serves another (B2.3). It has no cookies, no automatic redirects or
 * repetitions, no decompression, no remembered authentication, and does not look at the environment's proxies.
 */
public final class EgressClient implements AutoCloseable {

    static final int MAX_BUFFER = 65_536;

    private final EgressPolicy policy;
    private final LongSupplier nanoTime;
    private final PoolingHttpClientConnectionManager connections;
    private final NameService names;
    private final Watchdog watchdog;
    private final TimeValue keepAlive;

    private EgressClient(Builder builder) {
        this.policy = builder.policy;
        this.nanoTime = builder.nanoTime;
        this.keepAlive = TimeValue.of(builder.keepAlive);
        this.names = new NameService(builder.resolver, nanoTime);
        GuardedOperator operator = new GuardedOperator(
                new AddressGuard(policy, names),
                new DefaultClientTlsStrategy(
                        builder.sslContext(),
                        HostnameVerificationPolicy.BOTH,
                        HttpsSupport.getDefaultHostnameVerifier()),
                CallClock.nanos(builder.dnsTimeout),
                nanoTime);
        Http1Config http = Http1Config.custom()
                .setBufferSize(builder.bufferSize)
                // HttpClient refuses at the number itself
                .setMaxHeaderCount(EgressLimits.HEADERS_CEILING + 1)
                .setMaxLineLength(EgressLimits.HEADER_LINE_CEILING)
                .build();
        this.connections = new PoolingHttpClientConnectionManager(
                operator,
                PoolConcurrencyPolicy.STRICT,
                PoolReusePolicy.LIFO,
                TimeValue.of(builder.timeToLive),
                socket -> new GuardedConnection(http));
        connections.setDefaultConnectionConfig(ConnectionConfig.custom()
                .setValidateAfterInactivity(TimeValue.ofSeconds(1))
                // for clients that share the pool; our own calls bring their limits
                .setConnectTimeout(Timeout.of(EgressLimits.DEFAULT.connect()))
                .build());
        connections.setDefaultMaxPerRoute(builder.maxPerHost);
        connections.setMaxTotal(builder.maxTotal);
        this.watchdog = new Watchdog(connections);
    }

    /** A client with the default sizes. */
    public static EgressClient of(EgressPolicy policy) {
        return builder(policy).build();
    }

    /** A client to be set up. */
    public static Builder builder(EgressPolicy policy) {
        return new Builder(policy);
    }

    /** What may be called. */
    public EgressPolicy policy() {
        return policy;
    }

    /**
     * The pool, for a client that writes its own requests (such as camel-http): its connections are checked and pinned all the
     * same. It stays this client's: share it, do not close it; redirects and repetitions are to be off there too.
     */
    public HttpClientConnectionManager connectionManager() {
        return connections;
    }

    /**
     * Sends a request and waits for the head of the answer. Whoever gets the answer closes it.
     *
     * @throws InvokeException {@code EGRESS_DENIED}; {@code NAME_NOT_RESOLVED}, {@code CONNECTION_FAILED}, {@code TLS_FAILED},
     *     {@code OVERLOADED}; {@code TIMEOUT_CONNECT}, {@code TIMEOUT_FIRST_BYTE}, {@code TIMEOUT_FIRST_TOKEN}, {@code DEADLINE_EXCEEDED}; {@code
     *     PROTOCOL_ERROR}, {@code RESPONSE_TOO_LARGE}; {@code CANCELLED}
     */
    public EgressResponse send(EgressRequest request) {
        EgressRequest current = request;
        for (int hop = 0; ; hop++) {
            EgressResponse response = exchange(current);
            int max = request.limits().maxRedirects();
            if (max == 0) {
                return response;
            }
            Optional<EgressRequest> next = follow(current, response);
            if (next.isEmpty()) {
                return response;
            }
            response.close();
            if (hop == max) {
                throw new ProtocolException(
                        ErrorCode.PROTOCOL_ERROR,
                        request.target().host() + " redirects more than " + max + " times (limit: maxRedirects)");
            }
            current = next.get();
        }
    }

    private static Optional<EgressRequest> follow(EgressRequest request, EgressResponse response) {
        try {
            return Redirects.next(request, response);
        } catch (InvokeException refused) {
            response.close();
            throw refused;
        }
    }

    private EgressResponse exchange(EgressRequest request) {
        policy.check(request.target());
        EgressCall call = new EgressCall(connections, watchdog, request, nanoTime);
        RequestMessage message = new RequestMessage(request);
        ClassicHttpResponse head = call.send(message);
        ResponseHeaders headers = new ResponseHeaders(head.getHeaders());
        call.checkHead(headers);
        try {
            return new EgressResponse(call, head, headers, KeepAlive.of(message, head, keepAlive));
        } catch (IOException broken) {
            throw call.failed(Failures.beforeHead(call.host(), broken));
        }
    }

    /** Ends all calls and closes all connections. */
    @Override
    public void close() {
        watchdog.close();
        connections.close(CloseMode.IMMEDIATE);
        names.close();
    }

    @Override
    public String toString() {
        return "EgressClient[" + policy + "]";
    }

    /** A client being set up. */
    public static final class Builder {

        private final EgressPolicy policy;
        private NameResolver resolver = NameResolver.system();
        private LongSupplier nanoTime = System::nanoTime;
        private @Nullable SSLContext sslContext;
        private int bufferSize = 1_024;
        private int maxPerHost = 1_000;
        private int maxTotal = 20_000;
        private Duration keepAlive = Duration.ofSeconds(30);
        private Duration timeToLive = Duration.ofMinutes(10);
        private Duration dnsTimeout = Duration.ofSeconds(5);

        private Builder(EgressPolicy policy) {
            this.policy = policy;
        }

        /** Who looks up names. */
        public Builder resolver(NameResolver nameResolver) {
            this.resolver = nameResolver;
            return this;
        }

        /** A monotonic clock in nanoseconds. */
        public Builder nanoTime(LongSupplier clock) {
            this.nanoTime = clock;
            return this;
        }

        /** Whom to trust, and the client's own certificates; without it whom the JVM trusts. Host names are checked in any case. */
        public Builder sslContext(SSLContext context) {
            this.sslContext = context;
            return this;
        }

        /** The size of each connection's buffers, from 512 to {@value EgressClient#MAX_BUFFER}: what an open stream costs most. */
        public Builder bufferSize(int bytes) {
            if (bytes < 512 || bytes > MAX_BUFFER) {
                throw new IllegalArgumentException("a buffer is from 512 to " + MAX_BUFFER + " bytes");
            }
            this.bufferSize = bytes;
            return this;
        }

        /** How many connections at most, to one host and in all. */
        public Builder maxConnections(int perHost, int total) {
            this.maxPerHost = perHost;
            this.maxTotal = total;
            return this;
        }

        /** How long an idle connection is kept; the other side's own word, if shorter, counts. */
        public Builder keepAlive(Duration idle) {
            this.keepAlive = idle;
            return this;
        }

        /** How long any connection is used: at its end the name is resolved and checked anew. */
        public Builder timeToLive(Duration life) {
            this.timeToLive = life;
            return this;
        }

        /** How long a name may take to resolve. */
        public Builder dnsTimeout(Duration limit) {
            this.dnsTimeout = limit;
            return this;
        }

        /** The client. */
        public EgressClient build() {
            return new EgressClient(this);
        }

        private SSLContext sslContext() {
            SSLContext chosen = sslContext;
            if (chosen != null) {
                return chosen;
            }
            try {
                return SSLContext.getDefault();
            } catch (NoSuchAlgorithmException none) {
                throw new MisconfiguredException(
                        ErrorCode.MISCONFIGURED, "This JVM has no usable trust store (javax.net.ssl.trustStore)");
            }
        }
    }
}
