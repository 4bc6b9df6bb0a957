package io.bactrian.core.invoke;

import io.bactrian.core.config.SystemProvider;
import io.bactrian.core.credential.Credentials;
import io.bactrian.core.tool.ToolCredentialType;
import org.jspecify.annotations.Nullable;

/** A credential that may pay for a call, opened. Not public: only the transport puts its values to use. */
final class Candidate {

    final CredentialRef ref;
    final Credentials credentials;
    final String wireModel;
    final SystemProvider.@Nullable HostingQuota quota;
    final ToolCredentialType toolCredentialType;
    final int level;
    final int weight;

    Candidate(
            CredentialRef ref, Credentials credentials, String wireModel, SystemProvider.@Nullable HostingQuota quota) {
        this(ref, credentials, wireModel, quota, 0, 1);
    }

    /**
     * A credential of a model.
     *
     * @param level candidates of one level are spread over; those of a later one are for when none of an earlier one is left
     * @param weight its share among those of its level
     */
    Candidate(
            CredentialRef ref,
            Credentials credentials,
            String wireModel,
            SystemProvider.@Nullable HostingQuota quota,
            int level,
            int weight) {
        this.ref = ref;
        this.credentials = credentials;
        this.wireModel = wireModel;
        this.quota = quota;
        this.toolCredentialType = ToolCredentialType.UNAUTHORIZED;
        this.level = level;
        this.weight = weight;
    }

    /** A credential that opens a provider of tools. */
    Candidate(CredentialRef ref, Credentials credentials, ToolCredentialType type) {
        this.ref = ref;
        this.credentials = credentials;
        this.wireModel = "";
        this.quota = null;
        this.toolCredentialType = type;
        this.level = 0;
        this.weight = 1;
    }

    @Override
    public String toString() {
        return ref.toString();
    }
}
