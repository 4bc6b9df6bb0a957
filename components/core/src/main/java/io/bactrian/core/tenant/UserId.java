package io.bactrian.core.tenant;

/**
 * The id of a person or service account within a tenant, as the installation names it.
 *
 * @param value 1 to 256 characters without control characters
 */
public record UserId(String value) {

    /** @throws IllegalArgumentException if the value is blank, too long or holds control characters */
    public UserId {
        Ids.check("UserId", value, 256);
    }

    @Override
    public String toString() {
        return value;
    }
}
