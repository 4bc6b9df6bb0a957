package io.bactrian.core.balance;

import io.bactrian.core.config.BalancingStrategy;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.ErrorDetails;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.error.RateLimitedException;
import io.bactrian.core.error.UnauthorizedException;
import io.bactrian.core.error.UnavailableException;
import io.bactrian.core.provider.ModelType;
import io.bactrian.core.provider.ProviderId;
import io.bactrian.core.tenant.TenantId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Credentials a, b, c … of one model, with a clock that stands until it is moved. */
final class Bench extends Clock {

    static final TenantId ACME = new TenantId("acme");
    static final ProviderId OPENAI = new ProviderId("openai");
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    final AtomicLong nanos = new AtomicLong(5_000_000_000_000L);
    final LoadBalancingManager manager = new LoadBalancingManager(BalancingSettings.DEFAULTS, nanos::get, this);
    final List<Cooldown> told = new ArrayList<>();

    Bench() {
        manager.onCooldown(told::add);
    }

    static CooldownKey key(String credential) {
        return CooldownKey.ofCredential(ACME, OPENAI, credential).forModel("gpt", ModelType.LLM);
    }

    BalancingPool pool(BalancingStrategy strategy, int... weights) {
        return pool(strategy, 1, weights);
    }

    /** A pool whose credentials are of that version. */
    BalancingPool pool(BalancingStrategy strategy, long version, int[] weights) {
        List<BalancedCredential> members = new ArrayList<>();
        for (int i = 0; i < weights.length; i++) {
            String name = name(i);
            members.add(new BalancedCredential(key(name), name, version, weights[i], i));
        }
        return manager.pool(members, strategy, false);
    }

    static String name(int index) {
        return index < 26 ? String.valueOf((char) ('a' + index)) : "x" + index;
    }

    void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    /** Fails the next attempt at one credential of a pool. */
    void fail(BalancingPool pool, int index, InvokeException failure) {
        only(pool, index).failed(failure);
    }

    /** An attempt with one credential. */
    Attempt only(BalancingPool pool, int index) {
        BalancingPool.Tried tried = new BalancingPool.Tried();
        while (true) {
            Attempt attempt = pool.begin(tried, 0).orElseThrow();
            if (attempt.candidate() == index) {
                return attempt;
            }
            tried.add(attempt);
            attempt.abandoned();
        }
    }

    static RateLimitedException rateLimited(Duration retryAfter) {
        return new RateLimitedException(
                ErrorCode.RATE_LIMITED, "later", new ErrorDetails(retryAfter, 429, null, null), null);
    }

    static RateLimitedException rateLimited() {
        return new RateLimitedException(ErrorCode.RATE_LIMITED, "later");
    }

    static UnauthorizedException refused() {
        return new UnauthorizedException(ErrorCode.AUTHORIZATION_ERROR, "refused");
    }

    static UnavailableException down() {
        return new UnavailableException(ErrorCode.SERVER_UNAVAILABLE, "down");
    }

    @Override
    public Instant instant() {
        return START.plusNanos(nanos.get() - 5_000_000_000_000L);
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }
}
