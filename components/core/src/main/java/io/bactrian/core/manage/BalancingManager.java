package io.bactrian.core.manage;

import io.bactrian.core.access.Actor;
import io.bactrian.core.config.AuditEvent;
import io.bactrian.core.config.AuditLog;
import io.bactrian.core.config.Audited;
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
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How tenants' calls are spread over their credentials, and which models are asked when none is left: checked, set, shown, and
 * each change taken down in the audit log. Only the operator, files, and a tenant's owners and admins may.
 */
public final class BalancingManager {

    private final ConfigurationStore store;
    private final AuditLog audit;
    private final BalancingRules rules;
    private final Clock clock;

    /**
     * @param store where it is kept
     * @param audit takes changes down
     * @param catalog knows the models
     * @param clock the time of audit events
     */
    public BalancingManager(ConfigurationStore store, AuditLog audit, ProviderCatalog catalog, Clock clock) {
        this.store = store;
        this.audit = audit;
        this.rules = new BalancingRules(store, catalog);
        this.clock = clock;
    }

    /**
     * What a plan comes to, without setting it.
     *
     * @throws BadRequestException naming what is wrong and what to do, as {@link BalancingRules#resolve} does
     */
    public ModelBalancing resolve(TenantId tenant, ProviderId provider, BalancingPlan plan) {
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
        return audited(actor, tenant, "balancing.set", model, () -> {
            ModelBalancing balancing = rules.resolve(tenant, provider, plan);
            store.setBalancing(tenant, provider, balancing, managedBy(actor));
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
        audited(actor, tenant, "balancing.off", scope, () -> {
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
        return audited(
                actor, tenant, "balancing.remove", scope, () -> store.removeBalancing(tenant, provider, model, type));
    }

    /** How calls of a model are spread; empty if nothing is set. */
    public Optional<BalancingView> find(TenantId tenant, ProviderId provider, String model, ModelType type) {
        return stored(tenant, new CredentialScope.OfModel(provider, model, type))
                .map(balancing -> view(tenant, provider, balancing));
    }

    /** How calls of a provider's models are spread, of those that anything is set for. */
    public List<BalancingView> list(TenantId tenant, ProviderId provider) {
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

    private <T> T audited(Actor actor, TenantId tenant, String action, CredentialScope model, Supplier<T> work) {
        return Audited.run(
                audit,
                outcome -> new AuditEvent(clock.instant(), tenant, actor.name(), action, model.toString(), outcome),
                () -> {
                    CredentialManager.requirePrivileged(actor, tenant);
                    return work.get();
                });
    }
}
