package io.bactrian.http;

import io.bactrian.core.credential.Secret;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.MisconfiguredException;
import io.vertx.core.http.impl.HttpServerImpl;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.apache.camel.Service;
import org.apache.camel.component.platform.http.main.DefaultMainHttpServerFactory;
import org.apache.camel.component.platform.http.main.ManagementHttpServer;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpServer;
import org.apache.camel.main.HttpManagementServerConfigurationProperties;

/** Makes Camel's management server, with a gate that stands before anything is served. */
public final class GuardedServerFactory extends DefaultMainHttpServerFactory {

    private final Supplier<Secret> operatorToken;
    private final Supplier<AuthenticationThrottle> throttle;

    /**
     * @param operatorToken the operator's token; asked for when the server starts
     * @param throttle slows guessing at it down; asked for when the server starts
     */
    public GuardedServerFactory(Supplier<Secret> operatorToken, Supplier<AuthenticationThrottle> throttle) {
        this.operatorToken = operatorToken;
        this.throttle = throttle;
    }

    @Override
    public Service newHttpManagementServer(
            CamelContext context, HttpManagementServerConfigurationProperties properties) {
        Service usual = super.newHttpManagementServer(context, properties);
        if (!(usual instanceof ManagementHttpServer server)) {
            throw new IllegalStateException("Camel's management server is of another kind than known");
        }
        return new GuardedManagementServer(server, operatorToken, throttle);
    }

    /** The port that a context's management server listens on; 0 if there is none. */
    public static int managementPort(CamelContext context) {
        VertxPlatformHttpServer server = context.hasService(VertxPlatformHttpServer.class);
        // one that could not listen still names the port it was to have
        return server != null && server.getServer() instanceof HttpServerImpl started && started.isListening()
                ? started.actualPort()
                : 0;
    }

    /** The server that Camel has set up, with the gate. */
    private static final class GuardedManagementServer extends ManagementHttpServer {

        private final Supplier<Secret> operatorToken;
        private final Supplier<AuthenticationThrottle> throttle;

        GuardedManagementServer(
                ManagementHttpServer usual, Supplier<Secret> operatorToken, Supplier<AuthenticationThrottle> throttle) {
            this.operatorToken = operatorToken;
            this.throttle = throttle;
            setCamelContext(usual.getCamelContext());
            setConfiguration(usual.getConfiguration());
            setInfoEnabled(usual.isInfoEnabled());
            setInfoPath(usual.getInfoPath());
            setDevConsoleEnabled(usual.isDevConsoleEnabled());
            setHealthCheckEnabled(usual.isHealthCheckEnabled());
            setHealthPath(usual.getHealthPath());
            setJolokiaEnabled(usual.isJolokiaEnabled());
            setJolokiaPath(usual.getJolokiaPath());
            setMetricsEnabled(usual.isMetricsEnabled());
            setUploadEnabled(usual.isUploadEnabled());
            setUploadSourceDir(usual.getUploadSourceDir());
            setDownloadEnabled(usual.isDownloadEnabled());
            setSendEnabled(usual.isSendEnabled());
        }

        @Override
        protected void setupConsoles() {
            // Camel only logs that the port is taken, and would go on without health
            if (managementPort(getCamelContext()) == 0) {
                throw new MisconfiguredException(
                        ErrorCode.MISCONFIGURED,
                        "cannot listen on " + getHost() + ":" + getPort()
                                + " for health and metrics: the port may be taken; choose another with"
                                + " --management-port, or -1 for none");
            }
            getRouter()
                    .route()
                    .order(Integer.MIN_VALUE)
                    .handler(new ManagementGate(operatorToken.get(), throttle.get()));
            super.setupConsoles();
        }
    }
}
