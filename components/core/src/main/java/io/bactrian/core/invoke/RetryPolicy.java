package io.bactrian.core.invoke;

import io.bactrian.core.balance.BalancingSettings;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.FailureClass;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.error.RateLimitedException;
import io.bactrian.core.tenant.Deadline;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/** Says what is tried again, with whom, and after how long. */
final class RetryPolicy {

    /** The other side may have got the request, and may be at work on it. */
    private static final Duration LEAST_WAIT = Duration.ofMillis(1);

    private static final Set<ErrorCode> SENT = EnumSet.of(
            ErrorCode.TIMEOUT_FIRST_BYTE,
            ErrorCode.TIMEOUT_FIRST_TOKEN,
            ErrorCode.TIMEOUT_IDLE,
            ErrorCode.CONNECTION_LOST);

    private final BalancingSettings settings;

    RetryPolicy(BalancingSettings settings) {
        this.settings = settings;
    }

    /**
     * How long to wait until one who has not been tried is back; empty if that is too long.
     *
     * @param waited how long the call has waited for such already
     */
    Optional<Duration> pauseForOthers(Duration waited, Duration earliest, Deadline deadline) {
        // no time at all would be a loop, should somebody else take each of their trials
        Duration wait = earliest.compareTo(LEAST_WAIT) < 0 ? LEAST_WAIT : earliest;
        boolean mayWait = settings.retries() > 0 && waited.plus(wait).compareTo(settings.longestWait()) <= 0;
        return mayWait ? bounded(wait, deadline) : Optional.empty();
    }

    /** How long to wait before a tool that may be called again is; empty if it is not. */
    Optional<Duration> pauseForTool(InvokeException failure, int again, Deadline deadline) {
        // a tool that was called again may do better, unless it says that it will not
        boolean unknown = failure.code() == ErrorCode.TOOL_INVOKE_ERROR
                && failure.details().shouldRetry() == null;
        boolean mayPass = failure.retriable() || unknown;
        if (again >= settings.retries() || !mayPass) {
            return Optional.empty();
        }
        return bounded(failure.retryAfter().orElseGet(() -> backoff(again)), deadline);
    }

    /**
     * Whether another candidate may be asked instead. Of a stream nothing has been handed on; but a whole answer that was lost on
     * its way may have been made and charged, and is not asked for twice without anybody knowing (UP-03). A provider that wants the
     * call once more gets it, from another credential or the same; one that does not speaks for the credential it was asked with.
     */
    boolean passesOn(InvokeException failure, boolean stream) {
        boolean lost = failure.code() == ErrorCode.CONNECTION_LOST || failure.code() == ErrorCode.STREAM_TRUNCATED;
        boolean passes = FailureClass.of(failure.code()).passesToNext()
                || Boolean.TRUE.equals(failure.details().shouldRetry());
        return passes && (stream || !lost);
    }

    /** Whether a credential is not asked again for this call, though others may be: its provider said so. */
    boolean forGood(InvokeException failure) {
        return Boolean.FALSE.equals(failure.details().shouldRetry());
    }

    /**
     * How long to wait until those who were tried are tried once more; empty if they are not.
     *
     * @param again how often they were already
     * @param earliest how long until the first of them can be tried
     */
    Optional<Duration> pause(InvokeException failure, int again, Duration earliest, Deadline deadline) {
        if (again >= settings.retries() || !failure.retriable() || SENT.contains(failure.code())) {
            return Optional.empty();
        }
        Duration wait = failure.retryAfter().orElseGet(() -> backoff(again));
        wait = wait.compareTo(earliest) < 0 ? earliest : wait;
        return bounded(wait, deadline);
    }

    private Optional<Duration> bounded(Duration wait, Deadline deadline) {
        boolean tooLong = wait.compareTo(settings.longestWait()) > 0 || wait.toNanos() >= deadline.remainingNanos();
        return tooLong ? Optional.empty() : Optional.of(wait);
    }

    /** Twice as long each time, and by chance up to half of it less: many callers who failed together come back apart. */
    private Duration backoff(int again) {
        double most = settings.firstWait().toNanos() * Math.pow(2, Math.min(again, 30));
        double nanos = Math.min(most, settings.longestWait().toNanos())
                * (1 - ThreadLocalRandom.current().nextDouble(0.5));
        return Duration.ofNanos((long) nanos);
    }

    /** Which of two failures tells more of what to do: that there is hope tells more than that there is none. */
    static InvokeException tellingMore(InvokeException one, InvokeException other) {
        return rank(other) >= rank(one) ? other : one;
    }

    private static int rank(InvokeException failure) {
        return switch (FailureClass.of(failure.code())) {
            case RATE_LIMITED -> 3;
            case OVERLOADED -> 2;
            case TRANSIENT -> 1;
            case CREDENTIAL_DEAD, CONTEXT_LENGTH, CONTENT_REFUSED, MODEL_NOT_FOUND, CLIENT -> 0;
        };
    }

    /** The failure with the time at which the first of all comes back, where it is about time. */
    static InvokeException told(InvokeException failure, Duration earliest) {
        if (failure.code() != ErrorCode.RATE_LIMITED || earliest.isZero()) {
            return failure;
        }
        return new RateLimitedException(
                failure.code(), failure.getMessage(), failure.details().withRetryAfter(earliest), failure);
    }
}
