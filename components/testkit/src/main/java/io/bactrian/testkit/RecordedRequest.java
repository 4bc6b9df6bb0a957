package io.bactrian.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.Optional;

/** A request as {@link FaultServer} read it: exact head, decoded body, and the connection it came in on. */
public final class RecordedRequest {

    private final byte[] head;
    private final String method;
    private final String target;
    private final List<Header> headers;
    private final byte[] body;
    private final int connectionId;

    RecordedRequest(RequestHead head, byte[] body, int connectionId) {
        this.head = head.bytes();
        this.method = head.method();
        this.target = head.target();
        this.headers = List.copyOf(head.headers());
        this.body = body;
        this.connectionId = connectionId;
    }

    /** The method, as sent. */
    public String method() {
        return method;
    }

    /** The request target, as sent: path and query, or an absolute URI when the client speaks to a proxy. */
    public String target() {
        return target;
    }

    /** All headers, in the order sent. */
    public List<Header> headers() {
        return headers;
    }

    /** The value of the first header of that name, whatever its capitals. */
    public Optional<String> header(String name) {
        return headerValues(name).stream().findFirst();
    }

    /** The values of every header of that name, in the order sent. */
    public List<String> headerValues(String name) {
        return headers.stream()
                .filter(header -> header.named(name))
                .map(Header::value)
                .toList();
    }

    /** The request line and the headers, byte for byte, up to and with the empty line. */
    public byte[] headBytes() {
        return head.clone();
    }

    /** {@link #headBytes()} as text, one character for each byte. */
    public String headText() {
        return new String(head, ISO_8859_1);
    }

    /** The body, with any chunking taken off; empty if there was none. */
    public byte[] bodyBytes() {
        return body.clone();
    }

    /** The body read as UTF-8. */
    public String bodyText() {
        return new String(body, UTF_8);
    }

    /** The number of the connection, counted from 1 in the order accepted: equal ids mean a reused connection. */
    public int connectionId() {
        return connectionId;
    }

    @Override
    public String toString() {
        return method + " " + target + " on connection " + connectionId;
    }
}
