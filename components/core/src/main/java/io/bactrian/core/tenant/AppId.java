package io.bactrian.core.tenant;

/**
 * The id of the application a call is made for: by default the route, or what an API key was issued to.
 *
 * @param value 1 to 256 characters without control characters
 */
public record AppId(String value) {

    /** @throws IllegalArgumentException if the value is blank, too long or holds control characters */
    public AppId {
        Ids.check("AppId", value, 256);
    }

    @Override
    public String toString() {
        return value;
    }
}
