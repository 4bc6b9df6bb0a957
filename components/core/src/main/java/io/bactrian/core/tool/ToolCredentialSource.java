package io.bactrian.core.tool;

import io.bactrian.core.credential.CredentialName;
import io.bactrian.core.tenant.TenantId;
import java.util.ArrayList;
import java.util.List;

/** Where the credentials of tool providers are kept. Thread-safe. */
public interface ToolCredentialSource {

    /** There are none. */
    ToolCredentialSource NONE = (tenant, type, provider) -> List.of();

    /**
     * A tenant's credentials for a provider, oldest first.
     *
     * @throws io.bactrian.core.error.UnavailableException with {@code store_unavailable} if they cannot be read
     */
    List<ToolCredential> credentials(TenantId tenant, ToolProviderType type, String provider);

    /** These credentials before those of another source; of two that all of a tenant may use by one name, this one's serves. */
    default ToolCredentialSource over(ToolCredentialSource lower) {
        return (tenant, type, provider) -> {
            List<ToolCredential> all = new ArrayList<>(credentials(tenant, type, provider));
            List<CredentialName> taken = all.stream()
                    .filter(credential -> credential.onlyFor().isEmpty())
                    .map(credential -> credential.stored().name())
                    .toList();
            lower.credentials(tenant, type, provider).stream()
                    .filter(credential -> !taken.contains(credential.stored().name()))
                    .forEach(all::add);
            return all;
        };
    }
}
