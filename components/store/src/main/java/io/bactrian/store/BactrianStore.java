package io.bactrian.store;

import io.bactrian.core.balance.CooldownStore;
import io.bactrian.core.config.ApiKeyRecord;
import io.bactrian.core.config.ApiKeyStore;
import io.bactrian.core.config.AuditEntry;
import io.bactrian.core.config.AuditEvent;
import io.bactrian.core.config.AuditLog;
import io.bactrian.core.config.AuditQuery;
import io.bactrian.core.config.ConfigurationStore;
import io.bactrian.core.config.CredentialScope;
import io.bactrian.core.config.CredentialVisibility;
import io.bactrian.core.config.MemberRecord;
import io.bactrian.core.config.ModelBalancing;
import io.bactrian.core.config.ModelReference;
import io.bactrian.core.config.ModelSetting;
import io.bactrian.core.config.NewCredential;
import io.bactrian.core.config.Page;
import io.bactrian.core.config.PageOf;
import io.bactrian.core.config.ProviderRecord;
import io.bactrian.core.config.TenantRecord;
import io.bactrian.core.credential.CredentialId;
import io.bactrian.core.credential.CredentialName;
import io.bactrian.core.credential.Credentials;
import io.bactrian.core.file.FileStore;
import io.bactrian.core.file.SigningKeys;
import io.bactrian.core.file.UploadNonces;
import io.bactrian.core.limit.RateBlocks;
import io.bactrian.core.limit.RateLimitRule;
import io.bactrian.core.provider.ModelType;
import io.bactrian.core.provider.ProviderId;
import io.bactrian.core.provider.ProviderType;
import io.bactrian.core.quota.Alarm;
import io.bactrian.core.quota.BudgetRule;
import io.bactrian.core.quota.LeaseTerms;
import io.bactrian.core.quota.LeasedQuotaLedger;
import io.bactrian.core.quota.QuotaLedger;
import io.bactrian.core.rule.RuleStore;
import io.bactrian.core.tenant.ApiKeyId;
import io.bactrian.core.tenant.Role;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tenant.UserId;
import io.bactrian.core.tool.ApprovalStore;
import io.bactrian.core.tool.OAuthStore;
import io.bactrian.core.tool.ToolCredentialStore;
import io.bactrian.core.usage.UsageStore;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What tenants configure, in a database, encrypted. Several processes may have the same database open; a change made by
 * one is in force there when it returns, and in the others within {@link StoreSettings#pollInterval}.
 *
 * <p>Errors beside those of {@link ConfigurationStore}: {@link io.bactrian.core.error.MisconfiguredException} when it is
 * opened with wrong settings, a wrong key or none.
 */
public final class BactrianStore implements ConfigurationStore, ApiKeyStore, AuditLog, AutoCloseable {

    private final Dialect dialect;
    private final Database database;
    private final Database watching;
    private final Versions versions;
    private final ChangePoll poll;
    private final Duration staleIfError;
    private final UnreadableCredentials unreadable;
    private final DataKeys dataKeys;
    private final TenantTables tenants;
    private final BalancingTables balancing;
    private final ScopeTables scopes;
    private final CredentialTables credentials;
    private final ProviderTables providers;
    private final ApiKeyTable apiKeys;
    private final AuditTable audit;
    private final ApprovalTable approvals;
    private final ToolCredentialTable toolCredentials;
    private final OAuthTables oauth;
    private final UsageTable usage;
    private final RuleTable<BudgetRule> budgets;
    private final RuleTable<RateLimitRule> limits;
    private final KeyRing keys;
    private final SigningKeys linkKeys;
    private final Clock clock;
    private Dialect.Listening listening = Dialect.Listening.NOTHING;

    private BactrianStore(
            Opening.Opened opened, StoreSettings settings, Clock clock, Supplier<String> ids, boolean quiet) {
        this.dialect = opened.dialect();
        this.database = opened.database();
        this.watching = opened.watching();
        this.versions = new Versions();
        this.staleIfError = settings.staleIfError();
        this.poll = new ChangePoll(watching, versions, clock, this::changedElsewhere, database::away);
        Changes changes = new Changes(database, versions, dialect.announces());
        this.audit = new AuditTable(database);
        this.unreadable = new UnreadableCredentials(quiet ? AuditTable.NOWHERE : audit, clock);
        KeyEncryptionKeys keks = new KeyEncryptionKeys(settings, opened.kek());
        this.dataKeys = new DataKeys(keks);
        DataKeyTable dataKeyTable = new DataKeyTable(database, dataKeys, keks, clock);
        CredentialRows rows = new CredentialRows(database);
        Vault vault = new Vault(dataKeys, unreadable);
        this.tenants = new TenantTables(database, changes, clock, new Remembered.Rule(versions, poll, staleIfError));
        BalancingRows balanced = new BalancingRows(database);
        this.balancing = new BalancingTables(database, changes, balanced, clock);
        this.scopes = new ScopeTables(database, changes, balancing, clock);
        VisibilityTables visibilities = new VisibilityTables(database, clock);
        this.credentials =
                new CredentialTables(database, changes, scopes, vault, dataKeyTable, rows, visibilities, ids, clock);
        this.providers = new ProviderTables(database, vault, rows, balanced, visibilities);
        this.toolCredentials = new ToolCredentialTable(
                database,
                changes,
                dataKeyTable,
                vault,
                new ToolCredentialRows(database, vault),
                unreadable,
                new Remembered.Rule(versions, poll, staleIfError),
                ids,
                clock);
        this.oauth = new OAuthTables(database, changes, dataKeyTable, vault, unreadable, ids, clock);
        ApprovalRows approvalRows = new ApprovalRows(database, vault);
        this.approvals = new ApprovalTable(database, changes, dataKeyTable, dataKeys, approvalRows);
        List<SealedRows> sealed = List.of(
                new CredentialRewrap(database, credentials, vault, CredentialRewrap.Table.PROVIDERS),
                new CredentialRewrap(database, credentials, vault, CredentialRewrap.Table.MODELS),
                new ToolCredentialRewrap(database, vault, ToolCredentialRewrap.Table.CREDENTIALS),
                new ToolCredentialRewrap(database, vault, ToolCredentialRewrap.Table.CLIENTS),
                new ApprovalRewrap(database, approvals, clock));
        this.keys = new StoredKeyRing(settings, database, changes, keks, dataKeys, dataKeyTable, sealed, audit, clock);
        this.apiKeys = new ApiKeyTable(database, changes, versions, poll, staleIfError, clock);
        this.linkKeys = new LinkKeys(keks);
        this.usage = new UsageTable(database);
        this.budgets = new RuleTable<>(database, changes, new RuleRows.OfBudgets(), clock);
        this.limits = new RuleTable<>(database, changes, new RuleRows.OfLimits(), clock);
        this.clock = clock;
    }

    /**
     * Opens the store: makes or brings up to date its database, gets its key, and begins to look for other processes'
     * changes.
     *
     * @param settings where and with which key
     * @param clock gives the time of every change
     * @throws io.bactrian.core.error.MisconfiguredException if a setting, a file's rights or the key is wrong
     * @throws io.bactrian.core.error.UnavailableException if the database does not answer
     */
    public static BactrianStore open(StoreSettings settings, Clock clock) {
        // random UUIDs come from a SecureRandom
        return open(settings, clock, () -> UUID.randomUUID().toString());
    }

    static BactrianStore open(StoreSettings settings, Clock clock, Supplier<String> ids) {
        BactrianStore store = new BactrianStore(Opening.open(settings), settings, clock, ids, false);
        try {
            store.poll.start(settings.pollInterval());
            store.listening = store.dialect.listen(store.poll::wake);
            return store;
        } catch (RuntimeException e) {
            store.close();
            throw e;
        }
    }

    /** A store that looks for no changes and takes nothing down: for reading what is there, once. */
    static BactrianStore unwatched(Opening.Opened opened, StoreSettings settings, Clock clock) {
        return new BactrianStore(opened, settings, clock, () -> "", true);
    }

    /** What is kept of a tenant that is not in the versioned caches. */
    private void changedElsewhere(TenantId tenant) {
        // a removed tenant's keys leave this process's memory too (CACHE-06); others are unwrapped again when needed
        dataKeys.forget(tenant);
    }

    /** The keys that credentials are encrypted with. */
    public KeyRing keys() {
        return keys;
    }

    /**
     * Opens the files that the database knows of.
     *
     * @param folder where their content is; made if it is not there. Nodes that share the database share it
     * @param limits what is kept of them
     * @throws io.bactrian.core.error.MisconfiguredException if the folder is another database's, or cannot be used
     */
    public FileStore files(Path folder, FileLimits limits) {
        return DiskFiles.open(database, folder, limits, new SecureRandom(), clock);
    }

    /** The keys that links to files are signed with: the same for all that have the database open. */
    public SigningKeys linkKeys() {
        return linkKeys;
    }

    /** Which tickets were used: the same for all that have the database open. */
    public UploadNonces uploadNonces() {
        return uploadNonces(UploadNonces.MOST);
    }

    /** As {@link #uploadNonces()}, so many of a tenant's. */
    UploadNonces uploadNonces(int most) {
        return new UploadTicketTable(database, clock, most);
    }

    /** Calls of tools that wait for a person: the same for all that have the database open. */
    public ApprovalStore approvals() {
        return approvals;
    }

    /** The credentials of providers of tools. */
    public ToolCredentialStore toolCredentials() {
        return toolCredentials;
    }

    /** What OAuth 2 needs beside tokens. */
    public OAuthStore oauth() {
        return oauth;
    }

    /** What calls used: of all that have the database open. */
    public UsageStore usage() {
        return usage;
    }

    /** Where nodes tell each other who is out; empty of a database that only this process has open. */
    public Optional<CooldownStore> cooldowns() {
        return dialect.embedded() ? Optional.empty() : Optional.of(cooldownTable());
    }

    CooldownTable cooldownTable() {
        return new CooldownTable(database, clock);
    }

    /** What nodes share of limits; empty of a database that only this process has open. */
    public Optional<RateBlocks> rateBlocks() {
        return dialect.embedded() ? Optional.empty() : Optional.of(rateBlocks(UnaryOperator.identity()));
    }

    /** As {@link #rateBlocks()}, with a moment of the database's taken for another. */
    RateBlocks rateBlocks(UnaryOperator<Instant> time) {
        return new RateLimitTables(database, time);
    }

    /**
     * Begins to keep the accounts of quotas and budgets: the same for all that have the database open. To be closed before the
     * store is.
     *
     * @param alarm whom to tell that limits fill up
     * @param nanoClock counts nanoseconds
     */
    public QuotaLedger quotas(Alarm alarm, LongSupplier nanoClock) {
        String node = UUID.randomUUID().toString();
        AtomicLong leases = new AtomicLong();
        return LeasedQuotaLedger.open(
                quotaTable(node, null),
                LeaseTerms.USUAL,
                alarm,
                nanoClock,
                () -> node + "-" + leases.incrementAndGet());
    }

    /** As one node sees them, with a time other than the database's; null for that. */
    QuotaTable quotaTable(String node, @Nullable Supplier<Instant> time) {
        return new QuotaTable(database, node, LeaseTerms.USUAL.share(), time);
    }

    OAuthTables oauthTables() {
        return oauth;
    }

    ApprovalTable approvalTable() {
        return approvals;
    }

    /** How the store is. */
    public StoreHealth health() {
        boolean reachable = poll.reachable();
        Instant last = poll.lastAnswer();
        Instant servesUntil = reachable || last == null ? null : last.plus(staleIfError);
        return new StoreHealth(reachable, last, servesUntil, unreadable.count());
    }

    @Override
    public void refresh(TenantId tenant) {
        poll.lookNow();
    }

    @Override
    public Duration silence() {
        return poll.silence();
    }

    @Override
    public void onChange(Consumer<TenantId> listener) {
        versions.onRaise(listener);
    }

    /** How many stored credentials could not be opened when they were last needed. */
    public int unreadableCount() {
        return unreadable.count();
    }

    /** Stops looking for changes and lets go of the database. What is read or written afterwards is refused. */
    @Override
    public void close() {
        listening.close();
        poll.close();
        watching.close();
        database.close();
        dialect.close();
    }

    @Override
    public String name() {
        return "database";
    }

    @Override
    public long version(TenantId tenant) {
        return versions.of(tenant);
    }

    @Override
    public Optional<TenantRecord> tenant(TenantId tenant) {
        return tenants.tenant(tenant);
    }

    @Override
    public Optional<ProviderRecord> provider(TenantId tenant, ProviderId provider) {
        return providers.provider(tenant, provider);
    }

    @Override
    public Optional<ModelReference> defaultModel(TenantId tenant, ModelType type) {
        return tenants.defaultModel(tenant, type);
    }

    @Override
    public Optional<Role> role(TenantId tenant, UserId user) {
        return tenants.role(tenant, user);
    }

    @Override
    public boolean managesMembers(TenantId tenant) {
        return tenants.managesMembers(tenant);
    }

    @Override
    public void putTenant(TenantRecord tenant) {
        tenants.put(tenant);
    }

    @Override
    public boolean removeTenant(TenantId tenant) {
        boolean removed = tenants.remove(tenant);
        dataKeys.forget(tenant);
        unreadable.forget(tenant);
        // there may be much of it: step by step, and once more if that was broken off the last time
        usage.removeTenant(tenant);
        return removed;
    }

    @Override
    public List<TenantRecord> tenants() {
        return tenants.tenants();
    }

    @Override
    public void putMember(TenantId tenant, MemberRecord member) {
        tenants.putMember(tenant, member);
    }

    @Override
    public boolean addMember(TenantId tenant, MemberRecord member) {
        return tenants.addMember(tenant, member);
    }

    @Override
    public void changeMember(TenantId tenant, UserId by, UserId user, @Nullable Role role) {
        tenants.changeMember(tenant, by, user, role);
    }

    @Override
    public void handOver(TenantId tenant, @Nullable UserId by, UserId to) {
        tenants.handOver(tenant, by, to);
    }

    @Override
    public PageOf<TenantRecord> tenants(Page page) {
        return tenants.tenants(page);
    }

    @Override
    public PageOf<MemberRecord> members(TenantId tenant, Page page) {
        return tenants.members(tenant, page);
    }

    @Override
    public boolean removeMember(TenantId tenant, UserId user) {
        return tenants.removeMember(tenant, user);
    }

    @Override
    public List<MemberRecord> members(TenantId tenant) {
        return tenants.members(tenant);
    }

    @Override
    public CredentialId addCredential(TenantId tenant, CredentialScope scope, NewCredential credential) {
        return credentials.add(tenant, scope, credential);
    }

    @Override
    public void updateCredential(
            TenantId tenant,
            CredentialScope scope,
            CredentialId id,
            long expectedVersion,
            CredentialName name,
            Credentials values) {
        credentials.update(tenant, scope, id, expectedVersion, name, values);
        unreadable.forget(tenant, id);
    }

    @Override
    public void setVisibility(
            TenantId tenant, CredentialScope scope, CredentialId id, CredentialVisibility visibility) {
        credentials.setVisibility(tenant, scope, id, visibility);
    }

    @Override
    public Optional<Instant> rotateCredential(
            TenantId tenant, CredentialScope scope, CredentialId id, Credentials values, Duration grace) {
        Optional<Instant> until = credentials.rotate(tenant, scope, id, values, grace);
        unreadable.forget(tenant, id);
        return until;
    }

    @Override
    public void removeCredential(TenantId tenant, CredentialScope scope, CredentialId id) {
        credentials.remove(tenant, scope, id);
        unreadable.forget(tenant, id);
    }

    @Override
    public void activateCredential(TenantId tenant, CredentialScope scope, CredentialId id) {
        credentials.activate(tenant, scope, id);
    }

    @Override
    public Optional<String> managedBy(TenantId tenant, CredentialId id) {
        return credentials.managedBy(tenant, id);
    }

    @Override
    public boolean removeProvider(TenantId tenant, ProviderId provider) {
        return scopes.removeProvider(tenant, provider);
    }

    @Override
    public boolean removeModel(TenantId tenant, ProviderId provider, String model, ModelType type) {
        return scopes.removeModel(tenant, provider, model, type);
    }

    @Override
    public void enableProvider(TenantId tenant, ProviderId provider, boolean enabled) {
        scopes.enable(tenant, provider, enabled);
    }

    @Override
    public void preferProviderType(
            TenantId tenant, ProviderId provider, @Nullable ProviderType preferred, boolean descend) {
        scopes.prefer(tenant, provider, preferred, descend);
    }

    @Override
    public void enableModel(TenantId tenant, ProviderId provider, ModelSetting setting) {
        scopes.enableModel(tenant, provider, setting);
    }

    @Override
    public void setBalancing(TenantId tenant, ProviderId provider, ModelBalancing wanted, @Nullable String managedBy) {
        balancing.set(tenant, provider, wanted, managedBy);
    }

    @Override
    public void replaceBalancing(
            TenantId tenant, ProviderId provider, @Nullable ModelBalancing read, ModelBalancing wanted) {
        balancing.replace(tenant, provider, read, wanted);
    }

    @Override
    public boolean removeBalancing(TenantId tenant, ProviderId provider, String model, ModelType type) {
        return balancing.remove(tenant, provider, model, type);
    }

    @Override
    public Optional<String> balancingManagedBy(TenantId tenant, ProviderId provider, String model, ModelType type) {
        return balancing.managedBy(tenant, provider, model, type);
    }

    @Override
    public void setDefaultModel(TenantId tenant, ModelType type, @Nullable ModelReference model) {
        tenants.setDefaultModel(tenant, type, model);
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
    public List<ProviderId> providers(TenantId tenant) {
        return providers.providers(tenant);
    }

    @Override
    public void addApiKey(ApiKeyRecord record, String sha256) {
        apiKeys.add(record, sha256);
    }

    @Override
    public Optional<ApiKeyRecord> apiKey(String sha256) {
        return apiKeys.find(sha256);
    }

    @Override
    public boolean revokeApiKey(TenantId tenant, String id) {
        return apiKeys.revoke(tenant, id);
    }

    @Override
    public Optional<ApiKeyRecord> apiKey(TenantId tenant, ApiKeyId id) {
        return apiKeys.find(tenant, id);
    }

    @Override
    public PageOf<ApiKeyRecord> apiKeys(TenantId tenant, @Nullable UserId of, Page page) {
        return apiKeys.list(tenant, of, page);
    }

    @Override
    public void append(AuditEvent event) {
        audit.append(event);
    }

    @Override
    public List<AuditEvent> latest(int most) {
        return audit.latest(most);
    }

    @Override
    public void appendAll(List<AuditEvent> events) {
        audit.appendAll(events);
    }

    @Override
    public PageOf<AuditEntry> find(@Nullable TenantId tenant, AuditQuery query) {
        return audit.find(tenant, query);
    }

    @Override
    public int removeBefore(Instant before, int most) {
        return audit.removeBefore(before, most);
    }
}
