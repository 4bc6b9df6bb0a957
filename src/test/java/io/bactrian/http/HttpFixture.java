package io.bactrian.http;

import io.bactrian.core.config.ApiKeyRecord;
import io.bactrian.core.tenant.AppId;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tenant.UserId;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
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
    private final HttpServerService server;

    /** What a route saw. */
    record Seen(
            Map<String, Object> headers,
            Map<String, Object> properties,
            @Nullable String body) {}

    HttpFixture(HttpSettings settings, RouteBuilder routes) throws Exception {
        this(settings, routes, null);
    }

    HttpFixture(HttpSettings settings, RouteBuilder routes, @Nullable ServedFiles files) throws Exception {
        server = new HttpServerService(settings, key -> Optional.ofNullable(keys.get(key)), files);
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
