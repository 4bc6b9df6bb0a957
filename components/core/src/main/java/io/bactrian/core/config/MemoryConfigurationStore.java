package io.bactrian.core.config;

import io.bactrian.core.credential.CredentialId;
import io.bactrian.core.credential.CredentialName;
import io.bactrian.core.credential.Credentials;
import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.limit.RateLimitRule;
import io.bactrian.core.provider.ModelType;
import io.bactrian.core.provider.ProviderId;
import io.bactrian.core.provider.ProviderType;
import io.bactrian.core.quota.BudgetRule;
import io.bactrian.core.rule.RuleStore;
import io.bactrian.core.tenant.ApiKeyId;
import io.bactrian.core.tenant.Role;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tenant.UserId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Configuration that lives in memory and is gone with the process: what properties declare, and what tests need. Reads
 * take no lock; writes are one after the other. Of the audit log the latest 10,000 events are kept.
 */
public final class MemoryConfigurationStore implements ConfigurationStore, ApiKeyStore, AuditLog {

    private static final int AUDIT_EVENTS_KEPT = 10_000;

    private final String name;
    private final Clock clock;
    private final Supplier<CredentialId> ids;
    private final ReentrantLock writing = new ReentrantLock();
    private final ConcurrentMap<TenantId, MemoryTenant> tenants = new ConcurrentHashMap<>();
    private final ConcurrentMap<TenantId, Long> versions = new ConcurrentHashMap<>();
    private final MemoryApiKeys apiKeys = new MemoryApiKeys();
    private final AuditLog auditLog = new MemoryAuditLog(AUDIT_EVENTS_KEPT);
    private final MemoryRules<BudgetRule> budgets = new MemoryRules<>(this::changeBeside);
    private final MemoryRules<RateLimitRule> limits = new MemoryRules<>(this::changeBeside);

    /**
     * A store whose credentials get random ids.
     *
     * @param name what it is called in explanations, such as {@code properties}
     * @param clock gives the time at which keys are withdrawn
     */
    public MemoryConfigurationStore(String name, Clock clock) {
        this(name, clock, () -> new CredentialId(UUID.randomUUID().toString()));
    }

