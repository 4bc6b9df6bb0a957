package io.bactrian.egress;

import java.time.Duration;

/**
 * The clocks and sizes of one call. The call's deadline stands above all clocks.
 *
 * @param connect to get a connection: waiting for a free one, and connecting
 * @param tls for the TLS handshake
 * @param firstByte from the request's last byte to the first byte of the answer's body (to the end of the head, if there is none)
 * @param idle between two bytes of the body; for events, between two that carry data: comments do not count
 * @param maxResponseBytes of the body
 * @param maxHeaderBytes of the head, informational ones before it included
 * @param maxHeaders lines in the head
 * @param maxLineBytes of one line of an event stream
 * @param maxEventBytes of one event's data; also of all that lies between two events with data
 * @param maxRedirects followed; 0 returns the redirect itself
 */
public record EgressLimits(
        Duration connect,
        Duration tls,
        Duration firstByte,
        Duration idle,
        long maxResponseBytes,
        int maxHeaderBytes,
        int maxHeaders,
        int maxLineBytes,
        int maxEventBytes,
        int maxRedirects) {

    /** The most header lines and bytes of a line that any limits may ask for. */
    static final int HEADERS_CEILING = 1_000;

    static final int HEADER_LINE_CEILING = 65_536;

    /** What suits calls to models: patient for the first byte, one minute between bytes, no redirects. */
    public static final EgressLimits DEFAULT = new EgressLimits(
            Duration.ofSeconds(10),
            Duration.ofSeconds(10),
            Duration.ofMinutes(5),
            Duration.ofMinutes(1),
            64L << 20,
            32 << 10,
            128,
            256 << 10,
            1 << 20,
            0);

    /** Checks that every clock runs and every size is positive. */
    public EgressLimits {
        if (notPositive(connect) || notPositive(tls) || notPositive(firstByte) || notPositive(idle)) {
            throw new IllegalArgumentException("the clocks connect, tls, firstByte and idle are longer than zero");
        }
        if (maxResponseBytes < 1 || maxHeaderBytes < 1 || maxLineBytes < 1 || maxEventBytes < 1 || maxRedirects < 0) {
            throw new IllegalArgumentException("sizes are positive, redirects zero or more");
        }
        if (maxEventBytes > 1 << 28 || maxLineBytes > 1 << 28) {
            throw new IllegalArgumentException("a line and an event are 256 MiB at most");
        }
        if (maxHeaders < 1 || maxHeaders > HEADERS_CEILING) {
            throw new IllegalArgumentException("maxHeaders is from 1 to " + HEADERS_CEILING);
        }
    }

    /** These limits with another clock for connecting. */
    public EgressLimits withConnect(Duration other) {
        return new EgressLimits(
                other,
                tls,
                firstByte,
                idle,
                maxResponseBytes,
                maxHeaderBytes,
                maxHeaders,
                maxLineBytes,
                maxEventBytes,
                maxRedirects);
    }

    /** These limits with another clock for the TLS handshake. */
    public EgressLimits withTls(Duration other) {
        return new EgressLimits(
                connect,
                other,
                firstByte,
                idle,
                maxResponseBytes,
                maxHeaderBytes,
                maxHeaders,
                maxLineBytes,
                maxEventBytes,
                maxRedirects);
    }

    /** These limits with another clock for the first byte. */
    public EgressLimits withFirstByte(Duration other) {
        return new EgressLimits(
                connect,
                tls,
                other,
                idle,
                maxResponseBytes,
                maxHeaderBytes,
                maxHeaders,
                maxLineBytes,
                maxEventBytes,
                maxRedirects);
    }

    /** These limits with another clock between bytes. */
    public EgressLimits withIdle(Duration other) {
        return new EgressLimits(
                connect,
                tls,
                firstByte,
                other,
                maxResponseBytes,
                maxHeaderBytes,
                maxHeaders,
                maxLineBytes,
                maxEventBytes,
                maxRedirects);
    }

    /** These limits with another size of the body. */
    public EgressLimits withMaxResponseBytes(long other) {
        return new EgressLimits(
                connect,
                tls,
                firstByte,
                idle,
                other,
                maxHeaderBytes,
                maxHeaders,
                maxLineBytes,
                maxEventBytes,
                maxRedirects);
    }

    /** These limits with another size and length of the head. */
    public EgressLimits withMaxHeader(int bytes, int lines) {
        return new EgressLimits(
                connect,
                tls,
                firstByte,
                idle,
                maxResponseBytes,
                bytes,
                lines,
                maxLineBytes,
                maxEventBytes,
                maxRedirects);
    }

    /** These limits with other sizes of lines and events of an event stream. */
    public EgressLimits withMaxEvent(int lineBytes, int eventBytes) {
        return new EgressLimits(
                connect,
                tls,
                firstByte,
                idle,
                maxResponseBytes,
                maxHeaderBytes,
                maxHeaders,
                lineBytes,
                eventBytes,
                maxRedirects);
    }

    /** These limits with another number of redirects to follow. */
    public EgressLimits withMaxRedirects(int other) {
        return new EgressLimits(
                connect,
                tls,
                firstByte,
                idle,
                maxResponseBytes,
                maxHeaderBytes,
                maxHeaders,
                maxLineBytes,
                maxEventBytes,
                other);
    }

    private static boolean notPositive(Duration duration) {
        return duration.isNegative() || duration.isZero();
    }
}
