package io.bactrian.http;

import org.jspecify.annotations.Nullable;

/** Takes in persons who come back from a provider that they were sent to. Thread-safe; may block. */
@FunctionalInterface
public interface Authorizations {

    /** Where they come back to. */
    String PATH = "/oauth/callback";

    /**
     * Finishes what a person has said yes to.
     *
     * @param query what they bring along, as it was sent; null for nothing
     * @return a sentence for them
     * @throws io.bactrian.core.error.InvokeException whose message they may see, if nothing comes of it
     */
    String finish(@Nullable String query);
}
