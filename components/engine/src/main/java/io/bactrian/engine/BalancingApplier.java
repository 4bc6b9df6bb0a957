package io.bactrian.engine;

import io.bactrian.core.access.Actor;
import io.bactrian.core.config.ConfigurationStore;
import io.bactrian.core.config.CredentialScope;
import io.bactrian.core.config.ModelBalancing;
import io.bactrian.core.config.ProviderRecord;
import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.manage.BalancingManager;
import io.bactrian.core.manage.BalancingPlan;
import io.bactrian.core.provider.ProviderId;
import io.bactrian.core.tenant.TenantId;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings how a tenant's calls are spread to what a file declares. What was set by hand for a model that the file speaks of gives
 * way to the file; what was set for others is left alone.
 */
final class BalancingApplier {

    private static final Logger LOG = LoggerFactory.getLogger(BalancingApplier.class);

    private final ConfigurationStore store;
    private final BalancingManager balancing;

    BalancingApplier(ConfigurationStore store, BalancingManager balancing) {
        this.store = store;
        this.balancing = balancing;
    }

    /** Applied when the file's credentials are as it declares them. */
    void apply(WorkspaceFile file) {
        TenantId tenant = file.tenant().id();
        Set<CredentialScope.OfModel> declared = new HashSet<>();
        for (WorkspaceFile.Balanced wanted : file.balancing()) {
            BalancingPlan plan = wanted.plan();
            declared.add(new CredentialScope.OfModel(wanted.provider(), plan.model(), plan.type()));
            try {
                set(file, tenant, wanted.provider(), plan);
            } catch (BadRequestException e) {
                throw new BadRequestException(
                        e.code(),
                        file.file() + ": balancing of " + wanted.provider() + "/" + plan.model() + ": "
                                + e.getMessage());
            }
        }
        store.providers(tenant).forEach(provider -> takeBack(file, tenant, provider, declared));
    }

    private void set(WorkspaceFile file, TenantId tenant, ProviderId provider, BalancingPlan plan) {
        ModelBalancing wanted = balancing.resolve(new Actor.File(file.file()), tenant, provider, plan);
        boolean same = record(tenant, provider)
                .flatMap(record -> record.balancing(plan.type(), plan.model()))
                .equals(Optional.of(wanted));
        if (!same || !managedBy(tenant, provider, wanted).equals(Optional.of(file.file()))) {
            balancing.set(new Actor.File(file.file()), tenant, provider, plan);
        }
    }

    private void takeBack(
            WorkspaceFile file, TenantId tenant, ProviderId provider, Set<CredentialScope.OfModel> declared) {
        record(tenant, provider).stream()
                .flatMap(record -> record.balancing().stream())
                .filter(one -> !declared.contains(new CredentialScope.OfModel(provider, one.model(), one.type())))
                .filter(one -> managedBy(tenant, provider, one).equals(Optional.of(file.file())))
                .forEach(one -> {
                    balancing.remove(new Actor.File(file.file()), tenant, provider, one.model(), one.type());
                    LOG.info(
                            "{}: balancing of {}/{} ({}) is no longer declared and was removed",
                            file.file(),
                            provider,
                            one.model(),
                            one.type());
                });
    }

    private Optional<String> managedBy(TenantId tenant, ProviderId provider, ModelBalancing one) {
        return store.balancingManagedBy(tenant, provider, one.model(), one.type());
    }

    private Optional<ProviderRecord> record(TenantId tenant, ProviderId provider) {
        return store.provider(tenant, provider);
    }
}
