package io.bactrian.core.config;

import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** For how long the values that a rotation replaces stay valid beside the new ones. */
public final class GracePeriod {

    /** The longest there is: who needs two keys for good has two credentials. */
    public static final Duration LONGEST = Duration.ofDays(30);

    private GracePeriod() {}

    /**
     * When a grace period that begins now ends, in whole microseconds, which is what databases keep; empty for none.
     *
     * @throws BadRequestException with {@code invalid_param} if it is negative or longer than {@link #LONGEST}
     */
    public static Optional<Instant> end(Duration grace, Instant now) {
        if (grace.isNegative() || grace.compareTo(LONGEST) > 0) {
            throw new BadRequestException(
                    ErrorCode.INVALID_PARAM,
                    "a grace period is 0 to " + LONGEST.toDays() + " days, for which the old values stay valid");
        }
        return grace.isZero() ? Optional.empty() : Optional.of(now.plus(grace).truncatedTo(ChronoUnit.MICROS));
    }
}
