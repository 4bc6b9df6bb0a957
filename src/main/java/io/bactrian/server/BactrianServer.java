package io.bactrian.server;

import io.bactrian.http.GuardedServerFactory;
import java.util.Map;
import java.util.Properties;
import org.apache.camel.CamelContext;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainListenerSupport;
import org.jspecify.annotations.Nullable;

/** The server: camel-main with the engine, the HTTP surface and the routes of an installation. */
public final class BactrianServer implements AutoCloseable {

    private final Main main = new Main();
    private final ServerWiring wiring;

    /** @param options how it is started */
    public BactrianServer(ServerOptions options) {
        wiring = new ServerWiring(options);
        main.setAppName("Bactrian");
        main.setDefaultPropertyPlaceholderLocation(
                "file:" + options.home().config().resolve("application.properties") + ";optional=true");
        main.configure().setProfile(options.dev() ? "dev" : "prod");
        main.setInitialProperties(properties(ServerDefaults.of(options)));
        main.setOverrideProperties(properties(options.settings()));
        main.bind("managementServerFactory", new GuardedServerFactory(wiring::operatorToken, wiring::throttle));
        main.addMainListener(wiring);
    }

    private static Properties properties(Map<String, String> values) {
        Properties properties = new Properties();
        properties.putAll(values);
        return properties;
    }

    /** Starts, and returns when requests are served. */
    public BactrianServer start() throws Exception {
        try {
            main.start();
        } catch (Exception e) {
            // what has started already would keep ports and threads
            close();
            throw e;
        }
        return this;
    }

    /**
     * Starts, and returns when the process was told to stop and has done so.
     *
     * @param started called once requests are served
     * @return the exit code
     */
    public int run(Runnable started) throws Exception {
        main.addMainListener(new MainListenerSupport() {
            @Override
            public void afterStart(BaseMainSupport running) {
                started.run();
            }
        });
        main.run();
        return main.getExitCode();
    }

    /** The port of the routes. */
    public int port() {
        return wiring.port();
    }

    /** The port of health and metrics; 0 if they are not served. */
    public int managementPort() {
        CamelContext context = camelContext();
        return context == null ? 0 : GuardedServerFactory.managementPort(context);
    }

    /** How many streams are being written. */
    public int openStreams() {
        return wiring.openStreams();
    }

    /** The running Camel context; null before the start. */
    public @Nullable CamelContext camelContext() {
        return main.getCamelContext();
    }

    @Override
    public void close() {
        main.stop();
    }
}
