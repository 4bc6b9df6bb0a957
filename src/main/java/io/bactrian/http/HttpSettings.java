package io.bactrian.http;

import java.time.Duration;
import java.util.Set;

/**
 * How the HTTP server is set up.
 *
 * @param host the address it listens on
 * @param port the port; 0 for any free one
 * @param anonymousOnLoopback whether callers on this machine need no API key
 * @param maxBody the largest request body, in bytes
 * @param maxHeaders the largest request head, in bytes
 * @param receiveTimeout how long a client may take to send its request
 * @param answerTimeout the deadline of a call, streams included
 * @param slowClient how long a client of a stream may read nothing
 * @param workers how many requests are worked on at a time; more are refused
 * @param headers names of request headers that reach routes beyond the usual ones, lower case
 */
public record HttpSettings(
        String host,
        int port,
        boolean anonymousOnLoopback,
        int maxBody,
        int maxHeaders,
        Duration receiveTimeout,
        Duration answerTimeout,
        Duration slowClient,
        int workers,
        Set<String> headers) {

    /** Copies the set. */
    public HttpSettings {
        headers = Set.copyOf(headers);
    }

    /** The defaults, on a port of this machine's loopback interface. */
    public static HttpSettings onLoopback(int port) {
        return new HttpSettings(
                "127.0.0.1",
                port,
                true,
                8 * 1024 * 1024,
                16 * 1024,
                Duration.ofSeconds(30),
                Duration.ofMinutes(10),
                Duration.ofSeconds(30),
                256,
                Set.of());
    }
}
