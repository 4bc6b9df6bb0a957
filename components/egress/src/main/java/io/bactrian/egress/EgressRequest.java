package io.bactrian.egress;

import io.bactrian.core.tenant.Deadline;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One request, ready to be sent. The body is held, not copied: it is serialised once and left alone. Not a record, since
 * records print themselves.
 */
public final class EgressRequest {

    private final String method;
    private final EgressTarget target;
    private final Deadline deadline;
    private final OutboundHeaders headers;
    private final byte @Nullable [] body;
    private final String contentType;
    private final EgressLimits limits;
    private final @Nullable Cancellation cancellation;
    private final @Nullable Deadline firstToken;

    private EgressRequest(Builder builder) {
        this.method = builder.method;
        this.target = builder.target;
        this.deadline = builder.deadline;
        this.headers = builder.headers;
        this.body = builder.body;
        this.contentType = builder.contentType;
        this.limits = builder.limits;
        this.cancellation = builder.cancellation;
        this.firstToken = builder.firstToken;
    }

    /** A GET to be set up. */
    public static Builder get(EgressTarget target, Deadline deadline) {
        return new Builder("GET", target, deadline);
    }

    /** A POST to be set up. */
    public static Builder post(EgressTarget target, Deadline deadline) {
        return new Builder("POST", target, deadline);
    }

    /**
     * A request with any method to be set up.
     *
     * @throws IllegalArgumentException if the method is not a token, or one of CONNECT and TRACE
     */
    public static Builder of(String method, EgressTarget target, Deadline deadline) {
        if (!HeaderNames.isToken(method) || "CONNECT".equalsIgnoreCase(method) || "TRACE".equalsIgnoreCase(method)) {
            throw new IllegalArgumentException("not a method to be sent from here");
        }
        return new Builder(method, target, deadline);
    }

    /** This request as it follows a redirect. */
    EgressRequest redirected(EgressTarget to, boolean keepBody) {
        boolean sameAuthority = target.sameAuthority(to);
        String next = keepBody || "HEAD".equals(method) ? method : "GET";
        Builder builder = new Builder(next, to, deadline)
                .headers(sameAuthority ? headers : headers.withoutCredentials())
                .limits(limits);
        if (cancellation != null) {
            builder.cancellation(cancellation);
        }
        builder.firstToken = firstToken;
        return keepBody && body != null ? builder.body(body, contentType).build() : builder.build();
    }

    String method() {
        return method;
    }

    EgressTarget target() {
        return target;
    }

    Deadline deadline() {
        return deadline;
    }

    OutboundHeaders headers() {
        return headers;
    }

    byte @Nullable [] body() {
        return body;
    }

    String contentType() {
        return contentType;
    }

    EgressLimits limits() {
        return limits;
    }

    @Nullable
    Cancellation cancellation() {
        return cancellation;
    }

    @Nullable
    Deadline firstToken() {
        return firstToken;
    }

    @Override
    public String toString() {
        return method + " " + target;
    }

    /** A request being set up. */
    public static final class Builder {

        private final String method;
        private final EgressTarget target;
        private final Deadline deadline;
        private OutboundHeaders headers = OutboundHeaders.NONE;
        private byte @Nullable [] body;
        private String contentType = "";
        private EgressLimits limits = EgressLimits.DEFAULT;
        private @Nullable Cancellation cancellation;
        private @Nullable Deadline firstToken;

        private Builder(String method, EgressTarget target, Deadline deadline) {
            this.method = method;
            this.target = target;
            this.deadline = deadline;
        }

        /** The headers. */
        public Builder headers(OutboundHeaders outbound) {
            this.headers = outbound;
            return this;
        }

        /** The body, and its media type unless the headers hold one. */
        public Builder body(byte[] bytes, String mediaType) {
            this.body = bytes;
            this.contentType = OutboundHeaders.checkValue("Content-Type", mediaType);
            return this;
        }

        /** The clocks and sizes. */
        public Builder limits(EgressLimits bounds) {
            this.limits = bounds;
            return this;
        }

        /** A handle that ends the call from another thread, also while the answer has not begun. */
        public Builder cancellation(Cancellation handle) {
            this.cancellation = handle;
            return this;
        }

        /**
         * How long the answer may take, from now, until its reader says that it has begun to say something:
         * {@link EgressResponse#firstTokenSeen()}. Other clocks go on beside this one.
         */
        public Builder firstToken(Duration within) {
            this.firstToken = deadline.within(within);
            return this;
        }

        /** The request. */
        public EgressRequest build() {
            return new EgressRequest(this);
        }
    }
}
