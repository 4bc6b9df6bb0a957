package io.bactrian.core.credential;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/**
 * A value that nobody may see by accident: it does not print, does not serialise (neither in Java's form, nor by
 * getters) and compares in constant time. A class and not a record, since records print themselves (CRED-14).
 */
public final class Secret {

    private static final String SHOWN = "Secret[hidden]";

    private final String value;

    private Secret(String value) {
        this.value = value;
    }

    /**
     * Wraps a value.
     *
     * @throws IllegalArgumentException if it is empty: an empty secret is a missing one
     */
    public static Secret of(String value) {
        if (value.isEmpty()) {
            throw new IllegalArgumentException("a secret is not empty");
        }
        return new Secret(value);
    }

    /** The value itself. Only what puts it on the wire, or encrypts it, calls this. */
    public String reveal() {
        return value;
    }

    /** Whether the text is this secret; takes as long for a near miss as for a far one. */
    public boolean matches(String text) {
        return MessageDigest.isEqual(value.getBytes(StandardCharsets.UTF_8), text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Secret secret && matches(secret.value);
    }

    /** The same for every secret: a hash of the value would tell something of it. */
    @Override
    public int hashCode() {
        return Secret.class.hashCode();
    }

    @Override
    public String toString() {
        return SHOWN;
    }
}
