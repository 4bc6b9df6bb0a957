package io.bactrian.engine;

import io.bactrian.core.access.AccessControl;
import io.bactrian.core.balance.LoadBalancingManager;
import io.bactrian.core.balance.SharedCooldowns;
import io.bactrian.core.config.ApiKeyStore;
import io.bactrian.core.config.AuditLog;
import io.bactrian.core.config.ConfigurationSource;
import io.bactrian.core.config.ConfigurationSources;
import io.bactrian.core.config.ConfigurationStore;
import io.bactrian.core.config.MemoryConfigurationStore;
import io.bactrian.core.config.SystemProvider;
import io.bactrian.core.config.SystemProviderSource;
import io.bactrian.core.config.TenantRecord;
import io.bactrian.core.file.FileStore;
import io.bactrian.core.file.FileUrls;
import io.bactrian.core.file.UploadNonces;
import io.bactrian.core.invoke.AccessPolicy;
import io.bactrian.core.invoke.CallObserver;
import io.bactrian.core.invoke.CredentialPolicy;
import io.bactrian.core.invoke.Dialects;
import io.bactrian.core.invoke.Interceptor;
import io.bactrian.core.invoke.ModelAssemblies;
import io.bactrian.core.invoke.ModelManager;
import io.bactrian.core.json.JsonCodec;
import io.bactrian.core.manage.ApiKeyManager;
import io.bactrian.core.manage.ApprovalManager;
import io.bactrian.core.manage.AuditManager;
import io.bactrian.core.manage.BalancingManager;
import io.bactrian.core.manage.BudgetManager;
import io.bactrian.core.manage.CredentialManager;
import io.bactrian.core.manage.LimitManager;
import io.bactrian.core.manage.MemberManager;
import io.bactrian.core.manage.ModelSettingsManager;
import io.bactrian.core.manage.ProviderSettingsManager;
import io.bactrian.core.manage.TenantManager;
import io.bactrian.core.manage.ToolCredentialManager;
import io.bactrian.core.manage.UsageManager;
import io.bactrian.core.model.ModelDialect;
import io.bactrian.core.model.ModelDialectFactory;
import io.bactrian.core.provider.ProviderCatalog;
import io.bactrian.core.provider.ProviderSource;
import io.bactrian.core.quota.QuotaAlerts;
import io.bactrian.core.quota.QuotaLedger;
import io.bactrian.core.rule.RuleSource;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tool.ApprovalStore;
import io.bactrian.core.tool.OAuthStore;
import io.bactrian.core.tool.ToolCredentialStore;
import io.bactrian.core.tool.ToolEngine;
import io.bactrian.core.tool.ToolManager;
import io.bactrian.core.tool.ToolPolicy;
import io.bactrian.core.tool.ToolProviderFactory;
import io.bactrian.core.usage.UsageStore;
import io.bactrian.egress.EgressClient;
import io.bactrian.json.ToolJson;
import io.bactrian.json.YamlProblems;
import io.bactrian.support.BactrianEngine;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything that serves calls, assembled from settings: catalogue, dialects, egress, sources of configuration, the chain.
 * A Camel context makes one when its first endpoint starts; the command line makes one without Camel.
 */
