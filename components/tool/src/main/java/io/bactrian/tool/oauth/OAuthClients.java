package io.bactrian.tool.oauth;

import io.bactrian.core.config.CredentialUnreadableException;
import io.bactrian.core.config.StoredCredential;
import io.bactrian.core.credential.CredentialForm;
import io.bactrian.core.credential.Credentials;
import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.MisconfiguredException;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tool.OAuthStore;
import io.bactrian.core.tool.ToolProviderName;
import java.util.Map;
import java.util.Optional;

/** Who tenants are to providers, checked and opened. */
final class OAuthClients {

    private final OAuthStore store;

    OAuthClients(OAuthStore store) {
        this.store = store;
    }

    /**
     * The client of a tenant.
     *
     * @throws MisconfiguredException if nobody has said who it is, or that cannot be read
     */
    OAuthClient require(TenantId tenant, ToolProviderName provider) {
        StoredCredential stored = store.client(tenant, provider)
                .orElseThrow(() -> new MisconfiguredException(
                        ErrorCode.MISCONFIGURED,
                        "nobody has said who tenant '" + tenant + "' is to " + provider
                                + ": ./bactrian tool oauth-client set " + provider + " --tenant " + tenant));
        return OAuthClient.of(open(stored, tenant, provider));
    }

    void put(TenantId tenant, ToolProviderName provider, Credentials given) {
        boolean keeps = given.text(OAuthClient.CLIENT_SECRET)
                .filter(CredentialForm.UNCHANGED::equals)
                .isPresent();
        Optional<StoredCredential> stored = keeps ? store.client(tenant, provider) : Optional.empty();
        Credentials checked = stored.isPresent()
                ? OAuthClient.FORM.update(given, open(stored.get(), tenant, provider))
                : OAuthClient.FORM.check(given);
        Optional<String> issuer = checked.text(OAuthClient.ISSUER);
        if (issuer.isPresent() && !OAuthProvider.isSafe(issuer.get())) {
            throw new BadRequestException(
                    ErrorCode.INVALID_PARAM,
                    OAuthClient.ISSUER + ": has to be an https URL, as the provider writes it");
        }
        store.putClient(tenant, provider, checked);
    }

    Optional<Map<String, String>> obfuscated(TenantId tenant, ToolProviderName provider) {
        return store.client(tenant, provider)
                .map(stored -> OAuthClient.FORM.obfuscated(open(stored, tenant, provider)));
    }

    private static Credentials open(StoredCredential stored, TenantId tenant, ToolProviderName provider) {
        try {
            return stored.open();
        } catch (CredentialUnreadableException e) {
            throw new MisconfiguredException(
                    ErrorCode.CREDENTIAL_UNREADABLE,
                    "the OAuth client of " + provider + " cannot be read (" + e.reason()
                            + "): enter all of its values anew with ./bactrian tool oauth-client set " + provider
                            + " --tenant " + tenant);
        }
    }
}
