package io.bactrian.core.invoke;

import io.bactrian.core.error.ErrorCode;
import java.time.Duration;

/**
 * An attempt of a call that failed, and after which others were made or the call was given up.
 *
 * @param target what was called: the call's own model, or a fallback
 * @param credential with which credential
 * @param code how it failed
 * @param time how long it took
 */
public record FailedAttempt(InvocationTarget target, CredentialRef credential, ErrorCode code, Duration time) {
    @Override
    public String toString() {
        return target + " with " + (credential.name().isEmpty() ? credential : "'" + credential.name() + "'") + ": "
                + code.text();
    }
}
