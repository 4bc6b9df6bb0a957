package io.bactrian.core.config;

import io.bactrian.core.credential.CredentialId;
import io.bactrian.core.provider.ModelType;
import io.bactrian.core.provider.ProviderId;
import io.bactrian.core.tenant.Role;
import io.bactrian.core.tenant.UserId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All that memory holds of one tenant. Immutable: a change makes another one, so that readers never see half of it.
 *
 * @param record the tenant
 * @param managesMembers whether it ever had a member; stays true when the last one leaves, which must not let everybody in
 * @param members roles by user
 * @param providers what is configured, by provider; none that is configured nothing of
 * @param defaults default models
 * @param managed the files that manage credentials
 * @param balancedBy the files that say how calls of a model are spread
 */
record MemoryTenant(
        TenantRecord record,
        boolean managesMembers,
        Map<UserId, Role> members,
        Map<ProviderId, ProviderRecord> providers,
        Map<ModelType, ModelReference> defaults,
        Map<CredentialId, String> managed,
        Map<CredentialScope.OfModel, String> balancedBy) {

    MemoryTenant {
        members = Map.copyOf(members);
        providers = Map.copyOf(providers);
        defaults = Map.copyOf(defaults);
        managed = Map.copyOf(managed);
        balancedBy = Map.copyOf(balancedBy);
    }

    static MemoryTenant of(TenantRecord record) {
        return new MemoryTenant(record, false, Map.of(), Map.of(), Map.of(), Map.of(), Map.of());
    }

    MemoryTenant withRecord(TenantRecord changed) {
        return new MemoryTenant(changed, managesMembers, members, providers, defaults, managed, balancedBy);
    }

    /** The tenant with a member; null for one who leaves, and whom no credential lists any more then. */
    MemoryTenant withMember(UserId user, @Nullable Role role) {
        Map<ProviderId, ProviderRecord> changed = new HashMap<>(providers);
        if (role == null) {
            changed.replaceAll((provider, old) -> MemoryProviders.withoutUser(old, user));
        }
        return new MemoryTenant(
                record,
                managesMembers || role != null,
                put(members, user, role),
                changed,
                defaults,
                managed,
                balancedBy);
    }

    /** The tenant itself, if those whom a credential is to be for are members. */
    MemoryTenant requiring(CredentialVisibility visibility) {
        visibility.mustBeMembers().stream()
                .filter(user -> !members.containsKey(user))
                .findFirst()
                .ifPresent(user -> {
                    throw CredentialVisibility.noMember(user, record.id());
                });
        return this;
    }

    MemoryTenant withDefault(ModelType type, @Nullable ModelReference model) {
        return new MemoryTenant(
                record, managesMembers, members, providers, put(defaults, type, model), managed, balancedBy);
    }

    /** The tenant with a credential that a file manages; null for none. Forgotten when the credential goes. */
    MemoryTenant withManaged(CredentialId id, @Nullable String file) {
        return new MemoryTenant(
                record, managesMembers, members, providers, defaults, put(managed, id, file), balancedBy);
    }

    /** The tenant with a file that says how calls of a model are spread; null for none. Forgotten when that goes. */
    MemoryTenant withBalancedBy(CredentialScope.OfModel model, @Nullable String file) {
        return new MemoryTenant(
                record, managesMembers, members, providers, defaults, managed, put(balancedBy, model, file));
    }

    Optional<ProviderRecord> provider(ProviderId provider) {
        return Optional.ofNullable(providers.get(provider));
    }

    MemoryTenant withProvider(ProviderId provider, UnaryOperator<ProviderRecord> change) {
        ProviderRecord none = ProviderRecord.none(record.id(), provider);
        ProviderRecord old = providers.getOrDefault(provider, none);
        ProviderRecord changed = change.apply(old);
        Map<ProviderId, ProviderRecord> all = put(providers, provider, changed.equals(none) ? null : changed);
        Map<CredentialId, String> stillManaged = new HashMap<>(managed);
        Set<CredentialId> gone = credentialsOf(old);
        gone.removeAll(credentialsOf(changed));
        stillManaged.keySet().removeAll(gone);
        Map<CredentialScope.OfModel, String> stillBalanced = new HashMap<>(balancedBy);
        stillBalanced
                .keySet()
                .removeIf(model -> model.provider().equals(provider)
                        && changed.balancing(model.type(), model.model()).isEmpty());
        return new MemoryTenant(record, managesMembers, members, all, defaults, stillManaged, stillBalanced);
    }

    private static Set<CredentialId> credentialsOf(ProviderRecord provider) {
        return Stream.concat(
                        provider.credentials().stream(),
                        provider.models().stream().flatMap(model -> model.credentials().stream()))
                .map(StoredCredential::id)
                .collect(Collectors.toCollection(HashSet::new));
    }

    private static <K, V> Map<K, V> put(Map<K, V> map, K key, @Nullable V value) {
        Map<K, V> changed = new HashMap<>(map);
        if (value == null) {
            changed.remove(key);
        } else {
            changed.put(key, value);
        }
        return changed;
    }
}
