package io.bactrian.server;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What is set unless {@code config/application.properties} or the environment says otherwise. */
final class ServerDefaults {

    private ServerDefaults() {}

    static Map<String, String> of(ServerOptions options) {
        Map<String, String> defaults = new LinkedHashMap<>(options.home().settings());
        camel(defaults, options);
        management(defaults, options);
        egress(defaults, options);
        return defaults;
    }

    private static void camel(Map<String, String> defaults, ServerOptions options) {
        Home home = options.home();
        defaults.put("camel.main.name", "bactrian");
        defaults.put("camel.main.routesIncludePattern", "file:" + home.root().resolve("routes") + "/*.yaml");
        defaults.put(
                "camel.component.kamelet.location",
                "classpath:kamelets,file:" + home.root().resolve("kamelets"));
        // how long open streams may go on when the process is told to stop (CRASH-03)
        defaults.put("camel.main.shutdownTimeout", "20");
        defaults.put("camel.main.shutdownLogInflightExchangesOnTimeout", "false");
        defaults.put("camel.main.startupSummaryLevel", "Oneline");
        // the HTTP server is ours
        defaults.put("camel.server.enabled", "false");
    }

    // no call goes out and comes back in, also where the operator has allowed localhost (SSRF-19)
    private static void egress(Map<String, String> defaults, ServerOptions options) {
        List<String> own = new ArrayList<>();
        for (int port : new int[] {options.port(), options.managementPort()}) {
            if (port > 0) {
                own.add("127.0.0.1:" + port);
                own.add("[::1]:" + port);
            }
        }
        if (!own.isEmpty()) {
            defaults.put("bactrian.egress.own-addresses", String.join(",", own));
        }
    }

    private static void management(Map<String, String> defaults, ServerOptions options) {
        defaults.put("camel.health.enabled", "true");
        defaults.put("camel.metrics.enabled", "true");
        defaults.put("camel.metrics.path", "/metrics");
        // tags by endpoint URI, and its keys differ from meter to meter, which Prometheus refuses
        defaults.put("camel.metrics.enableExchangeEventNotifier", "false");
        if (options.managementPort() < 0) {
            return;
        }
        defaults.put("camel.management.enabled", "true");
        // without it, the port is open to all of the network
        defaults.put("camel.management.host", "127.0.0.1");
        defaults.put("camel.management.port", Integer.toString(options.managementPort()));
        defaults.put("camel.management.healthCheckEnabled", "true");
        defaults.put("camel.management.healthPath", "/health");
        defaults.put("camel.management.metricsEnabled", "true");
        defaults.put("camel.management.devConsoleEnabled", Boolean.toString(options.dev()));
    }
}
