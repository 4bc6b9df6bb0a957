package io.bactrian.engine;

import io.bactrian.core.access.Actor;
import io.bactrian.core.config.ConfigurationStore;
import io.bactrian.core.config.CredentialScope;
import io.bactrian.core.config.CredentialUnreadableException;
import io.bactrian.core.config.CustomModelRecord;
import io.bactrian.core.config.MemberRecord;
import io.bactrian.core.config.ModelReference;
import io.bactrian.core.config.ModelSetting;
import io.bactrian.core.config.ProviderRecord;
import io.bactrian.core.config.StoredCredential;
import io.bactrian.core.config.TenantRecord;
import io.bactrian.core.credential.CredentialId;
import io.bactrian.core.credential.Credentials;
import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.manage.BalancingManager;
import io.bactrian.core.manage.BudgetManager;
import io.bactrian.core.manage.CredentialManager;
import io.bactrian.core.manage.CredentialSharing;
import io.bactrian.core.manage.LimitManager;
import io.bactrian.core.manage.MemberManager;
import io.bactrian.core.provider.ModelType;
import io.bactrian.core.provider.ProviderId;
import io.bactrian.core.tenant.TenantId;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a store to what files declare. Applied twice, the second time changes nothing. What a file declared once and no
 * longer does is taken back; what was made by hand is left alone.
 */
final class WorkspaceApplier {

    private static final Logger LOG = LoggerFactory.getLogger(WorkspaceApplier.class);

    /** How often a file is applied that others get in the way of. */
    private static final int ATTEMPTS = 5;

    private final ConfigurationStore store;
    private final CredentialManager credentials;
    private final BalancingApplier balancing;
    private final RuleApplier rules;
    private final MemberManager members;

    WorkspaceApplier(
            ConfigurationStore store,
            CredentialManager credentials,
            BalancingManager balancing,
            MemberManager members,
            BudgetManager budgets,
            LimitManager limits) {
        this.store = store;
        this.credentials = credentials;
        this.balancing = new BalancingApplier(store, balancing);
        this.members = members;
        this.rules = new RuleApplier(budgets, limits);
    }

    void apply(List<WorkspaceFile> files) {
        files.forEach(this::applied);
    }

    /** Nodes that start together apply the same file: what another has done meanwhile is there when it is applied again. */
    private void applied(WorkspaceFile file) {
        for (int attempt = 1; attempt < ATTEMPTS; attempt++) {
            try {
                apply(file);
                return;
            } catch (BadRequestException e) {
                LOG.debug("{} is applied again: {}", file.file(), e.getMessage());
            }
        }
        apply(file);
    }

    private void apply(WorkspaceFile file) {
        TenantRecord wanted = file.tenant();
        if (!store.tenant(wanted.id()).equals(Optional.of(wanted))) {
            store.putTenant(wanted);
            LOG.info("{}: tenant {} set up", file.file(), wanted.id());
        }
        // first, as nothing is to be spent before
        rules.apply(file);
        file.members().ifPresent(listed -> members(file, wanted.id(), listed));
        Set<CredentialId> declared = new HashSet<>();
        for (WorkspaceFile.Declared credential : file.credentials()) {
            declared.add(credential(file, wanted.id(), credential));
        }
        takeBack(file, wanted.id(), declared);
        balancing.apply(file);
        file.preferences().forEach(preference -> preference(wanted.id(), preference));
        file.settings()
                .forEach((provider, settings) -> settings.forEach(setting -> setting(wanted.id(), provider, setting)));
        file.defaultModels().forEach((type, model) -> defaultModel(wanted.id(), type, model));
    }

    private void members(WorkspaceFile file, TenantId tenant, List<MemberRecord> wanted) {
        Map<String, MemberRecord> present = store.members(tenant).stream()
                .collect(Collectors.toMap(member -> member.user().value(), member -> member));
        Actor actor = new Actor.File(file.file());
        for (MemberRecord member : wanted) {
            MemberRecord known = present.remove(member.user().value());
            if (known == null) {
                members.add(actor, tenant, member.user(), member.role());
            } else if (!known.equals(member)) {
                members.changeRole(actor, tenant, member.user(), member.role());
            }
        }
        // the file has the whole list: a member who was taken off it has lost their role
        present.values().forEach(member -> {
            members.remove(actor, tenant, member.user());
            LOG.info("{}: a member who is no longer listed was removed from tenant {}", file.file(), tenant);
        });
    }

