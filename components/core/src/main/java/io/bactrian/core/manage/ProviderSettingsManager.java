package io.bactrian.core.manage;

import io.bactrian.core.access.AccessControl;
import io.bactrian.core.access.Actor;
import io.bactrian.core.access.Permission;
import io.bactrian.core.config.ConfigurationSource;
import io.bactrian.core.config.ConfigurationStore;
import io.bactrian.core.config.ProviderRecord;
import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.provider.ProviderCatalog;
import io.bactrian.core.provider.ProviderEntity;
import io.bactrian.core.provider.ProviderId;
import io.bactrian.core.provider.ProviderType;
import io.bactrian.core.tenant.TenantId;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What tenants configure for providers, their credentials apart. All members see it, owners and admins change it. */
public final class ProviderSettingsManager {

    private final ConfigurationStore store;
    private final ConfigurationSource source;
    private final ProviderCatalog catalog;
    private final AccessControl access;

    /**
     * @param store where it is written
     * @param source what is in force, that of settings too
     * @param catalog knows the providers
     * @param access decides who may, and takes it down
     */
    public ProviderSettingsManager(
            ConfigurationStore store, ConfigurationSource source, ProviderCatalog catalog, AccessControl access) {
        this.store = store;
        this.source = source;
        this.catalog = catalog;
        this.access = access;
    }

    /** All providers there are, in the order of the catalogue. */
    public List<ProviderSettings> list(Actor actor, TenantId tenant) {
        access.require(actor, tenant, Permission.PROVIDER_VIEW, "providers");
        return catalog.all().stream().map(entity -> settings(tenant, entity)).toList();
    }

    /**
     * A provider.
     *
     * @throws BadRequestException with {@code provider_not_found}
     */
    public ProviderSettings get(Actor actor, TenantId tenant, ProviderId provider) {
        access.require(actor, tenant, Permission.PROVIDER_VIEW, provider.value());
        return settings(tenant, declared(catalog, provider));
    }

    /** Switches a tenant's own configuration of a provider on or off. */
    public void enable(Actor actor, TenantId tenant, ProviderId provider, boolean enabled) {
        String action = enabled ? "provider.enable" : "provider.disable";
        access.audited(actor, tenant, Permission.PROVIDER_MANAGE, action, provider.value(), () -> {
            declared(catalog, provider);
            store.enableProvider(tenant, provider, enabled);
            return provider;
        });
    }

    /**
     * Says whose credentials a tenant wants to use.
     *
     * @param preferred whose; null for the rule: its own if it has any
     * @param descend whether its own give way to the operator's if they cannot be used
     */
    public void prefer(
            Actor actor, TenantId tenant, ProviderId provider, @Nullable ProviderType preferred, boolean descend) {
        access.audited(actor, tenant, Permission.PROVIDER_MANAGE, "provider.prefer", provider.value(), () -> {
            declared(catalog, provider);
            store.preferProviderType(tenant, provider, preferred, descend);
            return provider;
        });
    }

    /**
     * Removes all that a tenant has configured for a provider, its credentials too.
     *
     * @throws BadRequestException with {@code provider_not_initialize} if there is nothing
     */
    public void reset(Actor actor, TenantId tenant, ProviderId provider) {
        access.audited(actor, tenant, Permission.PROVIDER_MANAGE, "provider.reset", provider.value(), () -> {
            if (!store.removeProvider(tenant, provider)) {
                throw new BadRequestException(
                        ErrorCode.PROVIDER_NOT_INITIALIZE,
                        "tenant '" + tenant + "' has configured nothing for provider '" + provider + "'");
            }
            return provider;
        });
    }

    private ProviderSettings settings(TenantId tenant, ProviderEntity entity) {
        ProviderRecord record = source.provider(tenant, entity.provider())
                .orElseGet(() -> ProviderRecord.none(tenant, entity.provider()));
        int ofModels = record.models().stream()
                .mapToInt(model -> model.credentials().size())
                .sum();
        return new ProviderSettings(
                entity,
                record.configured(),
                record.enabled(),
                Optional.ofNullable(record.preferredType()),
                record.descend(),
                record.credentials().size() + ofModels);
    }

    static ProviderEntity declared(ProviderCatalog catalog, ProviderId provider) {
        return catalog.find(provider)
                .orElseThrow(() -> new BadRequestException(
                        ErrorCode.PROVIDER_NOT_FOUND,
                        "there is no provider '" + provider + "': see ./bactrian provider list, or declare it in"
                                + " config/providers/" + provider + ".yaml"));
    }
}
