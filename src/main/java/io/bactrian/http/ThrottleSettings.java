package io.bactrian.http;

import java.time.Duration;
import java.util.Set;

/**
 * How guessing at keys is slowed down.
 *
 * @param failures how many wrong keys one address may present within the window
 * @param allFailures how many wrong keys all addresses together may
 * @param window the time in which they are counted; also how long an address is refused the first time
 * @param longest how long an address is refused at most: each time twice as long as before
 * @param trustedProxies addresses of proxies whose {@code X-Forwarded-For} is believed
 */
public record ThrottleSettings(
        int failures, int allFailures, Duration window, Duration longest, Set<String> trustedProxies) {

    /** What holds unless an installation says otherwise. */
    public static final ThrottleSettings DEFAULTS =
            new ThrottleSettings(10, 1_000, Duration.ofMinutes(1), Duration.ofMinutes(15), Set.of());

    /** @throws IllegalArgumentException if a number is out of its range, or a proxy is no address */
    public ThrottleSettings {
        trustedProxies = Set.copyOf(trustedProxies);
        if (failures < 1 || allFailures < failures) {
            throw new IllegalArgumentException("an address may fail once at least, and all together as often as one");
        }
        if (window.toMillis() < 1 || longest.compareTo(window) < 0) {
            throw new IllegalArgumentException("the longest refusal is no shorter than the window");
        }
        for (String proxy : trustedProxies) {
            if (Peer.of(proxy).equals(Peer.of(null))) {
                throw new IllegalArgumentException("'" + proxy + "' is no IP address");
            }
        }
    }
}
