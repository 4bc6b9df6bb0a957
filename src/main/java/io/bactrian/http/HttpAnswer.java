package io.bactrian.http;

import io.vertx.core.http.HttpServerResponse;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A whole answer on a message body, written as it is: Camel's header filter would take {@code Cache-Control} out, and would let
 * headers of the message in.
 */
public final class HttpAnswer {

    private final int status;
    private final Map<String, String> headers;
    private final @Nullable String body;

    /**
     * @param status the HTTP status
     * @param headers the headers beside those of every answer
     * @param body the body; null for none
     */
    public HttpAnswer(int status, Map<String, String> headers, @Nullable String body) {
        this.status = status;
        this.headers = Map.copyOf(headers);
        this.body = body;
    }

    void send(HttpServerResponse response) {
        if (response.ended() || response.closed() || response.headWritten()) {
            return;
        }
        response.setStatusCode(status);
        headers.forEach(response::putHeader);
        if (body == null) {
            response.end();
        } else {
            response.end(body);
        }
    }

    /** Without the body, which may be the one sight of a new key. */
    @Override
    public String toString() {
        return "HttpAnswer[" + status + "]";
    }
}
