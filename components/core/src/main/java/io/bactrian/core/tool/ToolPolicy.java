package io.bactrian.core.tool;

import io.bactrian.core.tenant.Caller;

/** A rule on which tools a person has to approve. Thread-safe. One that throws denies. */
public interface ToolPolicy {

    /** What this caller's call of this tool needs at least. The strictest of all policies and of the tool itself holds. */
    ToolApproval approval(Caller caller, Tool tool);
}
