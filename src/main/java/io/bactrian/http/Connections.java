package io.bactrian.http;

import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;

/** Ends connections. */
final class Connections {

    private Connections() {}

    /**
     * Ends a connection at once, with whatever is still to be written to it. Vert.x's own close waits until that is written:
     * for a client that does not read, until the connection has been idle for as long as it may.
     */
    static void cut(HttpConnection connection) {
        if (connection instanceof ConnectionBase open) {
            open.channelHandlerContext().close();
        } else {
            connection.close();
        }
    }
}
