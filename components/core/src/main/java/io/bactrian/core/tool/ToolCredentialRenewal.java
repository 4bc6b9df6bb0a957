package io.bactrian.core.tool;

import io.bactrian.core.tenant.Deadline;
import io.bactrian.core.tenant.TenantId;

/** Renews OAuth 2 tokens that are about to expire: once, however many calls and nodes ask for it. Thread-safe. */
public interface ToolCredentialRenewal {

    /**
     * The credential with a token that is valid for a while.
     *
     * @throws io.bactrian.core.error.InvokeException if the provider refuses to renew it or cannot be reached
     */
    ToolCredential renew(
            TenantId tenant,
            ToolProviderEntity provider,
            ToolProviderType type,
            ToolCredential credential,
            Deadline deadline);
}
