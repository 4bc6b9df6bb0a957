package io.bactrian.testkit.contract;

/** What kinds of tools differ in. What a kind cannot do, the suite expects it to refuse, or to do in the one other way. */
public enum ToolCapability {
    /** A tool may be there for one tenant and not for another; otherwise every tenant has it. */
    PER_TENANT,
    /** Tools have parameters that whoever builds the route or agent sets; otherwise all are the model's. */
    FORM_PARAMETERS,
    /** A tool says itself whether a person is asked before it is called; otherwise a policy does. */
    APPROVAL,
    /** A tool learns who calls, and calls others on their behalf; otherwise it learns nothing of who calls. */
    CALLER,
    /** Several messages of different types come of one call. */
    MIXED_MESSAGES,
    /** Messages come one by one, while the tool goes on; otherwise all at once. */
    STREAMING,
    /** Named values come of a tool. */
    VARIABLES,
    /** Named texts come of a tool piece by piece. */
    STREAMED_VARIABLES,
    /** Files come of a tool. */
    BLOBS,
    /** Files come of a tool piece by piece. */
    BLOB_CHUNKS,
    /** Links come of a tool. */
    LINKS,
    /** An error of ours that a tool ends with comes through as it is; otherwise as any other. */
    OWN_ERRORS,
    /**
     * A tool runs on the thread of its caller: it is interrupted with it, and watches the deadline itself. Otherwise it is given
     * up when the call's time is up.
     */
    CALLERS_THREAD
}
