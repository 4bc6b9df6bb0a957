package io.bactrian.core.tenant;

/**
 * The id of one call, over all its attempts and re-entries.
 *
 * @param value 1 to 128 characters without control characters
 */
public record RequestId(String value) {

    /** @throws IllegalArgumentException if the value is blank, too long or holds control characters */
    public RequestId {
        Ids.check("RequestId", value, 128);
    }

    @Override
    public String toString() {
        return value;
    }
}
