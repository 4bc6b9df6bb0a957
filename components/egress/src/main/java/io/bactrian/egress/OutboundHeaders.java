package io.bactrian.egress;

import io.bactrian.core.credential.Secret;
import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.MisconfiguredException;
import io.bactrian.core.error.RefusedException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.message.BasicHeader;

/**
 * The headers of a request, in order. Built from scratch for each kind of call, never copied from anywhere. Names are
 * tokens, values are visible ASCII with inner spaces and tabs: what could end a line early is refused, in one place, for
 * every client. Prints names only. Immutable.
 */
public final class OutboundHeaders {

    /** No headers. */
    public static final OutboundHeaders NONE = new OutboundHeaders(new Header[0]);

    /** What frames the message, belongs to the connection, or decides where the call goes (SSRF-11). */
    private static final Set<String> RESERVED = Set.of(
            "host",
            "content-length",
            "transfer-encoding",
            "connection",
            "keep-alive",
            "proxy-connection",
            "proxy-authenticate",
            "proxy-authorization",
            "te",
            "trailer",
            "upgrade",
            "expect",
            "http2-settings",
            "accept-encoding");

    /** All that a redirect to another authority takes along: a tenant's own header may hold a key under any name. */
    private static final Set<String> PUBLIC = Set.of("accept", "accept-language", "content-type", "user-agent");

    private final Header[] headers;

    private OutboundHeaders(Header[] headers) {
        this.headers = headers;
    }

    /** Headers to be set up. */
    public static Builder builder() {
        return new Builder(List.of());
    }

    /** These headers, to be added to. */
    public Builder toBuilder() {
        return new Builder(Arrays.asList(headers));
    }

    /** The names, in order. */
    public List<String> names() {
        return Arrays.stream(headers).map(Header::getName).toList();
    }

    /** Whether a header has that name, in whatever case. */
    public boolean contains(String name) {
        for (Header header : headers) {
            if (header.getName().equalsIgnoreCase(name)) {
                return true;
            }
        }
        return false;
    }

    /** Those that may follow a redirect to another authority. */
    OutboundHeaders withoutCredentials() {
        return new OutboundHeaders(Arrays.stream(headers)
                .filter(header -> !(header instanceof SecretHeader)
                        && PUBLIC.contains(header.getName().toLowerCase(Locale.ROOT)))
                .toArray(Header[]::new));
    }

    /** The headers as the client writes them; not to be changed. */
    Header[] wire() {
        return headers;
    }

    @Override
    public String toString() {
        return "OutboundHeaders" + names();
    }

    static String checkValue(String name, String value) {
        if (!valueAllowed(value)) {
            throw new BadRequestException(
                    ErrorCode.INVALID_PARAM,
                    "The value of the header " + name + " holds a line break, a control or a non-ASCII character");
        }
        return value;
    }

    private static boolean valueAllowed(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c >= 0x7f || c < ' ' && c != '\t') {
                return false;
            }
        }
        // RFC 9110 §5.5: white space around a value is not part of it, so a recipient may read another value than was
        // meant
        return value.isEmpty() || value.charAt(0) > ' ' && value.charAt(value.length() - 1) > ' ';
    }

    /** Headers being set up. */
    public static final class Builder {

        private final List<Header> headers;

        private Builder(List<Header> headers) {
            this.headers = new ArrayList<>(headers);
        }

        /**
         * Adds a header.
         *
         * @throws BadRequestException {@code INVALID_PARAM} if name or value hold what a header cannot
         * @throws RefusedException {@code EGRESS_DENIED} if the name is the client's own, such as {@code Host}
         */
        public Builder with(String name, String value) {
            headers.add(new BasicHeader(checkName(name), checkValue(name, value)));
            return this;
        }

        /** Adds {@code Authorization: Bearer} and the secret. */
        public Builder bearer(Secret secret) {
            return secret("Authorization", "Bearer ", secret);
        }

        /** Adds a header whose value is the secret. */
        public Builder secret(String name, Secret secret) {
            return secret(name, "", secret);
        }

        /**
         * Adds a header whose value is a scheme such as {@code Bearer } (with its space), and the secret.
         *
         * @throws MisconfiguredException if the secret holds what a header cannot, such as a line break pasted with it
         */
        public Builder secret(String name, String scheme, Secret secret) {
            checkName(name);
            if (!valueAllowed(scheme + secret.reveal())) {
                throw new MisconfiguredException(
                        ErrorCode.MISCONFIGURED,
                        "The credential for the header " + name
                                + " holds a space at an end, a line break, a control or a non-ASCII character: enter it again");
            }
            headers.add(new SecretHeader(name, scheme, secret));
            return this;
        }

        /** The headers. */
        public OutboundHeaders build() {
            return headers.isEmpty() ? NONE : new OutboundHeaders(headers.toArray(Header[]::new));
        }

        private static String checkName(String name) {
            if (!HeaderNames.isToken(name)) {
                throw new BadRequestException(
                        ErrorCode.INVALID_PARAM, "A header name is letters, digits and any of !#$%&'*+-.^_`|~");
            }
            if (RESERVED.contains(name.toLowerCase(Locale.ROOT))) {
                throw Refusals.of(
                        Refusals.HEADER_NAME,
                        "the header " + name + " is the client's own; nobody may set any of "
                                + new TreeSet<>(RESERVED));
            }
            return name;
        }
    }

    /** A header that shows its value to the wire alone. */
    private static final class SecretHeader implements Header {

        private final String name;
        private final String scheme;
        private final Secret secret;

        SecretHeader(String name, String scheme, Secret secret) {
            this.name = name;
            this.scheme = scheme;
            this.secret = secret;
        }

        @Override
        public boolean isSensitive() {
            return true;
        }

        @Override
        public String getName() {
            return name;
        }

        @Override
        public String getValue() {
            return scheme.isEmpty() ? secret.reveal() : scheme + secret.reveal();
        }

        @Override
        public String toString() {
            return name + ": [hidden]";
        }
    }
}