    private CredentialId credential(WorkspaceFile file, TenantId tenant, WorkspaceFile.Declared declared) {
        Actor actor = new Actor.File(file.file());
        Optional<StoredCredential> present = stored(tenant, declared.scope()).stream()
                .filter(stored -> stored.name().equals(declared.name()))
                .findFirst();
        CredentialId id;
        if (present.isEmpty()) {
            id = credentials.add(
                    actor,
                    tenant,
                    declared.scope(),
                    declared.name(),
                    declared.values(),
                    declared.sharing().orElse(CredentialSharing.WITH_ALL));
        } else {
            id = present.get().id();
            requireOwn(file, tenant, declared, id);
            if (!declared.values().equals(opened(present.get()))) {
                credentials.update(actor, tenant, declared.scope(), id, declared.name(), declared.values());
            }
            share(actor, tenant, declared, present.get());
        }
        if (declared.active() && !id.equals(active(tenant, declared.scope()))) {
            credentials.activate(actor, tenant, declared.scope(), id);
        }
        return id;
    }

    /** What a file does not say, it leaves as it is: nobody is let in by a file that is silent. */
    private void share(Actor actor, TenantId tenant, WorkspaceFile.Declared declared, StoredCredential present) {
        declared.sharing()
                .filter(sharing -> !sharing.by(present.visibility().owner()).equals(present.visibility()))
                .ifPresent(sharing -> credentials.share(actor, tenant, declared.scope(), present.id(), sharing));
    }

    private void requireOwn(WorkspaceFile file, TenantId tenant, WorkspaceFile.Declared declared, CredentialId id) {
        Optional<String> manager = store.managedBy(tenant, id);
        if (!manager.equals(Optional.of(file.file()))) {
            throw new BadRequestException(
                    ErrorCode.INVALID_PARAM,
                    file.file() + ": credential '" + declared.name() + "' of " + declared.scope()
                            + " is there already, "
                            + manager.map(other -> "declared by " + other).orElse("made by hand")
                            + ": give it another name in the file, or remove it with ./bactrian credential remove");
        }
    }

    private static @Nullable Credentials opened(StoredCredential stored) {
        try {
            return stored.open();
        } catch (CredentialUnreadableException e) {
            // the file knows the values: they are written anew
            return null;
        }
    }

    private void takeBack(WorkspaceFile file, TenantId tenant, Set<CredentialId> declared) {
        for (ProviderId provider : store.providers(tenant)) {
            takeBack(file, tenant, new CredentialScope.OfProvider(provider), declared);
            record(tenant, provider)
                    .models()
                    .forEach(model -> takeBack(
                            file,
                            tenant,
                            new CredentialScope.OfModel(provider, model.model(), model.type()),
                            declared));
        }
    }

    private void takeBack(WorkspaceFile file, TenantId tenant, CredentialScope scope, Set<CredentialId> declared) {
        for (StoredCredential stored : stored(tenant, scope)) {
            boolean ours = store.managedBy(tenant, stored.id()).equals(Optional.of(file.file()));
            if (ours && !declared.contains(stored.id())) {
                credentials.remove(new Actor.File(file.file()), tenant, scope, stored.id());
                LOG.info(
                        "{}: credential '{}' of {} is no longer declared and was removed",
                        file.file(),
                        stored.name(),
                        scope);
            }
        }
    }

    private void preference(TenantId tenant, WorkspaceFile.Preference wanted) {
        ProviderRecord present = record(tenant, wanted.provider());
        boolean same = Optional.ofNullable(present.preferredType()).equals(wanted.preferred())
                && present.descend() == wanted.descend();
        if (!same) {
            store.preferProviderType(
                    tenant, wanted.provider(), wanted.preferred().orElse(null), wanted.descend());
        }
        if (present.configured() && present.enabled() != wanted.enabled()) {
            store.enableProvider(tenant, wanted.provider(), wanted.enabled());
        }
    }

    private void setting(TenantId tenant, ProviderId provider, ModelSetting wanted) {
        if (record(tenant, provider).modelEnabled(wanted.type(), wanted.model()) != wanted.enabled()) {
            store.enableModel(tenant, provider, wanted);
        }
    }

    private void defaultModel(TenantId tenant, ModelType type, ModelReference wanted) {
        if (!store.defaultModel(tenant, type).equals(Optional.of(wanted))) {
            store.setDefaultModel(tenant, type, wanted);
        }
    }

    private ProviderRecord record(TenantId tenant, ProviderId provider) {
        return store.provider(tenant, provider).orElseGet(() -> ProviderRecord.none(tenant, provider));
    }

    private List<StoredCredential> stored(TenantId tenant, CredentialScope scope) {
        ProviderRecord record = record(tenant, scope.provider());
        if (scope instanceof CredentialScope.OfModel model) {
            return record.model(model.type(), model.model())
                    .map(CustomModelRecord::credentials)
                    .orElse(List.of());
        }
        return record.credentials();
    }

    private @Nullable CredentialId active(TenantId tenant, CredentialScope scope) {
        ProviderRecord record = record(tenant, scope.provider());
        if (scope instanceof CredentialScope.OfModel model) {
            return record.model(model.type(), model.model())
                    .map(CustomModelRecord::activeCredential)
                    .orElse(null);
        }
        return record.activeCredential();
    }
}
