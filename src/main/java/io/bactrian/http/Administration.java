package io.bactrian.http;

import io.bactrian.core.credential.Secret;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The administration over HTTP: who is let at it beside API keys, and what it says of itself.
 *
 * @param operatorToken lets whoever runs the installation in
 * @param document the description that {@value #DOCUMENT} answers with, in JSON; made when it is first asked for
 * @param methods which methods a path of the administration takes; none for a path that is not served
 */
public record Administration(Secret operatorToken, Supplier<String> document, Function<String, Set<String>> methods) {

    /** Where the description is had, by anybody. */
    public static final String DOCUMENT = "/openapi.json";

    /** The largest body of a request, in bytes. */
    public static final int MAX_BODY = 64 * 1024;

    private static final String ROOT = "/admin";

    /** Whether a path is one of the administration: as the router compares paths, and so with their case. */
    static boolean covers(String normalizedPath) {
        return normalizedPath.equals(ROOT) || normalizedPath.startsWith(ROOT + "/");
    }

    @Override
    public String toString() {
        return "Administration";
    }
}