    /**
     * A store.
     *
     * @param name what it is called in explanations, such as {@code properties}
     * @param clock gives the time at which keys are withdrawn
     * @param ids gives the ids of new credentials; no id twice
     */
    public MemoryConfigurationStore(String name, Clock clock, Supplier<CredentialId> ids) {
        this.name = name;
        this.clock = clock;
        this.ids = ids;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public long version(TenantId tenant) {
        return versions.getOrDefault(tenant, 0L);
    }

    @Override
    public Optional<TenantRecord> tenant(TenantId tenant) {
        return state(tenant).map(MemoryTenant::record);
    }

    @Override
    public Optional<ProviderRecord> provider(TenantId tenant, ProviderId provider) {
        return state(tenant).flatMap(state -> state.provider(provider));
    }

    @Override
    public Optional<ModelReference> defaultModel(TenantId tenant, ModelType type) {
        return state(tenant).map(state -> state.defaults().get(type));
    }

    @Override
    public Optional<Role> role(TenantId tenant, UserId user) {
        return state(tenant).map(state -> state.members().get(user));
    }

    @Override
    public boolean managesMembers(TenantId tenant) {
        return state(tenant).map(MemoryTenant::managesMembers).orElse(false);
    }

    @Override
    public List<TenantRecord> tenants() {
        return tenants.values().stream()
                .map(MemoryTenant::record)
                .sorted(Comparator.comparing(TenantRecord::id))
                .toList();
    }

    @Override
    public PageOf<TenantRecord> tenants(Page page) {
        String after = page.after();
        List<TenantRecord> found = tenants().stream()
                .filter(tenant -> after == null || tenant.id().value().compareTo(after) > 0)
                .limit(page.most() + 1L)
                .toList();
        return PageOf.of(found, page.most(), tenant -> tenant.id().value());
    }

    @Override
    public PageOf<MemberRecord> members(TenantId tenant, Page page) {
        String after = page.after();
        List<MemberRecord> found = members(tenant).stream()
                .filter(member -> after == null || member.user().value().compareTo(after) > 0)
                .limit(page.most() + 1L)
                .toList();
        return PageOf.of(found, page.most(), member -> member.user().value());
    }

    @Override
    public List<MemberRecord> members(TenantId tenant) {
        return state(tenant).stream()
                .flatMap(state -> state.members().entrySet().stream())
                .map(entry -> new MemberRecord(entry.getKey(), entry.getValue()))
                .sorted(Comparator.comparing(member -> member.user().value()))
                .toList();
    }

    @Override
    public Optional<String> managedBy(TenantId tenant, CredentialId id) {
        return state(tenant).map(state -> state.managed().get(id));
    }

    @Override
    public List<ProviderId> providers(TenantId tenant) {
        return state(tenant).stream()
                .flatMap(state -> state.providers().keySet().stream())
                .sorted()
                .toList();
    }

    @Override
    public void putTenant(TenantRecord tenant) {
        write(tenant.id(), () -> {
            MemoryTenant stored = tenants.get(tenant.id());
            tenants.put(tenant.id(), stored == null ? MemoryTenant.of(tenant) : stored.withRecord(tenant));
            return true;
        });
    }

    @Override
    public boolean removeTenant(TenantId tenant) {
        return write(tenant, () -> {
            budgets.forget(tenant);
            limits.forget(tenant);
            apiKeys.removeAll(tenant);
            return tenants.remove(tenant) != null;
        });
    }

    @Override
    public void putMember(TenantId tenant, MemberRecord member) {
        change(tenant, state -> state.withMember(member.user(), member.role()));
    }

    @Override
    public boolean addMember(TenantId tenant, MemberRecord member) {
        return write(tenant, () -> {
            MemoryTenant state = required(tenant);
            if (state.members().containsKey(member.user())) {
                return false;
            }
            tenants.put(tenant, state.withMember(member.user(), member.role()));
            return true;
        });
    }

    @Override
    public void changeMember(TenantId tenant, UserId by, UserId user, @Nullable Role role) {
        change(tenant, state -> {
            Membership.requireOwner(tenant, by, state.members().get(by));
            Membership.requireMember(tenant, user, state.members().containsKey(user));
            return state.withMember(user, role);
        });
    }

    @Override
    public void handOver(TenantId tenant, @Nullable UserId by, UserId to) {
        change(tenant, state -> {
            if (by != null) {
                Membership.requireOwner(tenant, by, state.members().get(by));
                Membership.requireMember(tenant, to, state.members().containsKey(to));
            }
            MemoryTenant changed = state;
            for (MemberRecord member : members(tenant)) {
                if (member.role() == Role.OWNER) {
                    changed = changed.withMember(member.user(), Role.ADMIN);
                }
            }
            return changed.withMember(to, Role.OWNER);
        });
    }

    @Override
    public boolean removeMember(TenantId tenant, UserId user) {
        return write(tenant, () -> {
            boolean there = role(tenant, user).isPresent();
            tenants.computeIfPresent(tenant, (id, state) -> state.withMember(user, null));
            return there;
        });
    }

    @Override
    public CredentialId addCredential(TenantId tenant, CredentialScope scope, NewCredential credential) {
        CredentialId id = ids.get();
        StoredCredential stored = new StoredCredential(id, credential.name(), 1, credential::values)
                .withVisibility(credential.visibility());
        change(tenant, state -> withCredentials(
                        state.requiring(credential.visibility()), scope, all -> all.added(scope, stored))
                .withManaged(id, credential.managedBy()));
        return id;
    }

    @Override
    public void updateCredential(
            TenantId tenant,
            CredentialScope scope,
            CredentialId id,
            long expectedVersion,
            CredentialName credentialName,
            Credentials values) {
        change(
                tenant,
                state -> withCredentials(
                        state, scope, all -> all.updated(scope, id, expectedVersion, credentialName, values)));
    }

    @Override
    public void setVisibility(
            TenantId tenant, CredentialScope scope, CredentialId id, CredentialVisibility visibility) {
        change(
                tenant,
                state ->
                        withCredentials(state.requiring(visibility), scope, all -> all.visible(scope, id, visibility)));
    }

    @Override
    public Optional<Instant> rotateCredential(
            TenantId tenant, CredentialScope scope, CredentialId id, Credentials values, Duration grace) {
        Optional<Instant> until = GracePeriod.end(grace, clock.instant());
        change(
                tenant,
                state -> withCredentials(state, scope, all -> all.rotated(scope, id, values, until.orElse(null))));
        return until;
    }

    @Override
    public void removeCredential(TenantId tenant, CredentialScope scope, CredentialId id) {
        change(tenant, state -> withCredentials(state, scope, all -> all.removed(scope, id))
                .withProvider(scope.provider(), record -> MemoryBalancing.withoutCredential(record, id)));
    }

    @Override
    public void activateCredential(TenantId tenant, CredentialScope scope, CredentialId id) {
        change(tenant, state -> withCredentials(state, scope, all -> all.activated(scope, id)));
    }

    @Override
    public boolean removeProvider(TenantId tenant, ProviderId provider) {
        return write(tenant, () -> {
            boolean there = provider(tenant, provider).isPresent();
            tenants.computeIfPresent(
                    tenant, (id, state) -> state.withProvider(provider, old -> ProviderRecord.none(tenant, provider)));
            return there;
        });
    }

    @Override
    public boolean removeModel(TenantId tenant, ProviderId provider, String model, ModelType type) {
        return write(tenant, () -> {
            Optional<ProviderRecord> record = provider(tenant, provider);
            boolean there = record.flatMap(found -> found.model(type, model)).isPresent()
                    || record.flatMap(found -> found.balancing(type, model)).isPresent();
            tenants.computeIfPresent(
                    tenant,
                    (id, state) -> state.withProvider(provider, old -> MemoryProviders.withoutModel(old, model, type)));
            return there;
        });
    }

    @Override
    public void enableProvider(TenantId tenant, ProviderId provider, boolean enabled) {
        change(tenant, state -> state.withProvider(provider, old -> MemoryProviders.withEnabled(old, enabled)));
    }

    @Override
    public void preferProviderType(
            TenantId tenant, ProviderId provider, @Nullable ProviderType preferred, boolean descend) {
        change(
                tenant,
                state -> state.withProvider(provider, old -> MemoryProviders.withPreference(old, preferred, descend)));
    }

    @Override
    public void enableModel(TenantId tenant, ProviderId provider, ModelSetting setting) {
        change(tenant, state -> state.withProvider(provider, old -> MemoryProviders.withSetting(old, setting)));
    }

    @Override
    public void setBalancing(
            TenantId tenant, ProviderId provider, ModelBalancing balancing, @Nullable String managedBy) {
        CredentialScope.OfModel model = new CredentialScope.OfModel(provider, balancing.model(), balancing.type());
        change(tenant, state -> state.withProvider(provider, old -> MemoryBalancing.with(old, balancing))
                .withBalancedBy(model, managedBy));
    }

    @Override
    public void replaceBalancing(
            TenantId tenant, ProviderId provider, @Nullable ModelBalancing read, ModelBalancing balancing) {
        change(tenant, state -> state.withProvider(provider, old -> MemoryBalancing.replaced(old, read, balancing)));
    }

    @Override
    public boolean removeBalancing(TenantId tenant, ProviderId provider, String model, ModelType type) {
        if (balancing(tenant, provider, model, type).isEmpty()) {
            return false;
        }
        return write(tenant, () -> {
            boolean there = balancing(tenant, provider, model, type).isPresent();
            tenants.computeIfPresent(
                    tenant,
                    (id, state) -> state.withProvider(
                            provider,
                            old -> MemoryProviders.withBalancing(old, MemoryBalancing.without(old, model, type))));
            return there;
        });
    }

    private Optional<ModelBalancing> balancing(TenantId tenant, ProviderId provider, String model, ModelType type) {
        return provider(tenant, provider).flatMap(record -> record.balancing(type, model));
    }

    @Override
    public Optional<String> balancingManagedBy(TenantId tenant, ProviderId provider, String model, ModelType type) {
        return state(tenant).map(state -> state.balancedBy().get(new CredentialScope.OfModel(provider, model, type)));
    }

    @Override
    public void setDefaultModel(TenantId tenant, ModelType type, @Nullable ModelReference model) {
        change(tenant, state -> state.withDefault(type, model));
    }

    @Override
    public void addApiKey(ApiKeyRecord record, String sha256) {
        MemoryApiKeys.checkHash(sha256);
        write(record.tenant(), () -> {
            required(record.tenant());
            apiKeys.add(record, sha256, clock.instant());
            return true;
        });
    }

    @Override
    public Optional<ApiKeyRecord> apiKey(String sha256) {
        return apiKeys.find(sha256);
    }

    @Override
    public Optional<ApiKeyRecord> apiKey(TenantId tenant, ApiKeyId id) {
        return apiKeys.find(tenant, id);
    }

    @Override
    public boolean revokeApiKey(TenantId tenant, String id) {
        return write(tenant, () -> apiKeys.revoke(tenant, id, clock.instant()));
    }

    @Override
    public PageOf<ApiKeyRecord> apiKeys(TenantId tenant, @Nullable UserId of, Page page) {
        return apiKeys.list(tenant, of, page);
    }

    @Override
    public RuleStore<BudgetRule> budgets() {
        return budgets;
    }

    @Override
    public RuleStore<RateLimitRule> limits() {
        return limits;
    }

    @Override
    public void append(AuditEvent event) {
        auditLog.append(event);
    }

    @Override
    public void appendAll(List<AuditEvent> events) {
        auditLog.appendAll(events);
    }

    @Override
    public List<AuditEvent> latest(int most) {
        return auditLog.latest(most);
    }

    @Override
    public PageOf<AuditEntry> find(@Nullable TenantId tenant, AuditQuery query) {
        return auditLog.find(tenant, query);
    }

    @Override
    public int removeBefore(Instant before, int most) {
        return auditLog.removeBefore(before, most);
    }

    private Optional<MemoryTenant> state(TenantId tenant) {
        return Optional.ofNullable(tenants.get(tenant));
    }

    private MemoryTenant required(TenantId tenant) {
        return state(tenant)
                .orElseThrow(() -> new BadRequestException(
                        ErrorCode.TENANT_NOT_FOUND, "there is no tenant " + tenant + " in " + name));
    }

    private static MemoryTenant withCredentials(
            MemoryTenant state, CredentialScope scope, UnaryOperator<MemoryCredentials> change) {
        return state.withProvider(scope.provider(), record -> change.apply(MemoryCredentials.of(record, scope))
                .in(record, scope));
    }

    private void change(TenantId tenant, UnaryOperator<MemoryTenant> change) {
        write(tenant, () -> tenants.put(tenant, change.apply(required(tenant))) != null);
    }

    /** Changes something of a tenant that is not part of its state here. */
    private <T> T changeBeside(TenantId tenant, Supplier<T> work) {
        return write(tenant, () -> {
            required(tenant);
            return work.get();
        });
    }

    /** One write at a time. The count goes up after the data has changed, so whoever reads the new count reads new data. */
    private <T> T write(TenantId tenant, Supplier<T> work) {
        writing.lock();
        try {
            boolean known = tenants.containsKey(tenant);
            T result = work.get();
            if (known || tenants.containsKey(tenant)) {
                versions.merge(tenant, 1L, Long::sum);
            }
            return result;
        } finally {
            writing.unlock();
        }
    }
}
