package io.bactrian.core.file;

/** What a browser is to do with a file (RFC 6266). */
public enum FileDisposition {
    /** Show it, if it is of a kind that is safe to show. */
    INLINE,
    /** Save it. */
    ATTACHMENT
}
