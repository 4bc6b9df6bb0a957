package io.bactrian.core.config;

import io.bactrian.core.provider.ModelType;
import io.bactrian.core.provider.ProviderId;
import io.bactrian.core.tenant.TenantId;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A provider that the operator pays for.
 *
 * @param credential the operator's credential
 * @param provider the provider it opens
 * @param quota what tenants may use of it; null for a system credential, which is granted unmetered
 * @param tenants the tenants it is granted to
 * @param allTenants whether it is granted to every tenant
 * @param restrictModels the models it may be used for; empty for all
 * @param declaredIn the file or setting that declares it
 */
public record SystemProvider(
        StoredCredential credential,
        ProviderId provider,
        @Nullable HostingQuota quota,
        Set<TenantId> tenants,
        boolean allTenants,
        List<RestrictModel> restrictModels,
        String declaredIn) {

    /** Copies the collections. */
    public SystemProvider {
        tenants = Set.copyOf(tenants);
        restrictModels = List.copyOf(restrictModels);
    }

    /** Whether it is metered. */
    public boolean hosted() {
        return quota != null;
    }

    /** Whether a tenant may use it. */
    public boolean grantedTo(TenantId tenant) {
        return allTenants || tenants.contains(tenant);
    }

    /** Whether it may be used for a model. */
    public boolean allows(ModelType type, String model) {
        return restrictModels.isEmpty() || restriction(type, model).isPresent();
    }

    /** The restriction that names a model. */
    public Optional<RestrictModel> restriction(ModelType type, String model) {
        return restrictModels.stream()
                .filter(restrict -> restrict.type() == type && restrict.model().equals(model))
                .findFirst();
    }

    /**
     * A model that may be used.
     *
     * @param model the name that callers use
     * @param type what it does
     * @param baseModelName the name that the provider knows it by, such as a deployment; null for the same
     */
    public record RestrictModel(
            String model, ModelType type, @Nullable String baseModelName) {}

    /**
     * What tenants may use.
     *
     * @param type {@code paid}, {@code free} or {@code trial}
     * @param unit {@code times}, {@code tokens} or {@code credits}
     * @param limit how many units; -1 for no limit
     */
    public record HostingQuota(String type, String unit, long limit) {
        /** Whether there is no limit to keep to. */
        public boolean unlimited() {
            return limit == -1;
        }
    }
}
