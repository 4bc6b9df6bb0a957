package io.bactrian.egress;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.ProtocolException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Redirects, as we follow them: each hop is parsed and checked like a first call, https is never left for http, what could
 * be a credential stays behind when the authority changes, and so does a body (SSRF-07).
 */
final class Redirects {

    private Redirects() {}

    /** The request that follows the redirect; empty if the answer is none. */
    static Optional<EgressRequest> next(EgressRequest request, EgressResponse response) {
        String location = response.headers().value("location");
        boolean keepBody = response.status() == 307 || response.status() == 308;
        if (location == null || !keepBody && !changesMethod(response.status())) {
            return Optional.empty();
        }
        EgressTarget from = request.target();
        EgressTarget to = resolve(from, location.strip());
        if (from.https() && !to.https()) {
            throw Refusals.of(Refusals.REDIRECT_DOWNGRADE, from.host() + " redirects from https to http");
        }
        if (keepBody && request.body() != null && !from.sameAuthority(to)) {
            throw Refusals.of(
                    Refusals.REDIRECT_BODY, from.host() + " asks to send the body of the request to another host");
        }
        boolean bodiless = "GET".equals(request.method()) || "HEAD".equals(request.method());
        return Optional.of(request.redirected(to, keepBody || bodiless));
    }

    private static boolean changesMethod(int status) {
        return status == 301 || status == 302 || status == 303;
    }

    private static EgressTarget resolve(EgressTarget from, String location) {
        int fragment = location.indexOf('#');
        String target = fragment < 0 ? location : location.substring(0, fragment);
        if (target.startsWith("//")) {
            return EgressTarget.parse(from.scheme() + ':' + target);
        }
        if (target.startsWith("/")) {
            return from.withPath(target);
        }
        if (hasScheme(target)) {
            return EgressTarget.parse(target);
        }
        try {
            URI resolved = new URI(from.pathAndQuery()).resolve(new URI(target));
            @Nullable String query = resolved.getRawQuery();
            return from.withPath(query == null ? resolved.getRawPath() : resolved.getRawPath() + '?' + query);
        } catch (URISyntaxException malformed) {
            throw new ProtocolException(
                    ErrorCode.PROTOCOL_ERROR, from.host() + " redirects to something that is no URL");
        }
    }

    private static boolean hasScheme(String target) {
        int colon = target.indexOf(':');
        int slash = target.indexOf('/');
        return colon >= 0 && (slash < 0 || colon < slash);
    }
}
