package io.bactrian.tool.oauth;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.tool.ToolCredential;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * What providers have refused to renew, so that they are not asked at each call: what they will not do however often they are
 * asked, for a minute, and what they asked to be left alone about, for as long. New tokens end it.
 */
final class RenewalRefusals {

    private static final Duration REMEMBERED = Duration.ofMinutes(1);
    private static final int MOST = 1_000;

    private final Clock clock;
    private final ConcurrentMap<OAuthRenewal.Key, Refusal> refusals = new ConcurrentHashMap<>();

    private record Refusal(long version, InvokeException error, Instant until) {}

    RenewalRefusals(Clock clock) {
        this.clock = clock;
    }

    /** Throws what was refused. */
    void check(OAuthRenewal.Key key, ToolCredential credential) {
        Refusal known = refusals.get(key);
        if (known == null) {
            return;
        }
        if (known.version() != credential.stored().version() || !clock.instant().isBefore(known.until())) {
            refusals.remove(key, known);
            return;
        }
        throw known.error();
    }

    /**
     * Remembers a refusal, if it is one to be remembered.
     *
     * @param version the version of the credential whose token was not renewed
     */
    void remember(OAuthRenewal.Key key, long version, InvokeException error) {
        Optional<Duration> time = error.code() == ErrorCode.AUTHORIZATION_ERROR
                ? Optional.of(REMEMBERED)
                : error.code() == ErrorCode.RATE_LIMITED ? error.retryAfter() : Optional.empty();
        if (time.isEmpty()) {
            return;
        }
        if (refusals.size() >= MOST) {
            Instant now = clock.instant();
            refusals.values().removeIf(refusal -> !now.isBefore(refusal.until()));
        }
        if (refusals.size() < MOST) {
            refusals.put(key, new Refusal(version, error, clock.instant().plus(time.get())));
        }
    }
}
