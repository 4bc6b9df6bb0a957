package io.bactrian.core.tenant;

/**
 * The id of an API key, which may be shown; the key itself is nowhere.
 *
 * @param value 1 to 64 characters without control characters
 */
public record ApiKeyId(String value) {

    /** @throws IllegalArgumentException if the value is blank, too long or holds control characters */
    public ApiKeyId {
        Ids.check("ApiKeyId", value, 64);
    }

    @Override
    public String toString() {
        return value;
    }
}
