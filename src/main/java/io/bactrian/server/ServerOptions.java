package io.bactrian.server;

import java.util.Map;

/**
 * How a server is started.
 *
 * @param home where the installation lies
 * @param port the port of the routes; 0 for any free one
 * @param managementPort the port of health and metrics; -1 for none
 * @param dev whether Camel's profile for development is used, with its console
 * @param settings settings that go before those in files
 */
public record ServerOptions(Home home, int port, int managementPort, boolean dev, Map<String, String> settings) {

    /** Copies the map. */
    public ServerOptions {
        settings = Map.copyOf(settings);
    }
}
