package io.bactrian.core.invoke;

import io.bactrian.core.tenant.Caller;
import java.util.Optional;

/** A rule on who may call what. Thread-safe. One that throws forbids. */
public interface AccessPolicy {

    /** Why this caller may not call this target; empty if it may. */
    Optional<String> denial(Caller caller, InvocationTarget target);
}
