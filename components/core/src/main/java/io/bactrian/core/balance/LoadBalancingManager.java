package io.bactrian.core.balance;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.bactrian.core.config.BalancingStrategy;
import io.bactrian.core.error.FailureClass;
import io.bactrian.core.error.InvokeException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows who can be called: picks among a model's credentials, and takes those out that fail, by what their failure says. Its
 * state outlives the configuration it was found under. Thread-safe.
 */
public final class LoadBalancingManager {

    /** How many calls within a minute say more than a blip, for somebody who is alone. */
    static final int LEAST_CALLS = 20;

    private static final Logger LOG = LoggerFactory.getLogger(LoadBalancingManager.class);
    private static final long MOST_KEPT = 1_000_000;

    /** Pools are made anew with every configuration, and with what is read anew every now and then: what they share outlives that. */
    private static final Duration LEAST_KEPT = Duration.ofHours(1);

    private final BalancingSettings settings;
    private final LongSupplier nanoClock;
    private final Clock clock;
    private final Cache<CooldownKey, Health> credentials;
    private final Cache<CooldownKey, Slot> slots;
    private final List<CooldownListener> listeners = new CopyOnWriteArrayList<>();

    /**
     * @param settings how failures are dealt with
     * @param nanoClock counts nanoseconds
     * @param clock tells the time to people and other nodes
     */
    public LoadBalancingManager(BalancingSettings settings, LongSupplier nanoClock, Clock clock) {
        this.settings = settings;
        this.nanoClock = nanoClock;
        this.clock = clock;
        Duration longest = settings.longestCooldown();
        Duration kept = (longest.compareTo(LEAST_KEPT) < 0 ? LEAST_KEPT : longest).multipliedBy(2);
        this.credentials = cache(kept);
        this.slots = cache(kept);
    }

    private <T> Cache<CooldownKey, T> cache(Duration kept) {
        return Caffeine.newBuilder()
                .maximumSize(MOST_KEPT)
                .expireAfterAccess(kept)
                .ticker(nanoClock::getAsLong)
                .executor(Runnable::run)
                .build();
    }

    /** How failures are dealt with. */
    public BalancingSettings settings() {
        return settings;
    }

    /** Tells a listener of everybody who goes out from now on. */
    public void onCooldown(CooldownListener listener) {
        listeners.add(listener);
    }

    /**
     * The pool of some credentials. Made once for a version of the configuration.
     *
     * @param among at least one; each key is that of a deployment
     */
    public BalancingPool pool(List<BalancedCredential> among, BalancingStrategy strategy, boolean sticky) {
        Slot[] members = among.stream().map(one -> slot(one.key())).toArray(Slot[]::new);
        return new BalancingPool(this, among, members, strategy, sticky, nanoClock);
    }

    private Slot slot(CooldownKey key) {
        return slots.get(key, wanted -> {
            CooldownKey whole = CooldownKey.ofCredential(wanted.tenant(), wanted.provider(), wanted.credential());
            return new Slot(whole, wanted, health(whole), new Health());
        });
    }

    private Health health(CooldownKey credential) {
        return credentials.get(credential, wanted -> new Health());
    }

    void trip(Slot slot, BalancedCredential member, FailureClass reason, InvokeException failure, long now) {
        boolean whole = reason == FailureClass.CREDENTIAL_DEAD || reason == FailureClass.RATE_LIMITED;
        CooldownKey key = whole ? slot.credentialKey : slot.deploymentKey;
        Health health = whole ? slot.credential : slot.deployment;
        Health.State state = health.failed(
                now, reason, failure.code(), member.version(), before -> lasting(reason, failure, before));
        Cooldown cooldown = cooldown(key, state, now);
        LOG.debug(
                "{} is out for {} ({}, {} in a row)",
                member.name(),
                Duration.ofNanos(state.until() - now),
                failure.code().text(),
                state.trips());
        listeners.forEach(listener -> listener.onCooldown(cooldown));
    }

    /** What the provider asks for, within bounds; else longer with each failure in a row, and never the same for all nodes. */
    private long lasting(FailureClass reason, InvokeException failure, int before) {
        long longest = settings.longestCooldown().toNanos();
        long least = settings.baseCooldown().toNanos();
        if (failure.retryAfter().isPresent()) {
            return Math.max(least, Math.min(longest, failure.retryAfter().get().toNanos()));
        }
        long base =
                reason == FailureClass.CREDENTIAL_DEAD ? settings.deadCooldown().toNanos() : least;
        double grown = Math.min((double) longest, base * Math.pow(2, Math.min(before, 40)));
        return (long) (grown * (1 + ThreadLocalRandom.current().nextDouble(0.1)));
    }

    /** Takes over what another node has found; what this node knows better stays. */
    public void learn(Cooldown theirs) {
        long now = nanoClock.getAsLong();
        Duration left = Duration.between(clock.instant(), theirs.until());
        if (left.isNegative() || left.isZero()) {
            return;
        }
        long nanos = Math.min(left.toNanos(), settings.longestCooldown().toNanos());
        Health.State state = new Health.State(
                now + nanos, theirs.trips(), theirs.reason(), theirs.code(), theirs.credentialVersion());
        CooldownKey key = theirs.key();
        Health health = key.scope() == CooldownScope.CREDENTIAL ? health(key) : slot(key).deployment;
        health.learned(state);
    }

    CredentialState state(BalancedCredential member, Slot slot, long now) {
        Health.State whole = slot.credential.out(now, member.version());
        Health.State one = slot.deployment.out(now, member.version());
        @Nullable Cooldown cooldown = null;
        if (whole != null) {
            cooldown = cooldown(slot.credentialKey, whole, now);
        } else if (one != null) {
            cooldown = cooldown(slot.deploymentKey, one, now);
        }
        return new CredentialState(
                member.name(),
                member.key().credential(),
                member.weight(),
                slot.load.requests(),
                slot.load.errors(),
                slot.load.inFlight(),
                Duration.ofNanos(slot.load.averageNanos(now)),
                slot.lastError(),
                cooldown);
    }

    private Cooldown cooldown(CooldownKey key, Health.State state, long now) {
        Instant until = clock.instant().plusNanos(Math.max(0, state.until() - now));
        return new Cooldown(key, state.reason(), state.code(), state.trips(), state.version(), until);
    }
}
