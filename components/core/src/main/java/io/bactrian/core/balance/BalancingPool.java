package io.bactrian.core.balance;

import io.bactrian.core.config.BalancingStrategy;
import io.bactrian.core.error.FailureClass;
import io.bactrian.core.error.InvokeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;

/**
 * The credentials that calls of one model are spread over, as one version of the configuration has them. Picking takes no lock
 * and keeps nothing of the call.
 */
public final class BalancingPool {

    /** How often the strategy is asked again when it names somebody who is out, before they are taken in turn. */
    private static final int STRATEGY_TRIES = 8;

    private final LoadBalancingManager manager;
    private final BalancedCredential[] credentials;
    private final Slot[] slots;
    private final Picker picker;
    private final boolean sticky;
    private final LongSupplier nanoClock;

    BalancingPool(
            LoadBalancingManager manager,
            List<BalancedCredential> credentials,
            Slot[] slots,
            BalancingStrategy strategy,
            boolean sticky,
            LongSupplier nanoClock) {
        this.manager = manager;
        this.credentials = credentials.toArray(BalancedCredential[]::new);
        this.slots = slots.clone();
        this.picker = Picker.of(strategy, this.credentials, this.slots, below -> ThreadLocalRandom.current()
                .nextInt(below));
        this.sticky = sticky;
        this.nanoClock = nanoClock;
    }

    /** How many there are. */
    public int size() {
        return slots.length;
    }

    /** Whether calls of one conversation stay together. */
    public boolean sticky() {
        return sticky;
    }

    BalancedCredential credential(int index) {
        return credentials[index];
    }

    /**
     * Begins an attempt with one that can be used and that the call has not tried.
     *
     * @param tried which ones it has tried
     * @param conversation what calls of one conversation have in common; 0 for nothing
     * @return empty if none is left
     */
    public Optional<Attempt> begin(Tried tried, long conversation) {
        long now = nanoClock.getAsLong();
        int size = slots.length;
        if (size == 1) {
            return tried.has(0) ? Optional.empty() : enter(0, now);
        }
        if (sticky && conversation != 0) {
            Optional<Attempt> same = stuck(tried, conversation, now);
            if (same.isPresent()) {
                return same;
            }
        }
        for (int i = 0; i < STRATEGY_TRIES; i++) {
            int index = picker.next(now);
            Optional<Attempt> attempt = tried.has(index) ? Optional.empty() : enter(index, now);
            if (attempt.isPresent()) {
                return attempt;
            }
        }
        int start = picker.start();
        for (int i = 0; i < size; i++) {
            int index = (start + i) % size;
            Optional<Attempt> attempt = tried.has(index) ? Optional.empty() : enter(index, now);
            if (attempt.isPresent()) {
                return attempt;
            }
        }
        return Optional.empty();
    }

    /** The same one for the same conversation; the same next one while it is out. */
    private Optional<Attempt> stuck(Tried tried, long conversation, long now) {
        for (int i = 0; i < STRATEGY_TRIES; i++) {
            int index = (int) Long.remainderUnsigned(Picker.mixed(conversation + i), slots.length);
            Optional<Attempt> attempt = tried.has(index) ? Optional.empty() : enter(index, now);
            if (attempt.isPresent()) {
                return attempt;
            }
        }
        return Optional.empty();
    }

    private Optional<Attempt> enter(int index, long now) {
        Slot slot = slots[index];
        long version = credentials[index].version();
        Health.Entry credential = slot.credential.enter(now, version);
        if (credential == Health.Entry.REFUSED) {
            return Optional.empty();
        }
        Health.Entry deployment = slot.deployment.enter(now, version);
        if (deployment == Health.Entry.REFUSED) {
            slot.credential.leave(credential);
            return Optional.empty();
        }
        slot.load.begin();
        return Optional.of(new Attempt(this, index, now, credential, deployment));
    }

    void answered(Attempt attempt) {
        long now = nanoClock.getAsLong();
        Slot slot = slots[attempt.index()];
        slot.load.answered(now, now - attempt.startedAt());
        slot.window.count(now, false);
        slot.credential.worked(now);
        slot.deployment.worked(now);
    }

