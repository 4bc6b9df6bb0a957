package io.bactrian.core.tenant;

import java.util.regex.Pattern;

/**
 * The name of a tenant: who pays for a call.
 *
 * @param value a DNS label: 1 to 63 characters of {@code a-z}, {@code 0-9} and {@code -}, no dash at either end (RFC 1123)
 */
public record TenantId(String value) implements Comparable<TenantId> {

    private static final Pattern DNS_LABEL = Pattern.compile("[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?");

    /** The tenant of installations that have just one. */
    public static final TenantId DEFAULT = new TenantId("default");

    /** @throws IllegalArgumentException if the value is not a DNS label */
    public TenantId {
        if (!DNS_LABEL.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "a tenant is named by 1 to 63 characters of a-z, 0-9 and '-', with no '-' at either end");
        }
    }

    @Override
    public int compareTo(TenantId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
