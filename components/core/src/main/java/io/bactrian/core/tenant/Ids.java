package io.bactrian.core.tenant;

import io.bactrian.core.error.SafeText;

/** The rule that free-form ids share. */
final class Ids {

    private Ids() {}

    static void check(String type, String value, int maxLength) {
        if (value.isBlank() || value.length() > maxLength) {
            throw new IllegalArgumentException(type + " needs 1 to " + maxLength + " characters");
        }
        // ids are logged: a control character could forge a log line (LOG-02)
        if (!SafeText.showable(value)) {
            throw new IllegalArgumentException(
                    type + " must not hold control characters or marks of writing direction");
        }
    }
}