    void over(Attempt attempt) {
        slots[attempt.index()].load.over();
    }

    void abandoned(Attempt attempt) {
        Slot slot = slots[attempt.index()];
        slot.load.over();
        slot.credential.leave(attempt.credentialEntry());
        slot.deployment.leave(attempt.deploymentEntry());
    }

    void failed(Attempt attempt, InvokeException failure) {
        long now = nanoClock.getAsLong();
        Slot slot = slots[attempt.index()];
        FailureClass reason = FailureClass.of(failure.code());
        if (!reason.passesToNext()) {
            // the provider has answered: what it says of the request is no fault of its own
            answered(attempt);
            over(attempt);
            return;
        }
        slot.load.failed(now);
        slot.load.over();
        slot.window.count(now, true);
        slot.lastError(failure.code());
        boolean out = slots.length > 1 || outAlone(slot, reason, now);
        if (out) {
            manager.trip(slot, credentials[attempt.index()], reason, failure, now);
        }
        // what it is on trial for and has not failed in
        slot.credential.leave(attempt.credentialEntry());
        slot.deployment.leave(attempt.deploymentEntry());
    }

    /** Whether the only one there is may go out: a blip must not leave a tenant with nothing. */
    private static boolean outAlone(Slot slot, FailureClass reason, long now) {
        return switch (reason) {
            case RATE_LIMITED, OVERLOADED, TRANSIENT ->
                slot.window.mostlyFailing(now, LoadBalancingManager.LEAST_CALLS);
            case CREDENTIAL_DEAD, CONTEXT_LENGTH, CONTENT_REFUSED, MODEL_NOT_FOUND, CLIENT -> false;
        };
    }

    /** Whether all of them are out because their credentials are refused or used up. */
    public boolean allDead() {
        long now = nanoClock.getAsLong();
        for (int i = 0; i < slots.length; i++) {
            Health.State out = slots[i].credential.out(now, credentials[i].version());
            if (out == null || out.reason() != FailureClass.CREDENTIAL_DEAD) {
                return false;
            }
        }
        return true;
    }

    /** How long until the first of them can be tried; zero if one can now. */
    public Duration earliest() {
        long now = nanoClock.getAsLong();
        long least = Long.MAX_VALUE;
        for (Slot slot : slots) {
            least = Math.min(least, Math.max(0, slot.until(now) - now));
        }
        return Duration.ofNanos(least == Long.MAX_VALUE ? 0 : least);
    }

    /** How long until the first of those that a call has not tried can be; {@link Long#MAX_VALUE} nanoseconds if it has tried all. */
    public long nanosUntilFirst(Tried tried) {
        long now = nanoClock.getAsLong();
        long least = Long.MAX_VALUE;
        for (int i = 0; i < slots.length; i++) {
            if (!tried.has(i)) {
                least = Math.min(least, Math.max(0, slots[i].until(now) - now));
            }
        }
        return least;
    }

    /** How each of them is now, in order. */
    public List<CredentialState> states() {
        long now = nanoClock.getAsLong();
        List<CredentialState> states = new ArrayList<>(slots.length);
        for (int i = 0; i < slots.length; i++) {
            states.add(manager.state(credentials[i], slots[i], now));
        }
        return states;
    }

    /** Which credentials of a pool a call has tried. Not thread-safe: a call is driven by one thread at a time. */
    public static final class Tried {

        private int[] indexes = new int[4];
        private int count;
        private int kept;

        /** Notes an attempt. */
        public void add(Attempt attempt) {
            if (count == indexes.length) {
                indexes = Arrays.copyOf(indexes, count * 2);
            }
            indexes[count++] = attempt.index();
        }

        /** Does not forget the attempt that was noted last. */
        public void keepLast() {
            int last = indexes[count - 1];
            indexes[count - 1] = indexes[kept];
            indexes[kept++] = last;
        }

        /** Begins anew, but for those that are kept. */
        public void clear() {
            count = kept;
        }

        /** How many. */
        public int count() {
            return count;
        }

        boolean has(int index) {
            for (int i = 0; i < count; i++) {
                if (indexes[i] == index) {
                    return true;
                }
            }
            return false;
        }
    }
}
