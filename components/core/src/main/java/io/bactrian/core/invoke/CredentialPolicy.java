package io.bactrian.core.invoke;

import io.bactrian.core.tenant.Caller;
import java.util.Optional;

/** A rule on the use of credentials. Thread-safe. One that throws forbids. */
public interface CredentialPolicy {

    /** Why this caller may not use this credential; empty if it may. */
    Optional<String> violation(Caller caller, CredentialRef credential);
}
