package io.bactrian.core.manage;

import io.bactrian.core.access.AccessControl;
import io.bactrian.core.access.Actor;
import io.bactrian.core.access.Permission;
import io.bactrian.core.config.ConfigurationStore;
import io.bactrian.core.config.CredentialScope;
import io.bactrian.core.config.ModelBalancing;
import io.bactrian.core.config.ProviderRecord;
import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.provider.ModelType;
import io.bactrian.core.provider.ProviderCatalog;
import io.bactrian.core.provider.ProviderId;
import io.bactrian.core.tenant.TenantId;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How tenants' calls are spread over their credentials, and which models are asked when none is left: checked, set, shown, and
 * each change taken down in the audit log.
 */
public final class BalancingManager {

    private final ConfigurationStore store;
    private final AccessControl access;
    private final BalancingRules rules;

    /**
     * @param store where it is kept
     * @param access decides who may, and takes it down
     * @param catalog knows the models
     */
    public BalancingManager(ConfigurationStore store, AccessControl access, ProviderCatalog catalog) {
        this.store = store;
        this.access = access;
        this.rules = new BalancingRules(store, catalog);
    }

    /**
     * What a plan comes to, without setting it.
     *
     * @throws BadRequestException naming what is wrong and what to do, as {@link BalancingRules#resolve} does
     */
    public ModelBalancing resolve(Actor actor, TenantId tenant, ProviderId provider, BalancingPlan plan) {
        access.require(actor, tenant, Permission.CREDENTIAL_VIEW, provider.value());
        return rules.resolve(tenant, provider, plan);
    }

    /**
     * Sets how calls of a model are spread, in place of what was set before.
     *
     * @return what was set
     * @throws BadRequestException naming what is wrong and what to do, as {@link BalancingRules#resolve} does
     */
    public ModelBalancing set(Actor actor, TenantId tenant, ProviderId provider, BalancingPlan plan) {
        CredentialScope.OfModel model = new CredentialScope.OfModel(provider, plan.model(), plan.type());
        return access.audited(actor, tenant, Permission.MODEL_MANAGE, "balancing.set", model.toString(), () -> {
            ModelBalancing balancing = rules.resolve(tenant, provider, plan);
            store.setBalancing(tenant, provider, balancing, managedBy(actor));
            return balancing;
        });
    }

    /**
     * As {@link #set}, for who changes what they have read.
     *
     * @param read what was read
     * @throws BadRequestException with {@code precondition_failed} if it has changed since, on whichever node
     */
    public ModelBalancing replace(
            Actor actor, TenantId tenant, ProviderId provider, ModelBalancing read, BalancingPlan plan) {
        CredentialScope.OfModel model = new CredentialScope.OfModel(provider, plan.model(), plan.type());
        return access.audited(actor, tenant, Permission.MODEL_MANAGE, "balancing.set", model.toString(), () -> {
            ModelBalancing balancing = rules.resolve(tenant, provider, plan);
            try {
                store.replaceBalancing(tenant, provider, read, balancing);
            } catch (BadRequestException e) {
                if (e.code() != ErrorCode.INVALID_PARAM) {
                    throw e;
                }
                throw new BadRequestException(
                        ErrorCode.PRECONDITION_FAILED,
                        "how calls of " + model + " are spread has been changed since it was read: read it again");
            }
            return balancing;
        });
    }

    /**
     * Has calls of a model no longer be spread; what is set is kept, to be switched on again, and fallbacks stay in force.
     *
     * @throws BadRequestException with {@code invalid_param} if nothing is set, or somebody else changes it meanwhile
     */
    public void switchOff(Actor actor, TenantId tenant, ProviderId provider, String model, ModelType type) {
        CredentialScope.OfModel scope = new CredentialScope.OfModel(provider, model, type);
        access.audited(actor, tenant, Permission.MODEL_MANAGE, "balancing.off", scope.toString(), () -> {
            ModelBalancing read = stored(tenant, scope)
                    .orElseThrow(() -> new BadRequestException(
                            ErrorCode.INVALID_PARAM,
                            "nothing is set about how calls of " + scope
                                    + " are spread: there is nothing to switch off"));
            ModelBalancing off = new ModelBalancing(
                    model, type, false, read.strategy(), read.sticky(), read.entries(), read.fallbacks());
            store.replaceBalancing(tenant, provider, read, off);
            return off;
        });
    }

    /** Removes what is set about how calls of a model are spread, its fallbacks too. False if nothing was. */
    public boolean remove(Actor actor, TenantId tenant, ProviderId provider, String model, ModelType type) {
        CredentialScope.OfModel scope = new CredentialScope.OfModel(provider, model, type);
        return access.audited(
                actor,
                tenant,
                Permission.MODEL_MANAGE,
                "balancing.remove",
                scope.toString(),
                () -> store.removeBalancing(tenant, provider, model, type));
    }

    /** How calls of a model are spread, the names of its credentials among it; empty if nothing is set. */
    public Optional<BalancingView> find(
            Actor actor, TenantId tenant, ProviderId provider, String model, ModelType type) {
        access.require(actor, tenant, Permission.CREDENTIAL_VIEW, provider.value());
        return stored(tenant, new CredentialScope.OfModel(provider, model, type))
                .map(balancing -> view(tenant, provider, balancing));
    }

    /** How calls of a provider's models are spread, of those that anything is set for. */
    public List<BalancingView> list(Actor actor, TenantId tenant, ProviderId provider) {
        access.require(actor, tenant, Permission.CREDENTIAL_VIEW, provider.value());
        return store.provider(tenant, provider).stream()
                .flatMap(record -> record.balancing().stream())
                .map(balancing -> view(tenant, provider, balancing))
                .toList();
    }

    private BalancingView view(TenantId tenant, ProviderId provider, ModelBalancing balancing) {
        List<BalancingRules.Named> credentials =
                rules.credentials(tenant, provider, balancing.model(), balancing.type());
        List<BalancingView.Entry> entries = balancing.entries().stream()
                .map(entry -> {
                    Optional<BalancingRules.Named> named = credentials.stream()
                            .filter(one -> one.credential().id().equals(entry.credential()))
                            .findFirst();
                    return new BalancingView.Entry(
                            entry, named.map(one -> one.credential().name()), named.map(BalancingRules.Named::scope));
                })
                .toList();
        return new BalancingView(
                provider,
                balancing,
                entries,
                store.balancingManagedBy(tenant, provider, balancing.model(), balancing.type()));
    }

    private Optional<ModelBalancing> stored(TenantId tenant, CredentialScope.OfModel model) {
        Optional<ProviderRecord> record = store.provider(tenant, model.provider());
        return record.flatMap(found -> found.balancing(model.type(), model.model()));
    }

    private static @Nullable String managedBy(Actor actor) {
        return actor instanceof Actor.File file ? file.path() : null;
    }
}
