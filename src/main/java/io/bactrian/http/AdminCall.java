package io.bactrian.http;

import io.bactrian.core.access.Actor;
import io.bactrian.core.tenant.RequestId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A request to the administration, as it came in, in an exchange property. Its handlers take all they need from here: message
 * headers mix what came as header, as parameter and in the path (HDR-02), and a message body is shown by tracers, which must not
 * show the credentials that these bodies hold.
 */
public final class AdminCall {

    /** The exchange property that holds it. */
    public static final String PROPERTY = "BactrianAdminCall";

    private final Actor actor;
    private final RequestId requestId;
    private final Map<String, String> path;
    private final Map<String, List<String>> query;
    private final Map<String, List<String>> conditions;
    private final String body;

    /**
     * @param actor whose request it is
     * @param requestId the id of the request
     * @param path the variables of the path, decoded once
     * @param query the parameters behind the question mark, decoded once
     * @param conditions {@code If-Match} and {@code If-None-Match}, in lower case, if there are any
     * @param body the body as text; empty for none
     */
    AdminCall(
            Actor actor,
            RequestId requestId,
            Map<String, String> path,
            Map<String, List<String>> query,
            Map<String, List<String>> conditions,
            String body) {
        this.actor = actor;
        this.requestId = requestId;
        this.path = Map.copyOf(path);
        this.query = Map.copyOf(query);
        this.conditions = Map.copyOf(conditions);
        this.body = body;
    }

    /** Whose request it is. */
    public Actor actor() {
        return actor;
    }

    /** The id of the request. */
    public RequestId requestId() {
        return requestId;
    }

    /** A variable of the path. */
    public @Nullable String variable(String name) {
        return path.get(name);
    }

    /** The parameters behind the question mark. */
    public Map<String, List<String>> query() {
        return query;
    }

    /** The condition of that name, in lower case, with several headers joined by commas (RFC 9110, 5.3). */
    public Optional<String> condition(String name) {
        return Optional.ofNullable(conditions.get(name)).map(values -> String.join(",", values));
    }

    /** The body as text; empty for none. May hold secrets. */
    public String body() {
        return body;
    }

    /** Without what came in. */
    @Override
    public String toString() {
        return "AdminCall[" + requestId + "]";
    }
}
