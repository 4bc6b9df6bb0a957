package io.bactrian.core.config;

import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * Which part of a long list is wanted: what comes after a place, in the order of the list.
 *
 * @param after the place, as {@link PageOf#next} told it; null for the beginning
 * @param most how many at most, 1 to {@value #LONGEST}
 */
public record Page(@Nullable String after, int most) {

    /** How many there can be on a page. */
    public static final int LONGEST = 200;

    /** The first 50. */
    public static final Page FIRST = new Page(null, 50);

    private static final int LONGEST_PLACE = 512;

    /** @throws BadRequestException with {@code invalid_param} if the number is none that it can be, or the place none */
    public Page {
        if (most < 1 || most > LONGEST) {
            throw new BadRequestException(
                    ErrorCode.INVALID_PARAM, "a page has 1 to " + LONGEST + " entries, not " + most);
        }
        if (after != null && (after.isEmpty() || after.length() > LONGEST_PLACE)) {
            throw noPlace();
        }
    }

    /** The refusal of a place that no list has told. */
    public static BadRequestException noPlace() {
        return new BadRequestException(
                ErrorCode.INVALID_PARAM,
                "a page begins after a place that the page before it told: leave it out to begin at the start");
    }
}
