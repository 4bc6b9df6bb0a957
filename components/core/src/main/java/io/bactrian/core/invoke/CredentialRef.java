package io.bactrian.core.invoke;

import io.bactrian.core.provider.ProviderId;

/**
 * A credential by name, without its values: what interceptors, headers and explanations may show.
 *
 * @param source the step of the priority chain it comes from
 * @param provider the provider it opens
 * @param id its id; empty when no credential is needed
 * @param name the name its owner gave it
 * @param version counts its changes
 */
public record CredentialRef(CredentialSource source, ProviderId provider, String id, String name, long version) {
    @Override
    public String toString() {
        return source == CredentialSource.NONE_NEEDED
                ? source.text()
                : "'" + name + "' (" + source.text() + ", " + provider + ", " + id + ")";
    }
}
