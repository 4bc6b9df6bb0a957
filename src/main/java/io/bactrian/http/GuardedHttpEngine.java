package io.bactrian.http;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.MisconfiguredException;
import java.time.Clock;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.Processor;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.apache.camel.component.platform.http.spi.PlatformHttpConsumer;
import org.apache.camel.component.platform.http.spi.PlatformHttpEngine;
import org.apache.camel.support.service.ServiceSupport;
import org.jspecify.annotations.Nullable;

/** The engine behind {@code platform-http:} endpoints: Vert.x, with what comes in filtered and streams written as they come. */
public final class GuardedHttpEngine extends ServiceSupport implements PlatformHttpEngine, CamelContextAware {

    private final HttpServerService server;
    private final Clock clock;
    private final InboundNames names;
    private @Nullable CamelContext camelContext;

    /**
     * @param server the server that the routes are served by
     * @param clock the time that answers bear
     */
    public GuardedHttpEngine(HttpServerService server, Clock clock) {
        this.server = server;
        this.clock = clock;
        this.names = new InboundNames(server.settings().headers());
    }

    @Override
    public @Nullable CamelContext getCamelContext() {
        return camelContext;
    }

    @Override
    public void setCamelContext(@Nullable CamelContext camelContext) {
        this.camelContext = camelContext;
    }

    @Override
    public PlatformHttpConsumer createConsumer(PlatformHttpEndpoint endpoint, Processor processor) {
        refuseProxyMode(endpoint);
        AnsweringProcessor answering = new AnsweringProcessor(
                processor, new SseWriter(server.streams(), server.settings().slowClient(), clock));
        return new GuardedHttpConsumer(endpoint, answering, names, server.settings());
    }

    /** A path of that name without its slash turns Camel's consumer into an open proxy (CVE-2026-85316). */
    private static void refuseProxyMode(PlatformHttpEndpoint endpoint) {
        if (endpoint.isHttpProxy()) {
            throw new MisconfiguredException(
                    ErrorCode.MISCONFIGURED,
                    "platform-http:proxy would make the server an open proxy: begin the path with a slash");
        }
    }

    @Override
    public int getServerPort() {
        return server.port();
    }
}
