package io.bactrian.core.credential;

import io.bactrian.core.error.SafeText;

/**
 * The name that a tenant gives to one of its credentials, and that a route may ask for.
 *
 * @param value 1 to 30 characters (Dify's limit) without control characters
 */
public record CredentialName(String value) {

    private static final int LONGEST = 30;

    /** @throws IllegalArgumentException if the value is blank, longer than 30 characters or holds control characters */
    public CredentialName {
        if (value.isBlank() || value.length() > LONGEST || !SafeText.showable(value)) {
            throw new IllegalArgumentException(
                    "a credential name has 1 to " + LONGEST + " characters and no control characters");
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
