package io.bactrian.core.credential;

/**
 * The id of a stored credential.
 *
 * @param value opaque; unique over all tenants; 1 to 64 characters of letters, digits, {@code - _ . :}
 */
public record CredentialId(String value) {

    /** @throws IllegalArgumentException if the value is not of that form */
    public CredentialId {
        if (value.isEmpty() || value.length() > 64 || !value.chars().allMatch(CredentialId::allowed)) {
            throw new IllegalArgumentException("a credential id has 1 to 64 letters, digits, '-', '_', '.' or ':'");
        }
    }

    private static boolean allowed(int c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || "-_.:".indexOf(c) >= 0;
    }

    @Override
    public String toString() {
        return value;
    }
}
