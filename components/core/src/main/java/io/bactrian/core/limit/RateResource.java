package io.bactrian.core.limit;

import java.util.Locale;

/** What a limit counts. */
public enum RateResource {
    /** Calls that were let in, of models and of tools. */
    REQUESTS,
    /** Tokens of calls of models that were let in. */
    TOKENS,
    /** Calls that are under way, each until its answer or its stream has ended. */
    CONCURRENT;

    private final String text = name().toLowerCase(Locale.ROOT);

    /** The value as written: {@code requests}, {@code tokens}, {@code concurrent}. */
    public String text() {
        return text;
    }

    @Override
    public String toString() {
        return text;
    }
}
