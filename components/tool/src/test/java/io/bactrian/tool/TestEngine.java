package io.bactrian.tool;

import io.bactrian.core.config.ConfigurationSource;
import io.bactrian.core.config.MemoryConfigurationStore;
import io.bactrian.core.config.StoredCredential;
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
import io.bactrian.core.invoke.Dialects;
import io.bactrian.core.invoke.ModelAssemblies;
import io.bactrian.core.invoke.ModelManager;
import io.bactrian.core.invoke.ToolParts;
import io.bactrian.core.json.JsonCodec;
import io.bactrian.core.provider.ProviderCatalog;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tool.ApprovalStore;
import io.bactrian.core.tool.MemoryApprovals;
import io.bactrian.core.tool.ToolCredential;
import io.bactrian.core.tool.ToolCredentialType;
import io.bactrian.core.tool.ToolEngine;
import io.bactrian.core.tool.ToolFileMessageTransformer;
import io.bactrian.core.tool.ToolLimits;
import io.bactrian.core.tool.ToolManager;
import io.bactrian.json.ToolJson;
import io.bactrian.support.BactrianEngine;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.CamelContext;

/** An engine of the real chain over configuration in memory, with the {@link ScriptedTools}. The tenant {@code poor} has no credential. */
final class TestEngine implements BactrianEngine {

    static final TenantId ACME = new TenantId("acme");
    static final TenantId POOR = new TenantId("poor");

    final ScriptedTools tools = new ScriptedTools();
    final MemoryConfigurationStore store = new MemoryConfigurationStore("memory", Clock.systemUTC());
    final MemoryFiles files = new MemoryFiles(Clock.systemUTC(), new SecureRandom(), 1 << 20, 1 << 24, null);
    final List<AccessPolicy> policies = new ArrayList<>();
    private final Map<TenantId, List<ToolCredential>> credentials = new HashMap<>();
    private final AtomicInteger ids = new AtomicInteger();
    private final ProviderCatalog catalog = ProviderCatalog.of(List.of());
    private final ApprovalStore approvals = new MemoryApprovals();
    private final ToolManager toolManager = new ToolManager(tools.sources());
    private ModelManager modelManager;
    private ToolEngine toolEngine;

    TestEngine() {
        for (TenantId tenant : List.of(TenantId.DEFAULT, ACME, POOR)) {
            store.putTenant(new TenantRecord(tenant, tenant.value(), true));
        }
        credential(TenantId.DEFAULT, "main", "sk-of-default");
        credential(ACME, "main", "sk-of-acme");
        credential(ACME, "second", "sk-of-acme-2");
    }

    void credential(TenantId tenant, String name, String key) {
        Credentials values = Credentials.of(Map.of("api_key", new CredentialValue.Hidden(Secret.of(key))));
        StoredCredential stored = new StoredCredential(
                new CredentialId("credential-" + ids.incrementAndGet()), new CredentialName(name), 1, () -> values);
        credentials
                .computeIfAbsent(tenant, none -> new ArrayList<>())
                .add(new ToolCredential(stored, ToolCredentialType.API_KEY, false, null, null));
    }

    /** Puts the engine into a context that has not been started yet. */
    TestEngine in(CamelContext context) {
        context.getCamelContextExtension().addContextPlugin(BactrianEngine.class, this);
        return this;
    }

    @Override
    public ModelManager modelManager() {
        if (modelManager == null) {
            ToolParts parts = new ToolParts(
                    toolManager,
                    (tenant, type, provider) -> credentials.getOrDefault(tenant, List.of()),
                    null,
                    List.of(),
                    approvals,
                    Duration.ofHours(1),
                    new ToolFileMessageTransformer(files, null),
                    ToolLimits.DEFAULTS,
                    json(),
                    () -> UUID.randomUUID().toString(),
                    clock());
            ModelAssemblies assemblies = new ModelAssemblies(
                    catalog, store, SystemProviderSource.none(), Duration.ofMinutes(5), 100, System::nanoTime);
            modelManager = ModelManager.of(new ModelManager.Parts(
                            store,
                            assemblies,
                            new Dialects(List.of()),
                            TenantId.DEFAULT,
                            List.of(),
                            policies,
                            List.of(),
                            List.of())
                    .withTools(parts, 16));
        }
        return modelManager;
    }

    @Override
    public ToolEngine toolEngine() {
        if (toolEngine == null) {
            toolEngine = new ToolEngine(modelManager().chain(), approvals, json(), files, ToolLimits.DEFAULTS);
        }
        return toolEngine;
    }

    @Override
    public ToolManager toolManager() {
        return toolManager;
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
        SigningKeys keys = SigningKeys.of(SigningKey.of("k1", new byte[32]));
        return new FileUrls(keys, clock(), new FileUrlSettings(Duration.ofHours(1), ""));
    }

    @Override
    public JsonCodec json() {
        return ToolJson.codec();
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
    public Clock clock() {
        return Clock.systemUTC();
    }
}
