package io.bactrian.agent;

import io.bactrian.core.balance.BalancingSettings;
import io.bactrian.core.balance.LoadBalancingManager;
import io.bactrian.core.config.ConfigurationSource;
import io.bactrian.core.config.MemoryConfigurationStore;
import io.bactrian.core.config.ModelReference;
import io.bactrian.core.config.SystemProviderSource;
import io.bactrian.core.config.TenantRecord;
import io.bactrian.core.credential.CredentialId;
import io.bactrian.core.credential.CredentialName;
import io.bactrian.core.credential.CredentialValue;
import io.bactrian.core.credential.Credentials;
import io.bactrian.core.credential.Secret;
import io.bactrian.core.file.FileStore;
import io.bactrian.core.file.FileUrlSettings;
import io.bactrian.core.file.FileUrls;
import io.bactrian.core.file.MemoryFiles;
import io.bactrian.core.file.SigningKey;
import io.bactrian.core.file.SigningKeys;
import io.bactrian.core.invoke.AccessPolicy;
import io.bactrian.core.invoke.CallObserver;
import io.bactrian.core.invoke.Dialects;
import io.bactrian.core.invoke.Interceptor;
import io.bactrian.core.invoke.ModelAssemblies;
import io.bactrian.core.invoke.ModelManager;
import io.bactrian.core.invoke.ToolParts;
import io.bactrian.core.json.JsonCodec;
import io.bactrian.core.model.DialectEnvironment;
import io.bactrian.core.provider.ModelType;
import io.bactrian.core.provider.ProviderCatalog;
import io.bactrian.core.provider.ProviderId;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tool.ApprovalStore;
import io.bactrian.core.tool.MemoryApprovals;
import io.bactrian.core.tool.MemoryToolCredentials;
import io.bactrian.core.tool.NewToolCredential;
import io.bactrian.core.tool.ToolEngine;
import io.bactrian.core.tool.ToolFileMessageTransformer;
import io.bactrian.core.tool.ToolLimits;
import io.bactrian.core.tool.ToolManager;
import io.bactrian.core.tool.ToolPolicy;
import io.bactrian.core.tool.ToolProviderName;
import io.bactrian.core.tool.ToolProviderType;
import io.bactrian.json.ToolJson;
import io.bactrian.support.BactrianEngine;
import io.bactrian.testkit.ScriptedModel;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.CamelContext;

/**
 * An engine of the real chain, over configuration and approvals in memory that outlive it, with one provider, {@code openai},
 * that answers from a script, and the tools of {@link TestTools}.
 */
final class TestEngine implements BactrianEngine {

    static final ProviderId OPENAI = new ProviderId("openai");
    static final TenantId ACME = new TenantId("acme");
    static final TenantId POOR = new TenantId("poor");
    static final Duration APPROVAL_EXPIRY = Duration.ofDays(1);

    ScriptedModel model = ScriptedModel.insteadOf("openai");
    TestTools tools = new TestTools();
    TestClock clock = new TestClock();
    ApprovalStore approvals = new MemoryApprovals();
    ToolLimits limits = ToolLimits.DEFAULTS;
    int deepest = 16;
    final List<CallObserver> observers = new ArrayList<>();
    final List<AccessPolicy> policies = new ArrayList<>();
    final List<ToolPolicy> toolPolicies = new ArrayList<>();
    final List<Interceptor> interceptors = new ArrayList<>();
    final MemoryToolCredentials toolCredentials = new MemoryToolCredentials();
    final MemoryConfigurationStore store = new MemoryConfigurationStore("memory", Clock.systemUTC());
    final AtomicInteger approvalIds = new AtomicInteger();
    private final MemoryFiles files = new MemoryFiles(Clock.systemUTC(), new SecureRandom(), 1 << 20, 8 << 20, null);
    private volatile Assembled assembled;

    private record Assembled(ModelManager models, ToolManager tools, ToolEngine engine) {}

