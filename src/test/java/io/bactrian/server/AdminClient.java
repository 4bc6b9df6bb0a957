package io.bactrian.server;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Optional;

/** Asks the administration of a running server, as a program of its users would. */
final class AdminClient {

    private static final HttpClient CLIENT = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(20))
            .build();

    private final int port;
    private final String key;

    private AdminClient(int port, String key) {
        this.port = port;
        this.key = key;
    }

    /** Whoever runs the installation. */
    static AdminClient operator(BactrianServer server, TestHome home) throws Exception {
        return new AdminClient(
                server.port(),
                Files.readString(home.home().data().resolve("keys/operator.token"))
                        .strip());
    }

    /** Somebody with a key; an empty one is none. */
    AdminClient as(String other) {
        return new AdminClient(port, other);
    }

    String key() {
        return key;
    }

    /** An answer. */
    record Answer(int status, HttpResponse<String> response) {

        String body() {
            return response.body();
        }

        JsonObject json() {
            return new JsonObject(body());
        }

        JsonArray data() {
            return json().getJsonArray("data");
        }

        Optional<String> header(String name) {
            return response.headers().firstValue(name);
        }

        String tag() {
            return header("ETag").orElseThrow();
        }

        /** The code of an error. */
        String code() {
            return json().getJsonObject("error").getString("code");
        }

        /** Headers and body. */
        String text() {
            return response.headers().map() + body();
        }
    }

    Answer get(String path, String... headers) throws Exception {
        return send("GET", path, null, headers);
    }

    Answer post(String path, JsonObject body, String... headers) throws Exception {
        return send("POST", path, body.encode(), headers);
    }

    Answer put(String path, JsonObject body, String... headers) throws Exception {
        return send("PUT", path, body.encode(), headers);
    }

    Answer patch(String path, JsonObject body, String... headers) throws Exception {
        return send("PATCH", path, body.encode(), headers);
    }

    Answer delete(String path, String... headers) throws Exception {
        return send("DELETE", path, null, headers);
    }

    /** A request; a body is in JSON unless a header says otherwise. */
    Answer send(String method, String path, String body, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(60))
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        if (!key.isEmpty()) {
            request.setHeader("Authorization", "Bearer " + key);
        }
        if (body != null) {
            request.setHeader("Content-Type", "application/json");
        }
        for (int i = 0; i < headers.length; i += 2) {
            request.setHeader(headers[i], headers[i + 1]);
        }
        HttpResponse<String> response = CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
        return new Answer(response.statusCode(), response);
    }
}
