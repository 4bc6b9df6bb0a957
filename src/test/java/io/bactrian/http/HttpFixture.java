package io.bactrian.http;

import io.bactrian.core.access.Actor;
import io.bactrian.core.access.Scopes;
import io.bactrian.core.config.ApiKeyRecord;
import io.bactrian.core.tenant.ApiKeyId;
import io.bactrian.core.tenant.AppId;
import io.bactrian.core.tenant.Role;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tenant.UserId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.platform.http.PlatformHttpConstants;
import org.apache.camel.component.platform.http.spi.PlatformHttpEngine;
import org.apache.camel.impl.DefaultCamelContext;
import org.jspecify.annotations.Nullable;

/** A server on a free port, with routes of the test and a handful of API keys. */
final class HttpFixture implements AutoCloseable {

    static final String ACME_KEY = "bac_acme0000000000000000000000000000000000000";

    final DefaultCamelContext context = new DefaultCamelContext();
    final Map<String, ApiKeyRecord> keys = new ConcurrentHashMap<>();
    final LinkedBlockingQueue<Seen> seen = new LinkedBlockingQueue<>();

    /** Who was refused, in order. */
    final LinkedBlockingQueue<String> refused = new LinkedBlockingQueue<>();

    /** The time by which refusals end. */
    final AtomicLong nanos = new AtomicLong(1_000);

    /** Lets tests present as many wrong keys as they like. */
    private static final ThrottleSettings PATIENT =
            new ThrottleSettings(1_000_000, 1_000_000, Duration.ofMinutes(1), Duration.ofMinutes(15), Set.of());

    private final HttpServerService server;

    /** The keys of a map, which may do anything in their tenants. */
    record Keys(Map<String, ApiKeyRecord> byText) implements Authenticator {

        @Override
        public Optional<ApiKeyRecord> authenticate(String presented) {
            return Optional.ofNullable(byText.get(presented));
        }

        @Override
        public Actor.Key actor(ApiKeyRecord key) {
            return new Actor.Key(key.tenant(), new ApiKeyId(key.id()), key.user(), Role.OWNER, Scopes.ALL);
        }
    }

    /** Refuses nobody for wrong keys. */
    static AuthenticationThrottle patience() {
        return new AuthenticationThrottle(PATIENT, (whom, failures, lasting) -> {}, System::nanoTime);
    }

    /** What a route saw. */
    record Seen(
            Map<String, Object> headers,
            Map<String, Object> properties,
            @Nullable String body) {}

    HttpFixture(HttpSettings settings, RouteBuilder routes) throws Exception {
        this(settings, routes, null);
    }

    HttpFixture(HttpSettings settings, RouteBuilder routes, @Nullable ServedFiles files) throws Exception {
        this(settings, routes, files, PATIENT, null);
    }

    HttpFixture(
            HttpSettings settings,
            RouteBuilder routes,
            @Nullable ServedFiles files,
            ThrottleSettings throttle,
            @Nullable Administration administration)
            throws Exception {
        server = new HttpServerService(
                settings,
                new Keys(keys),
                new AuthenticationThrottle(throttle, (whom, failures, lasting) -> refused.add(whom), nanos::get),
                new HttpServerService.Surfaces(files, null, administration));
        keys.put(ACME_KEY, key("acme"));
        context.getRegistry()
                .bind(
                        PlatformHttpConstants.PLATFORM_HTTP_ENGINE_NAME,
                        PlatformHttpEngine.class,
                        new GuardedHttpEngine(server, Clock.systemUTC()));
        context.getRegistry().bind("seen", (org.apache.camel.Processor) this::record);
        context.addService(server, true, true);
        context.addRoutes(routes);
        context.start();
    }

    static HttpFixture of(RouteBuilder routes) throws Exception {
        return new HttpFixture(HttpSettings.onLoopback(0), routes);
    }

    static ApiKeyRecord key(String tenant) {
        return new ApiKeyRecord(
                "ak_" + tenant,
                new TenantId(tenant),
                tenant,
                new UserId("ann"),
                new AppId("site"),
                Instant.EPOCH,
                null);
    }

    private void record(Exchange exchange) {
        // with the message's own rules: names differ by case there or not
        Map<String, Object> headers = new TreeMap<>(exchange.getMessage().getHeaders());
        seen.add(new Seen(
                headers,
                Map.copyOf(exchange.getProperties()),
                exchange.getMessage().getBody(String.class)));
        exchange.getMessage().setBody("served");
    }

    /** What the route saw of the last request. */
    Seen takeSeen() throws InterruptedException {
        Seen last = seen.poll(10, TimeUnit.SECONDS);
        if (last == null) {
            throw new AssertionError("the route saw nothing");
        }
        return last;
    }

    int port() {
        return server.port();
    }

    int downloads() {
        return server.downloads().count();
    }

    OpenStreams streams() {
        return server.streams();
    }

    @Override
    public void close() throws java.io.IOException {
        context.close();
    }
}
