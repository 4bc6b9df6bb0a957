package io.bactrian.tool.workflow;

import io.bactrian.core.config.ConfigurationSource;
import io.bactrian.core.config.MemoryConfigurationStore;
import io.bactrian.core.config.SystemProviderSource;
import io.bactrian.core.config.TenantRecord;
import io.bactrian.core.file.FileStore;
import io.bactrian.core.file.FileUrlSettings;
import io.bactrian.core.file.FileUrls;
import io.bactrian.core.file.MemoryFiles;
import io.bactrian.core.file.SigningKey;
import io.bactrian.core.file.SigningKeys;
import io.bactrian.core.invoke.Dialects;
import io.bactrian.core.invoke.Invocation;
import io.bactrian.core.invoke.InvocationTarget;
import io.bactrian.core.invoke.ModelAssemblies;
import io.bactrian.core.invoke.ModelManager;
import io.bactrian.core.invoke.ToolParts;
import io.bactrian.core.json.JsonCodec;
import io.bactrian.core.json.JsonObject;
import io.bactrian.core.provider.ProviderCatalog;
import io.bactrian.core.tenant.CallerClaim;
import io.bactrian.core.tenant.Deadline;
import io.bactrian.core.tenant.InvokeSource;
import io.bactrian.core.tenant.RequestId;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tool.ApprovalStore;
import io.bactrian.core.tool.MemoryApprovals;
import io.bactrian.core.tool.ToolAddress;
import io.bactrian.core.tool.ToolCallback;
import io.bactrian.core.tool.ToolEngine;
import io.bactrian.core.tool.ToolEnvironment;
import io.bactrian.core.tool.ToolFileMessageTransformer;
import io.bactrian.core.tool.ToolLimits;
import io.bactrian.core.tool.ToolManager;
import io.bactrian.core.tool.ToolProviderFactory;
import io.bactrian.core.tool.ToolProviderSource;
import io.bactrian.core.tool.ToolRequest;
import io.bactrian.core.tool.ToolResult;
import io.bactrian.core.tool.ToolStream;
import io.bactrian.json.ToolJson;
import io.bactrian.support.BactrianEngine;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.UUID;
import org.apache.camel.CamelContext;

/** An engine of the real chain over configuration in memory, with the sources of tools that the class path has. */
final class TestEngine implements BactrianEngine {

    static final TenantId ACME = new TenantId("acme");
    static final TenantId BETA = new TenantId("beta");

    /** How deep calls may be nested here. */
    static final int DEEPEST = 8;

    final MemoryConfigurationStore store = new MemoryConfigurationStore("memory", Clock.systemUTC());
    final MemoryFiles files = new MemoryFiles(Clock.systemUTC(), new SecureRandom(), 1 << 20, 1 << 24, null);
    private final ProviderCatalog catalog = ProviderCatalog.of(List.of());
    private final ApprovalStore approvals = new MemoryApprovals();
    private final ToolManager toolManager = new ToolManager(sources());
    private final ModelManager modelManager;
    private final ToolEngine toolEngine;

    TestEngine() {
        for (TenantId tenant : List.of(TenantId.DEFAULT, ACME, BETA)) {
            store.putTenant(new TenantRecord(tenant, tenant.value(), true));
        }
        ToolParts parts = new ToolParts(
                toolManager,
                (tenant, type, provider) -> List.of(),
                null,
                List.of(),
                approvals,
                Duration.ofHours(1),
                new ToolFileMessageTransformer(files, null),
                ToolLimits.DEFAULTS,
                json(),
                () -> UUID.randomUUID().toString(),
                clock());
        modelManager = ModelManager.of(new ModelManager.Parts(
                store,
                new ModelAssemblies(
                        catalog, store, SystemProviderSource.none(), Duration.ofMinutes(5), 100, System::nanoTime),
                new Dialects(List.of()),
                TenantId.DEFAULT,
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                parts,
                DEEPEST));
        toolEngine =
                new ToolEngine(modelManager.chain(), approvals, json(), files, ToolLimits.DEFAULTS, System::nanoTime);
    }

    private List<ToolProviderSource> sources() {
        ToolEnvironment environment = new ToolEnvironment() {
            @Override
            public <T> Optional<T> find(Class<T> type) {
                return type == FileStore.class ? Optional.of(type.cast(files)) : Optional.empty();
            }

            @Override
            public <T> List<T> beans(Class<T> type) {
                return List.of();
            }

            @Override
            public Optional<String> setting(String name) {
                return Optional.empty();
            }

            @Override
            public JsonCodec json() {
                return ToolJson.codec();
            }
        };
        return ServiceLoader.load(ToolProviderFactory.class).stream()
                .flatMap(factory -> factory.get().sources(environment).stream())
                .toList();
    }

    /** Puts the engine into a context that has not been started yet. */
    TestEngine in(CamelContext context) {
        context.getCamelContextExtension().addContextPlugin(BactrianEngine.class, this);
        return this;
    }

    static CallerClaim claim(TenantId tenant, Duration time) {
        return CallerClaim.ofTenant(
                tenant, InvokeSource.ROUTE, new RequestId(UUID.randomUUID().toString()), Deadline.in(time));
    }

    /** Calls a published route on somebody's behalf, and gives what comes of it as it comes. */
    ToolStream stream(CallerClaim claim, String tool, JsonObject arguments) {
        return toolEngine.genericInvoke(invocation(claim, tool, arguments), ToolCallback.NONE);
    }

    /** Calls a published route on somebody's behalf. */
    ToolResult call(CallerClaim claim, String tool, JsonObject arguments) {
        return toolEngine.workflowInvoke(invocation(claim, tool, arguments), ToolCallback.NONE);
    }

    /** Calls a published route for the default tenant. */
    ToolResult call(String tool, JsonObject arguments) {
        return call(claim(TenantId.DEFAULT, Duration.ofSeconds(20)), tool, arguments);
    }

    private static Invocation invocation(CallerClaim claim, String tool, JsonObject arguments) {
        return Invocation.of(
                claim, new InvocationTarget.Tool(ToolAddress.workflow(tool), null), ToolRequest.ofRoute(arguments));
    }

    WorkflowTools tools() {
        return WorkflowTools.of(this);
    }

    @Override
    public ModelManager modelManager() {
        return modelManager;
    }

    @Override
    public ToolManager toolManager() {
        return toolManager;
    }

    @Override
    public ToolEngine toolEngine() {
        return toolEngine;
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
        return new FileUrls(SigningKeys.of(SigningKey.random(new SecureRandom())), clock(), FileUrlSettings.USUAL);
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
