package io.bactrian.core.credential;

import java.math.BigDecimal;

/** One value of a credential, typed as it was given: an explicit {@code false} or {@code 0} is a value. */
public sealed interface CredentialValue {

    /** A value that is never shown. */
    record Hidden(Secret secret) implements CredentialValue {}

    /** Plain text. */
    record Text(String text) implements CredentialValue {}

    /** Yes or no. */
    record Flag(boolean on) implements CredentialValue {}

    /** A number, exact. */
    record Number(BigDecimal number) implements CredentialValue {}

    /** The value as text, as form conditions and options compare it; a hidden one gives its fixed placeholder. */
    default String shown() {
        if (this instanceof Text value) {
            return value.text();
        }
        if (this instanceof Flag value) {
            return Boolean.toString(value.on());
        }
        if (this instanceof Number value) {
            return value.number().toPlainString();
        }
        return toString();
    }
}
