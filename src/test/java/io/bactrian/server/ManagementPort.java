package io.bactrian.server;

import java.util.Objects;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpServer;

/** Finds the port that a server's management was given. */
final class ManagementPort {

    private ManagementPort() {}

    static int of(BactrianServer server) {
        VertxPlatformHttpServer management =
                Objects.requireNonNull(server.camelContext()).hasService(VertxPlatformHttpServer.class);
        return management.getPort();
    }
}