    TestEngine() {
        for (TenantId tenant : List.of(TenantId.DEFAULT, ACME, POOR)) {
            store.putTenant(new TenantRecord(tenant, tenant.value(), true));
        }
        store.setDefaultModel(TenantId.DEFAULT, ModelType.LLM, new ModelReference(OPENAI, "gpt-4o-mini"));
    }

    /** Adds a credential of a provider of tools. */
    CredentialId toolCredential(String provider, String name, String key) {
        return toolCredentials.add(
                TenantId.DEFAULT,
                new ToolProviderName(ToolProviderType.BUILTIN, provider),
                NewToolCredential.ofApiKey(
                        new CredentialName(name),
                        Credentials.of(Map.of("api_key", new CredentialValue.Hidden(Secret.of(key))))));
    }

    /** An engine after a restart: new in all but what is kept in a store, and its clock. */
    TestEngine restarted() {
        TestEngine next = new TestEngine();
        next.model = model;
        next.tools = tools;
        next.approvals = approvals;
        next.clock = clock;
        next.approvalIds.set(approvalIds.get());
        return next;
    }

    /** Puts the engine into a context that has been initialised and not started yet. */
    TestEngine in(CamelContext context) {
        context.getCamelContextExtension().addContextPlugin(BactrianEngine.class, this);
        return this;
    }

    private Assembled assembled() {
        Assembled known = assembled;
        if (known == null) {
            known = assemble();
            assembled = known;
        }
        return known;
    }

    private Assembled assemble() {
        ToolManager manager = new ToolManager(List.of(tools));
        List<Interceptor> links = new ArrayList<>(interceptors);
        links.add(model);
        ToolParts parts = new ToolParts(
                manager,
                toolCredentials,
                null,
                toolPolicies,
                approvals,
                APPROVAL_EXPIRY,
                new ToolFileMessageTransformer(files, null),
                limits,
                json(),
                () -> "approval-" + approvalIds.incrementAndGet(),
                clock);
        ProviderCatalog catalog = ProviderCatalog.of(model.providers(NOTHING));
        ModelAssemblies assemblies = new ModelAssemblies(
                catalog, store, SystemProviderSource.none(), Duration.ofMinutes(5), 100, System::nanoTime);
        ModelManager models = ModelManager.of(new ModelManager.Parts(
                        store,
                        assemblies,
                        new Dialects(model.dialects(NOTHING)),
                        TenantId.DEFAULT,
                        observers,
                        policies,
                        List.of(),
                        links)
                .withTools(parts, deepest)
                .withBalancing(oneAttempt()));
        return new Assembled(models, manager, new ToolEngine(models.chain(), approvals, json(), files, limits));
    }

    private static final DialectEnvironment NOTHING = new DialectEnvironment() {
        @Override
        public <T> Optional<T> find(Class<T> type) {
            return Optional.empty();
        }

        @Override
        public Optional<String> setting(String name) {
            return Optional.empty();
        }

        @Override
        public Path dataFolder() {
            return Path.of("target");
        }
    };

    @Override
    public ModelManager modelManager() {
        return assembled().models();
    }

    @Override
    public ToolManager toolManager() {
        return assembled().tools();
    }

    @Override
    public ToolEngine toolEngine() {
        return assembled().engine();
    }

    @Override
    public ApprovalStore approvals() {
        return approvals;
    }

    @Override
    public FileStore fileStore() {
        return files;
    }

    @Override
    public FileUrls fileUrls() {
        SigningKey key = SigningKey.random(new SecureRandom());
        return new FileUrls(SigningKeys.of(key), clock, FileUrlSettings.USUAL);
    }

    @Override
    public JsonCodec json() {
        return ToolJson.codec();
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
        return ProviderCatalog.of(model.providers(NOTHING));
    }

    @Override
    public Clock clock() {
        return clock;
    }
}