public final class Installation implements BactrianEngine, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Installation.class);
    private static final Duration ASSEMBLIES_KEPT_FOR = Duration.ofSeconds(30);
    private static final Duration BETWEEN_COOLDOWNS = Duration.ofMillis(500);
    private static final long MOST_TENANTS_KEPT = 100_000;

    private final Settings settings;
    private final Clock clock;
    private final EgressClient egress;
    private final Dialects dialects;
    private final ProviderCatalog catalog;
    private final @Nullable OpenStore store;
    private final ConfigurationStore writable;
    private final AuditAssembly auditing;
    private final AccessControl access;
    private final ConfigurationSource configuration;
    private final FileAssembly files;
    private final QuotaAssembly quotas;
    private final @Nullable SharedCooldowns cooldowns;
    private final LimitAssembly limits;
    private final UsageAssembly usage;
    private final ToolAssembly tools;
    private final ModelManager modelManager;
    private final ToolEngine toolEngine;
    private final @Nullable TenantId defaultTenant;
    private final CredentialManager credentialManager;
    private final BalancingManager balancingManager;
    private final BudgetManager budgetManager;
    private final LimitManager limitManager;
    private final ApiKeyManager apiKeyManager;
    private final ToolCredentialManager toolCredentialManager;
    private final TenantManager tenantManager;
    private final MemberManager memberManager;
    private final ProviderSettingsManager providerSettingsManager;
    private final ModelSettingsManager modelSettingsManager;
    private final ApprovalManager approvalManager;
    private final AuditManager auditManager;
    private final UsageManager usageManager;

    /**
     * What a Camel context adds to the settings: beans by type.
     *
     * @param dialectFactories further dialects
     * @param observers who learns of calls
     * @param accessPolicies who may call what
     * @param credentialPolicies which credentials may be used by whom
     * @param interceptors links of the chain
     * @param toolFactories further sources of tools
     * @param toolPolicies which tools a person has to approve
     * @param quotaAlerts who is told that limits fill up
     * @param finder finds beans of other types, for sources of tools
     */
    public record Beans(
            List<ModelDialectFactory> dialectFactories,
            List<CallObserver> observers,
            List<AccessPolicy> accessPolicies,
            List<CredentialPolicy> credentialPolicies,
            List<Interceptor> interceptors,
            List<ToolProviderFactory> toolFactories,
            List<ToolPolicy> toolPolicies,
            List<QuotaAlerts> quotaAlerts,
            BeanFinder finder) {

        /** No beans. */
        public static final Beans NONE = new Beans(List.of(), List.of(), List.of(), List.of(), List.of());

        /** Beans for models only. */
        public Beans(
                List<ModelDialectFactory> dialectFactories,
                List<CallObserver> observers,
                List<AccessPolicy> accessPolicies,
                List<CredentialPolicy> credentialPolicies,
                List<Interceptor> interceptors) {
            this(
                    dialectFactories,
                    observers,
                    accessPolicies,
                    credentialPolicies,
                    interceptors,
                    List.of(),
                    List.of(),
                    List.of(),
                    BeanFinder.NONE);
        }

        /** Copies the lists. */
        public Beans {
            dialectFactories = List.copyOf(dialectFactories);
            observers = List.copyOf(observers);
            accessPolicies = List.copyOf(accessPolicies);
            credentialPolicies = List.copyOf(credentialPolicies);
            interceptors = List.copyOf(interceptors);
            toolFactories = List.copyOf(toolFactories);
            toolPolicies = List.copyOf(toolPolicies);
            quotaAlerts = List.copyOf(quotaAlerts);
        }
    }

    private Installation(Settings settings, Beans beans, Clock clock, LongSupplier nanoClock) {
        this.settings = settings;
        this.clock = clock;
        this.egress = EgressSettings.client(settings);
        EngineEnvironment environment =
                new EngineEnvironment(List.of(egress, clock), settings, dataFolder(settings), beans.finder());
        List<ModelDialectFactory> factories = factories(beans);
        this.dialects = new Dialects(dialects(factories, environment));
        this.catalog = ProviderCatalog.of(providers(factories, environment));
        this.defaultTenant = defaultTenant(settings);
        MemoryConfigurationStore properties = new MemoryConfigurationStore("properties", clock);
        PropertyConfiguration.read(settings, catalog, defaultTenant, properties);
        ReadFiles declared = readFiles();
        this.store = OpenStore.open(settings, clock, dataFolder(settings)).orElse(null);
        // without a store, what files declare is kept in memory, in front of the properties
        MemoryConfigurationStore memory = new MemoryConfigurationStore("files", clock);
        this.writable = store == null ? memory : store.configuration();
        this.auditing = AuditAssembly.of(settings, store, memory, clock, nanoClock);
        this.access = new AccessControl(auditing.log(), clock);
        ApiKeyStore keys = store == null ? memory : store.apiKeys();
        this.configuration = new ConfigurationSources(List.of(writable, properties));
        this.credentialManager = new CredentialManager(writable, access, catalog, dialects, clock);
        this.apiKeyManager = new ApiKeyManager(keys, configuration, access, new SecureRandom(), clock);
        if (store != null
                && defaultTenant != null
                && writable.tenant(defaultTenant).isEmpty()) {
            writable.putTenant(new TenantRecord(defaultTenant, defaultTenant.value(), true));
        }
        this.balancingManager = new BalancingManager(writable, access, catalog);
        this.memberManager = new MemberManager(writable, access);
        SystemProviderSource system = SystemProviderSource.of(declared.system());
        this.quotas = QuotaAssembly.of(
                settings,
                store,
                defaultTenant,
                RuleSource.of(writable::version, writable.budgets()),
                new QuotaTelling(beans.quotaAlerts()),
                clock,
                nanoClock);
        boolean keepsLimits = keepsLimits(declared.workspaces());
        this.limits = LimitAssembly.of(
                settings,
                store,
                defaultTenant,
                keepsLimits ? RuleSource.of(writable::version, writable.limits()) : RuleSource.none(),
                nanoClock);
        this.budgetManager = new BudgetManager(writable.budgets(), quotas.budgets(), quotas.ledger(), access);
        this.limitManager =
                new LimitManager(keepsLimits ? writable.limits() : new NoLimits(), limits.declared(), access);
        new WorkspaceApplier(writable, credentialManager, balancingManager, memberManager, budgetManager, limitManager)
                .apply(declared.workspaces());
        this.usage = UsageAssembly.of(settings, store, clock, nanoClock);
        this.files = FileAssembly.open(settings, clock, store);
        this.tools = ToolAssembly.of(
                settings,
                beans,
                new EngineEnvironment(
                        List.of(egress, clock, files.store(), files.urls()),
                        settings,
                        dataFolder(settings),
                        beans.finder()),
                store,
                defaultTenant,
                files.store(),
                new EgressFiles(egress),
                clock);
        LoadBalancingManager balancing = new LoadBalancingManager(RetrySettings.read(settings), nanoClock, clock);
        this.cooldowns = store == null
                ? null
                : store.cooldowns()
                        .map(shared -> SharedCooldowns.start(balancing, shared, BETWEEN_COOLDOWNS))
                        .orElse(null);
        this.modelManager = ModelManager.of(new ModelManager.Parts(
                        configuration,
                        new ModelAssemblies(
                                catalog,
                                configuration,
                                system,
                                ASSEMBLIES_KEPT_FOR,
                                store == null ? Duration.ZERO : store.staleIfError(),
                                MOST_TENANTS_KEPT,
                                nanoClock,
                                clock),
                        dialects,
                        defaultTenant,
                        usage.beside(beans.observers()),
                        beans.accessPolicies(),
                        beans.credentialPolicies(),
                        limits.before(beans.interceptors()))
                .withTools(tools.parts(), tools.settings().deepest())
                .withBalancing(balancing)
                .withQuotas(quotas.parts())
                .withAudit(auditing.log()));
        this.toolCredentialManager =
                new ToolCredentialManager(tools.credentials(), configuration, tools.manager(), access);
        this.tenantManager = new TenantManager(writable, configuration, access);
        this.providerSettingsManager = new ProviderSettingsManager(writable, configuration, catalog, access);
        this.modelSettingsManager =
                new ModelSettingsManager(writable, configuration, catalog, modelManager.resolver(), access);
        this.approvalManager = new ApprovalManager(tools.approvals(), access, clock);
        this.auditManager = new AuditManager(auditing.log(), access);
        this.usageManager = new UsageManager(usage.usage().orElse(null), access);
        this.toolEngine = new ToolEngine(
                modelManager.chain(),
                tools.approvals(),
                json(),
                files.store(),
                tools.settings().limits());
        LOG.info("chain: {}", modelManager.chain());
    }

    /**
     * Assembles an installation.
     *
     * @throws io.bactrian.core.error.MisconfiguredException naming every setting and file that is wrong
     */
    public static Installation open(Settings settings) {
        return open(settings, Beans.NONE, Clock.systemUTC());
    }

    /** As {@link #open(Settings)}, with beans of a Camel context and a clock. */
    public static Installation open(Settings settings, Beans beans, Clock clock) {
        return open(settings, beans, clock, System::nanoTime);
    }

    /** With a clock for what is kept how long, in nanoseconds. */
    static Installation open(Settings settings, Beans beans, Clock clock, LongSupplier nanoClock) {
        return new Installation(settings, beans, clock, nanoClock);
    }

    /** Without a database, and with none in files, no call is asked about limits of tenants: the chain has no link for them. */
    private boolean keepsLimits(List<WorkspaceFile> workspaces) {
        return store != null
                || workspaces.stream().anyMatch(file -> !file.limits().isEmpty());
    }

    private static Path dataFolder(Settings settings) {
        return settings.find("bactrian.data.folder")
                .map(Path::of)
                .orElseGet(() -> Path.of(System.getProperty("java.io.tmpdir"), "bactrian"));
    }

    private static @Nullable TenantId defaultTenant(Settings settings) {
        String name = settings.find("bactrian.tenant.default").orElse(TenantId.DEFAULT.value());
        return "none".equals(name) ? null : new TenantId(name);
    }

    private static List<ModelDialectFactory> factories(Beans beans) {
        List<ModelDialectFactory> factories = new ArrayList<>();
        ServiceLoader.load(ModelDialectFactory.class, Installation.class.getClassLoader())
                .forEach(factories::add);
        factories.addAll(beans.dialectFactories());
        return factories;
    }

    private static List<ModelDialect> dialects(List<ModelDialectFactory> factories, EngineEnvironment environment) {
        return factories.stream()
                .flatMap(factory -> factory.dialects(environment).stream())
                .toList();
    }

    private static List<ProviderSource> providers(List<ModelDialectFactory> factories, EngineEnvironment environment) {
        return factories.stream()
                .flatMap(factory -> factory.providers(environment).stream())
                .toList();
    }

    private record ReadFiles(List<WorkspaceFile> workspaces, List<SystemProvider> system) {}

    /** Reads the files under {@code bactrian.config.folder}; a fault in any of them is told before anything is opened. */
    private ReadFiles readFiles() {
        Optional<Path> folder = settings.find("bactrian.config.folder").map(Path::of);
        if (folder.isEmpty()) {
            return new ReadFiles(List.of(), List.of());
        }
        ConfigFiles files = new ConfigFiles(catalog, settings);
        List<YamlProblems> problems = new ArrayList<>();
        List<SystemProvider> system =
                new SystemProviderFiles(files).read(folder.get().resolve("system"), problems);
        List<WorkspaceFile> workspaces =
                new WorkspaceReader(files).read(folder.get().resolve("workspaces"), problems);
        YamlProblems.refuseAny(problems);
        return new ReadFiles(workspaces, system);
    }

    @Override
    public ModelManager modelManager() {
        return modelManager;
    }

    @Override
    public Optional<TenantId> defaultTenant() {
        return Optional.ofNullable(defaultTenant);
    }

    @Override
    public ToolManager toolManager() {
        return tools.manager();
    }

    @Override
    public ToolEngine toolEngine() {
        return toolEngine;
    }

    @Override
    public FileStore fileStore() {
        return files.store();
    }

    @Override
    public FileUrls fileUrls() {
        return files.urls();
    }

    /** Which tickets a file was sent by: for whoever takes files in. */
    public UploadNonces uploadNonces() {
        return files.nonces();
    }

    @Override
    public ApprovalStore approvals() {
        return tools.approvals();
    }

    @Override
    public JsonCodec json() {
        return ToolJson.codec();
    }

    @Override
    public ConfigurationSource configuration() {
        return configuration;
    }

    @Override
    public ProviderCatalog catalog() {
        return catalog;
    }

    @Override
    public Clock clock() {
        return clock;
    }

    /** The settings it was assembled from. */
    public Settings settings() {
        return settings;
    }

    /** Where changes are written: the store, or memory if there is none. */
    public ConfigurationStore store() {
        return writable;
    }

    /** Whether changes outlive the process. */
    public boolean persistent() {
        return store != null;
    }

    /** How the store is; empty without one. */
    Optional<StoreHealthCheck> storeHealth() {
        return Optional.ofNullable(store).map(open -> new StoreHealthCheck(open::health));
    }

    /** How the recording of usage is; empty if there is none. */
    Optional<UsageHealthCheck> usageHealth() {
        return usage.health();
    }

    /** What happened. */
    public AuditLog audit() {
        return auditing.log();
    }

    /** How the taking down of denials is; empty where nobody waits for it anyway. */
    Optional<DenialHealthCheck> auditHealth() {
        return auditing.health();
    }

    /** Decides who may do what. */
    public AccessControl access() {
        return access;
    }

    /** The life of tenants. */
    public TenantManager tenantManager() {
        return tenantManager;
    }

    /** Who is a member of which tenant. */
    public MemberManager memberManager() {
        return memberManager;
    }

    /** What tenants configure for providers. */
    public ProviderSettingsManager providerSettingsManager() {
        return providerSettingsManager;
    }

    /** Which models tenants have. */
    public ModelSettingsManager modelSettingsManager() {
        return modelSettingsManager;
    }

    /** Where persons decide on calls of tools. */
    public ApprovalManager approvalManager() {
        return approvalManager;
    }

    /** What happened, for those who may read it. */
    public AuditManager auditManager() {
        return auditManager;
    }

    /** What calls used, for those who may see it. */
    public UsageManager usageManager() {
        return usageManager;
    }

    /** The life of tenants' credentials. */
    public CredentialManager credentialManager() {
        return credentialManager;
    }

    /** How tenants' calls are spread over their credentials. */
    public BalancingManager balancingManager() {
        return balancingManager;
    }

    /** What tenants may spend. */
    public BudgetManager budgetManager() {
        return budgetManager;
    }

    /** How many calls and tokens tenants may have in a time. Refuses to set any where the chain has no link for them. */
    public LimitManager limitManager() {
        return limitManager;
    }

    /** What is known of OAuth 2 with tool providers. */
    public OAuthStore oauth() {
        return tools.oauth();
    }

    /** The one way out. */
    public EgressClient egress() {
        return egress;
    }

    /** The life of tool providers' credentials. */
    public ToolCredentialManager toolCredentialManager() {
        return toolCredentialManager;
    }

    /** Where tool providers' credentials are written: the store, or memory if there is none. */
    public ToolCredentialStore toolCredentials() {
        return tools.credentials();
    }

    /** The accounts of quotas and budgets: in the store, shared by all nodes, or in memory if there is none. */
    public QuotaLedger quotaLedger() {
        return quotas.ledger();
    }

    /** What calls used; empty without a store. */
    public Optional<UsageStore> usage() {
        return usage.usage();
    }

    /** The life of API keys. */
    public ApiKeyManager apiKeyManager() {
        return apiKeyManager;
    }

    @Override
    public void close() {
        tools.close();
        dialects.close();
        egress.close();
        files.close();
        if (cooldowns != null) {
            cooldowns.close();
        }
        quotas.close();
        limits.close();
        // calls have ended by now: what they used is written while the store is still there
        usage.close();
        auditing.close();
        if (store != null) {
            store.close();
        }
    }
}
