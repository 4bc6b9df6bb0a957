package io.bactrian.core.tenant;

/** Through which door a call came in. */
public enum InvokeSource {
    /** A Camel route or a producer template. */
    ROUTE,
    /** An HTTP surface of the runnable. */
    HTTP,
    /** The command line. */
    CLI,
    /** A tool or an agent, from inside another call. */
    NESTED
}
