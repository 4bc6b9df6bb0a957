package io.bactrian.core.invoke;

import io.bactrian.core.provider.ProviderId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A credential by name, without its values: what interceptors, headers and explanations may show.
 *
 * @param source the step of the priority chain it comes from
 * @param provider the provider it opens
 * @param id its id; empty when no credential is needed
 * @param name the name its owner gave it
 * @param version counts its changes
 * @param previousUntil for the values that a credential had before it was rotated: when they stop being valid; null for
 *     those in force
 */
public record CredentialRef(
        CredentialSource source,
        ProviderId provider,
        String id,
        String name,
        long version,
        @Nullable Instant previousUntil) {

    /** A credential with the values in force. */
    public CredentialRef(CredentialSource source, ProviderId provider, String id, String name, long version) {
        this(source, provider, id, name, version, null);
    }

    /** Whether these are the values that the credential had before it was rotated. */
    public boolean previous() {
        return previousUntil != null;
    }

    @Override
    public String toString() {
        if (source == CredentialSource.NONE_NEEDED) {
            return source.text();
        }
        String named = "'" + name + "' (" + source.text() + ", " + provider + ", " + id + ")";
        return previousUntil == null ? named : "previous values of " + named + ", valid until " + previousUntil;
    }
}
