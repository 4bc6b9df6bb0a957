package io.bactrian.core.balance;

import io.bactrian.core.provider.ModelType;
import io.bactrian.core.provider.ProviderId;
import io.bactrian.core.tenant.TenantId;
import org.jspecify.annotations.Nullable;

/**
 * What can be out: a credential, or one model as that credential reaches it.
 *
 * @param tenant whose credential it is; null for the operator's, which tenants share
 * @param provider the provider that it opens
 * @param credential its id; empty where the provider asks for none
 * @param model the model; null for the credential as a whole
 * @param type what the model does; null for the credential as a whole
 */
public record CooldownKey(
        @Nullable TenantId tenant,
        ProviderId provider,
        String credential,
        @Nullable String model,
        @Nullable ModelType type) {

    /** A credential as a whole. */
    public static CooldownKey ofCredential(@Nullable TenantId tenant, ProviderId provider, String credential) {
        return new CooldownKey(tenant, provider, credential, null, null);
    }

    /** The same credential for one model. */
    public CooldownKey forModel(String name, ModelType does) {
        return new CooldownKey(tenant, provider, credential, name, does);
    }

    /** What is out. */
    public CooldownScope scope() {
        return model == null ? CooldownScope.CREDENTIAL : CooldownScope.DEPLOYMENT;
    }
}
