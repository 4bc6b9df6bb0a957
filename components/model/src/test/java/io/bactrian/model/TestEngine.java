package io.bactrian.model;

import io.bactrian.core.balance.BalancingSettings;
import io.bactrian.core.balance.LoadBalancingManager;
import io.bactrian.core.config.ConfigurationSource;
import io.bactrian.core.config.CredentialScope;
import io.bactrian.core.config.MemoryConfigurationStore;
import io.bactrian.core.config.ModelReference;
import io.bactrian.core.config.NewCredential;
import io.bactrian.core.config.StoredCredential;
import io.bactrian.core.config.SystemProvider;
import io.bactrian.core.config.SystemProviderSource;
import io.bactrian.core.config.TenantRecord;
import io.bactrian.core.credential.CredentialForm;
import io.bactrian.core.credential.CredentialFormSchema;
import io.bactrian.core.credential.CredentialId;
import io.bactrian.core.credential.CredentialName;
import io.bactrian.core.credential.CredentialValue;
import io.bactrian.core.credential.Credentials;
import io.bactrian.core.credential.FormType;
import io.bactrian.core.credential.Secret;
import io.bactrian.core.file.FileStore;
import io.bactrian.core.file.FileUrlSettings;
import io.bactrian.core.file.FileUrls;
import io.bactrian.core.file.MemoryFiles;
import io.bactrian.core.file.SigningKey;
import io.bactrian.core.file.SigningKeys;
import io.bactrian.core.invoke.AccessPolicy;
import io.bactrian.core.invoke.Dialects;
import io.bactrian.core.invoke.Interceptor;
import io.bactrian.core.invoke.ModelAssemblies;
import io.bactrian.core.invoke.ModelManager;
import io.bactrian.core.json.JsonCodec;
import io.bactrian.core.provider.AIModelEntity;
import io.bactrian.core.provider.ConfigurateMethod;
import io.bactrian.core.provider.ModelPricing;
import io.bactrian.core.provider.ModelType;
import io.bactrian.core.provider.ParameterRule;
import io.bactrian.core.provider.ParameterType;
import io.bactrian.core.provider.ProviderCatalog;
import io.bactrian.core.provider.ProviderEntity;
import io.bactrian.core.provider.ProviderId;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tool.ApprovalStore;
import io.bactrian.core.tool.MemoryApprovals;
import io.bactrian.core.tool.ToolEngine;
import io.bactrian.core.tool.ToolLimits;
import io.bactrian.core.tool.ToolManager;
import io.bactrian.json.ToolJson;
import io.bactrian.support.BactrianEngine;
import java.math.BigDecimal;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.CamelContext;

/**
 * An engine of the real chain over configuration in memory, with one provider, {@code openai}, that the
 * {@link ScriptedDialect} speaks for. The tenant {@code default} has a credential; {@code poor} has none.
 */
final class TestEngine implements BactrianEngine {

    static final ProviderId OPENAI = new ProviderId("openai");
    static final TenantId ACME = new TenantId("acme");
    static final TenantId POOR = new TenantId("poor");

    final ScriptedDialect dialect = new ScriptedDialect();
    final MemoryConfigurationStore store;
    final List<AccessPolicy> policies = new ArrayList<>();
    final List<Interceptor> interceptors = new ArrayList<>();
    final List<SystemProvider> system = new ArrayList<>();
    private final FileStore files = new MemoryFiles(Clock.systemUTC(), new SecureRandom(), 1_000_000, 10_000_000, null);
    private final ProviderCatalog catalog;
    private ModelManager manager;

    TestEngine() {
        AtomicInteger ids = new AtomicInteger();
        store = new MemoryConfigurationStore(
                "memory", Clock.systemUTC(), () -> new CredentialId("credential-" + ids.incrementAndGet()));
        catalog = ProviderCatalog.of(List.of(() -> List.of(openai())));
        for (TenantId tenant : List.of(TenantId.DEFAULT, ACME, POOR)) {
            store.putTenant(new TenantRecord(tenant, tenant.value(), true));
        }
        credential(TenantId.DEFAULT, "main", "sk-of-default");
        credential(ACME, "main", "sk-of-acme");
        credential(ACME, "second", "sk-of-acme-2");
        store.setDefaultModel(TenantId.DEFAULT, ModelType.LLM, new ModelReference(OPENAI, "gpt-4o-mini"));
    }

    CredentialId credential(TenantId tenant, String name, String key) {
        return store.addCredential(
                tenant,
                new CredentialScope.OfProvider(OPENAI),
                new NewCredential(
                        new CredentialName(name),
                        Credentials.of(Map.of("api_key", new CredentialValue.Hidden(Secret.of(key)))),
                        null));
    }

