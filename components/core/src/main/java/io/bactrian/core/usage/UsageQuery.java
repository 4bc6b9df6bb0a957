package io.bactrian.core.usage;

import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.tenant.TenantId;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * What is to be summed up of a tenant's usage.
 *
 * @param tenant whose
 * @param by by what
 * @param from the first day, in UTC
 * @param until the first day that is not part of it any more; null for none
 * @param most how many sums at most, 1 to {@value #LONGEST}
 */
public record UsageQuery(
        TenantId tenant,
        UsageDimension by,
        LocalDate from,
        @Nullable LocalDate until,
        int most) {

    /** How many sums there can be in a report. */
    public static final int LONGEST = 1_000;

    /** @throws BadRequestException if a number or a day is none that it can be */
    public UsageQuery {
        if (most < 1 || most > LONGEST) {
            throw new BadRequestException(
                    ErrorCode.INVALID_PARAM, "a report of usage has 1 to " + LONGEST + " sums, not " + most);
        }
        if (until != null && !until.isAfter(from)) {
            throw new BadRequestException(
                    ErrorCode.INVALID_PARAM,
                    "a report of usage that begins on " + from + " cannot end before " + until);
        }
        if (from.getYear() < 1 || from.getYear() > 9999 || until != null && until.getYear() > 9999) {
            throw new BadRequestException(
                    ErrorCode.INVALID_PARAM, "a report of usage is about days of the years 0001 to 9999");
        }
    }
}
