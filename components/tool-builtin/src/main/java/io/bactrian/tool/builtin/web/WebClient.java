package io.bactrian.tool.builtin.web;

import io.bactrian.core.error.InvokeException;
import io.bactrian.core.tenant.Deadline;
import io.bactrian.egress.EgressClient;
import io.bactrian.egress.EgressLimits;
import io.bactrian.egress.EgressRequest;
import io.bactrian.egress.EgressResponse;
import io.bactrian.egress.EgressTarget;
import io.bactrian.egress.OutboundHeaders;
import java.time.Clock;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Gets what is behind a URL, through egress alone: it says what may be reached, and follows redirects. */
final class WebClient {

    private static final int MOST_REDIRECTS = 5;
    private static final int METHOD_NOT_ALLOWED = 405;
    private static final int NOT_IMPLEMENTED = 501;

    private final EgressClient egress;
    private final Clock clock;

    WebClient(EgressClient egress, Clock clock) {
        this.egress = egress;
        this.clock = clock;
    }

    /**
     * A successful answer.
     *
     * @param status its status
     * @param mediaType what it says that it is
     * @param disposition the header {@code Content-Disposition}; empty if there is none
     * @param lastModified the header {@code Last-Modified}; empty if there is none
     * @param length how long it says that it is, in bytes; empty if it does not
     */
    record Head(
            int status,
            MediaType mediaType,
            Optional<String> disposition,
            Optional<String> lastModified,
            Optional<String> length) {

        static Head of(EgressResponse response) {
            return new Head(
                    response.status(),
                    MediaType.of(response.header("Content-Type")),
                    response.header("Content-Disposition"),
                    response.header("Last-Modified"),
                    response.header("Content-Length"));
        }
    }

    /** A successful answer with what it brought. Not a record: bytes are not compared or printed. */
    static final class Download {

        private final Head head;
        private final byte[] bytes;
        private final boolean cut;

        Download(Head head, byte[] bytes, boolean cut) {
            this.head = head;
            this.bytes = bytes;
            this.cut = cut;
        }

        Head head() {
            return head;
        }

        byte[] bytes() {
            return bytes;
        }

        /** Whether there is more than was read. */
        boolean cut() {
            return cut;
        }
    }

    /** How a request is made: what it accepts, and who it says asks. */
    record Manner(String accept, @Nullable String userAgent) {

        OutboundHeaders headers() {
            OutboundHeaders.Builder headers = OutboundHeaders.builder().with("Accept", accept);
            return userAgent == null
                    ? headers.build()
                    : headers.with("User-Agent", userAgent).build();
        }
    }

    /**
     * Gets the beginning of what is there, and closes the connection if there is more.
     *
     * @throws InvokeException of egress, or if the status is not success
     */
    Download beginning(EgressTarget target, Manner manner, int most, Deadline deadline) {
        try (EgressResponse response = send("GET", target, manner, most + 1L, deadline)) {
            byte[] bytes = response.readAtMost(most + 1);
            return bytes.length > most
                    ? new Download(Head.of(response), Arrays.copyOf(bytes, most), true)
                    : new Download(Head.of(response), bytes, false);
        }
    }

    /**
     * Gets all of what is there.
     *
     * @throws InvokeException of egress, {@code RESPONSE_TOO_LARGE} among them, or if the status is not success
     */
    Download all(EgressTarget target, Manner manner, int most, Deadline deadline) {
        try (EgressResponse response = send("GET", target, manner, most, deadline)) {
            return new Download(Head.of(response), response.readAll(), false);
        }
    }

    /**
     * Gets the head alone; of servers that do not do this, the head of a GET.
     *
     * @throws InvokeException of egress, or if the status is not success
     */
    Head head(EgressTarget target, Manner manner, Deadline deadline) {
        try (EgressResponse response = exchange("HEAD", target, manner, 1, deadline)) {
            if (HttpErrors.isSuccess(response.status())) {
                return Head.of(response);
            }
            if (response.status() != METHOD_NOT_ALLOWED && response.status() != NOT_IMPLEMENTED) {
                throw HttpErrors.of(target.host(), response, clock);
            }
        }
        try (EgressResponse response = send("GET", target, manner, Long.MAX_VALUE, deadline)) {
            return Head.of(response);
        }
    }

    private EgressResponse send(String method, EgressTarget target, Manner manner, long most, Deadline deadline) {
        EgressResponse response = exchange(method, target, manner, most, deadline);
        if (HttpErrors.isSuccess(response.status())) {
            return response;
        }
        try (response) {
            throw HttpErrors.of(target.host(), response, clock);
        }
    }

    private EgressResponse exchange(String method, EgressTarget target, Manner manner, long most, Deadline deadline) {
        return egress.send(EgressRequest.of(method, target, deadline)
                .headers(manner.headers())
                .limits(EgressLimits.DEFAULT.withMaxRedirects(MOST_REDIRECTS).withMaxResponseBytes(most))
                .build());
    }
}
