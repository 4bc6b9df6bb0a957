package io.bactrian.http;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.MisconfiguredException;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one rule of which names from outside become message headers. Headers need to be on a list; query parameters, path
 * variables and form fields must not be names that mean something to Camel, to HTTP or to us. Names are compared in
 * lower case of {@link Locale#ROOT}: Camel's own filters were passed by other cases (CVE-2025-27636), by query
 * parameters (CVE-2025-29891) and in a Turkish locale (HDR-01..04).
 */
final class InboundNames {

    private static final Logger LOG = LoggerFactory.getLogger(InboundNames.class);
    private static final int LONGEST_NAME = 128;
    private static final int MOST_WARNINGS = 100;

    private static final Set<String> HEADERS = Set.of(
            "accept",
            "accept-charset",
            "accept-encoding",
            "accept-language",
            "content-encoding",
            "content-language",
            "content-length",
            "content-type",
            "date",
            "if-match",
            "if-modified-since",
            "if-none-match",
            "if-range",
            "if-unmodified-since",
            "idempotency-key",
            "prefer",
            "range",
            "traceparent",
            "tracestate",
            "user-agent");

    private static final Set<String> NEVER = Set.of(
            "authorization",
            "baggage",
            "breadcrumbid",
            "connection",
            "cookie",
            "expect",
            "forwarded",
            "from",
            "host",
            "http2-settings",
            "keep-alive",
            "location",
            // joins a saga that somebody else has begun (CVE-2026-85312)
            "long-running-action",
            "origin",
            "referer",
            "set-cookie",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "via",
            "x-api-key",
            "x-real-ip");

    private static final String[] NEVER_PREFIXES = {
        "camel", "org.apache.camel", "bactrian", "x-bactrian", "proxy-", "x-forwarded-", "x-original-", "otel_", "sec-",
    };

    private final Set<String> headers;
    private final Set<String> warned = ConcurrentHashMap.newKeySet();

    /**
     * @param more names of headers to be let in beyond the usual ones
     * @throws MisconfiguredException if one of them may never be
     */
    InboundNames(Set<String> more) {
        Set<String> all = new HashSet<>(HEADERS);
        for (String name : more) {
            String lower = name.toLowerCase(Locale.ROOT);
            if (!plain(lower) || never(lower)) {
                throw new MisconfiguredException(
                        ErrorCode.MISCONFIGURED,
                        "bactrian.http.headers must not list '" + printable(name)
                                + "': it carries identity, credentials or control");
            }
            all.add(lower);
        }
        headers = Set.copyOf(all);
    }

    /** Whether a request header becomes a message header. */
    boolean header(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        boolean admitted = plain(lower) && headers.contains(lower);
        if (!admitted) {
            warnOfControl(lower);
        }
        return admitted;
    }

    /** Whether a query parameter, path variable or form field becomes a message header. */
    boolean parameter(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        boolean admitted = plain(lower) && !never(lower) && !HEADERS.contains(lower);
        if (!admitted) {
            warnOfControl(lower);
        }
        return admitted;
    }

    private static boolean never(String lower) {
        if (NEVER.contains(lower)) {
            return true;
        }
        for (String prefix : NEVER_PREFIXES) {
            if (lower.startsWith(prefix)) {
                return true;
            }
        }
        return false;
    }

    // letters outside ASCII may fold to ASCII ones where a map ignores case
    private static boolean plain(String lower) {
        return !lower.isEmpty()
                && lower.length() <= LONGEST_NAME
                && lower.chars().allMatch(c -> c > ' ' && c < 0x7f);
    }

    // somebody tries to steer from outside: worth a line, once per name, without the value (HDR-07)
    private void warnOfControl(String lower) {
        boolean control = lower.startsWith("camel")
                || lower.startsWith("org.apache.camel")
                || lower.startsWith("bactrian")
                || lower.startsWith("x-bactrian");
        if (control && warned.size() < MOST_WARNINGS && warned.add(lower)) {
            LOG.warn(
                    "ignored '{}' in a request: tenant, provider, model and credential are not chosen by headers or"
                            + " parameters",
                    printable(lower));
        }
    }

    private static String printable(String name) {
        StringBuilder shown = new StringBuilder();
        name.chars().limit(64).forEach(c -> shown.append(c > ' ' && c < 0x7f ? (char) c : '?'));
        return shown.toString();
    }
}