    /** Grants tenants the operator's own key, for one model alone. */
    void grant(String model, TenantId... tenants) {
        system.add(new SystemProvider(
                new StoredCredential(
                        new CredentialId("system-" + system.size()),
                        new CredentialName("house"),
                        1,
                        () -> Credentials.of(
                                Map.of("api_key", new CredentialValue.Hidden(Secret.of("sk-of-the-house"))))),
                OPENAI,
                null,
                Set.of(tenants),
                false,
                List.of(new SystemProvider.RestrictModel(model, ModelType.LLM, null)),
                "system/house.yaml"));
    }

    /** Puts the engine into a context that has not been started yet. */
    TestEngine in(CamelContext context) {
        context.getCamelContextExtension().addContextPlugin(BactrianEngine.class, this);
        return this;
    }

    @Override
    public ModelManager modelManager() {
        if (manager == null) {
            ModelAssemblies assemblies = new ModelAssemblies(
                    catalog, store, SystemProviderSource.of(system), Duration.ofMinutes(5), 100, System::nanoTime);
            manager = ModelManager.of(new ModelManager.Parts(
                            store,
                            assemblies,
                            new Dialects(List.of(dialect)),
                            TenantId.DEFAULT,
                            List.of(),
                            policies,
                            List.of(),
                            interceptors)
                    .withBalancing(oneAttempt()));
        }
        return manager;
    }

    /** What these tests show is what becomes of a failure, not how it is avoided. */
    private static LoadBalancingManager oneAttempt() {
        return new LoadBalancingManager(BalancingSettings.DEFAULTS.withRetries(0), System::nanoTime, Clock.systemUTC());
    }

    @Override
    public ConfigurationSource configuration() {
        return store;
    }

    @Override
    public ProviderCatalog catalog() {
        return catalog;
    }

    @Override
    public ToolManager toolManager() {
        return new ToolManager(List.of());
    }

    @Override
    public ToolEngine toolEngine() {
        return new ToolEngine(modelManager().chain(), approvals(), json(), files, ToolLimits.DEFAULTS);
    }

    @Override
    public ApprovalStore approvals() {
        return new MemoryApprovals();
    }

    @Override
    public JsonCodec json() {
        return ToolJson.codec();
    }

    @Override
    public FileStore fileStore() {
        return files;
    }

    @Override
    public FileUrls fileUrls() {
        SigningKeys keys = SigningKeys.of(SigningKey.random(new SecureRandom()));
        return new FileUrls(keys, Clock.systemUTC(), FileUrlSettings.USUAL);
    }

    @Override
    public Clock clock() {
        return Clock.systemUTC();
    }

    private static ProviderEntity openai() {
        CredentialFormSchema key = new CredentialFormSchema(
                "api_key", "API key", FormType.SECRET_INPUT, true, null, List.of(), 0, List.of(), null);
        return new ProviderEntity(
                OPENAI,
                "OpenAI",
                "A provider for tests",
                null,
                "scripted",
                "openai",
                Set.of(ModelType.LLM, ModelType.TEXT_EMBEDDING),
                Set.of(ConfigurateMethod.PREDEFINED_MODEL, ConfigurateMethod.CUSTOMIZABLE_MODEL),
                List.of(
                        model("gpt-4o-mini", ModelType.LLM, rules(), false),
                        model("text-embedding-3-small", ModelType.TEXT_EMBEDDING, List.of(), true)),
                Map.of(
                        ModelType.LLM, model("template", ModelType.LLM, List.of(), true),
                        ModelType.TEXT_EMBEDDING, model("template", ModelType.TEXT_EMBEDDING, List.of(), true)),
                new CredentialForm(List.of(key)),
                null,
                Map.of());
    }

    private static List<ParameterRule> rules() {
        return List.of(
                rule("temperature", ParameterType.FLOAT, "0", "2"),
                rule("top_p", ParameterType.FLOAT, "0", "1"),
                rule("max_tokens", ParameterType.INT, "1", "16384"),
                rule("seed", ParameterType.INT, "0", "9000000000"),
                rule("presence_penalty", ParameterType.FLOAT, "-2", "2"),
                rule("frequency_penalty", ParameterType.FLOAT, "-2", "2"));
    }

    private static ParameterRule rule(String name, ParameterType type, String min, String max) {
        return new ParameterRule(name, type, false, null, new BigDecimal(min), new BigDecimal(max), null, List.of());
    }

    private static AIModelEntity model(String name, ModelType type, List<ParameterRule> rules, boolean open) {
        return new AIModelEntity(
                name,
                name,
                type,
                ConfigurateMethod.PREDEFINED_MODEL,
                Set.of(),
                null,
                null,
                false,
                rules,
                open,
                new ModelPricing(new BigDecimal("1"), new BigDecimal("2"), null, new BigDecimal("0.000001"), "USD"));
    }
}
