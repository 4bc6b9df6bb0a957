package io.bactrian.core.usage;

/** By what usage is summed up. */
public enum UsageDimension {
    /** By model, as {@code PROVIDER/MODEL}, or by tool, as its address. */
    MODEL,
    /** By the app that the calls were for; empty for none. */
    APP,
    /** By the user who asked; empty for none. */
    USER,
    /** By day, in UTC, as {@code 2026-01-31}. */
    DAY
}
