package io.bactrian.core.balance;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.FailureClass;
import java.time.Instant;

/**
 * Who is out, why, and until when.
 *
 * @param key who
 * @param reason the class of the failure
 * @param code the failure
 * @param trips how many times in a row
 * @param credentialVersion the version of the credential that failed; another one may do better at once
 * @param until when it is tried again
 */
public record Cooldown(
        CooldownKey key, FailureClass reason, ErrorCode code, int trips, long credentialVersion, Instant until) {}
