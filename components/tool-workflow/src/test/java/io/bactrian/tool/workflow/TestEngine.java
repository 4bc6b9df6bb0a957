package io.bactrian.tool.workflow;

import io.bactrian.core.config.ConfigurationSource;
import io.bactrian.core.config.MemoryConfigurationStore;
import io.bactrian.core.file.FileStore;
import io.bactrian.core.file.FileUrls;
import io.bactrian.core.file.MemoryFiles;
import io.bactrian.core.invoke.Invocation;
import io.bactrian.core.invoke.InvocationTarget;
import io.bactrian.core.invoke.ModelManager;
import io.bactrian.core.json.JsonCodec;
import io.bactrian.core.json.JsonObject;
import io.bactrian.core.provider.ProviderCatalog;
import io.bactrian.core.tenant.CallerClaim;
import io.bactrian.core.tenant.Deadline;
import io.bactrian.core.tenant.InvokeSource;
import io.bactrian.core.tenant.RequestId;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tool.ApprovalStore;
import io.bactrian.core.tool.ToolAddress;
import io.bactrian.core.tool.ToolCallback;
import io.bactrian.core.tool.ToolEngine;
import io.bactrian.core.tool.ToolEnvironment;
import io.bactrian.core.tool.ToolLimits;
import io.bactrian.core.tool.ToolManager;
import io.bactrian.core.tool.ToolProviderFactory;
import io.bactrian.core.tool.ToolProviderSource;
import io.bactrian.core.tool.ToolRequest;
import io.bactrian.core.tool.ToolResult;
import io.bactrian.core.tool.ToolStream;
import io.bactrian.json.ToolJson;
import io.bactrian.support.BactrianEngine;
import io.bactrian.testkit.contract.ContractEngine;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.ServiceLoader;
import java.util.UUID;
import org.apache.camel.CamelContext;

/** An engine of the real chain over configuration in memory, for routes. */
final class TestEngine implements BactrianEngine {

    static final TenantId ACME = new TenantId("acme");
    static final TenantId BETA = new TenantId("beta");

    /** How deep calls may be nested here. */
    static final int DEEPEST = 8;

    final MemoryConfigurationStore store;
    final MemoryFiles files;
    private final ContractEngine engine;

    /** An engine with the sources of tools that the class path has. */
    TestEngine() {
        this(new ContractEngine(
                new ContractEngine.Settings(
                        ToolJson.codec(),
                        List.of(TenantId.DEFAULT, ACME, BETA),
                        ToolLimits.DEFAULTS,
                        DEEPEST,
                        List.of()),
                TestEngine::sources));
    }

    TestEngine(ContractEngine engine) {
        this.engine = engine;
        this.store = engine.configuration();
        this.files = engine.files();
    }

    private static List<ToolProviderSource> sources(ToolEnvironment environment) {
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
        return engine.toolEngine().genericInvoke(invocation(claim, tool, arguments), ToolCallback.NONE);
    }

    /** Calls a published route on somebody's behalf. */
    ToolResult call(CallerClaim claim, String tool, JsonObject arguments) {
        return engine.toolEngine().workflowInvoke(invocation(claim, tool, arguments), ToolCallback.NONE);
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
        return engine.modelManager();
    }

    @Override
    public ToolManager toolManager() {
        return engine.toolManager();
    }

    @Override
    public ToolEngine toolEngine() {
        return engine.toolEngine();
    }

    @Override
    public ApprovalStore approvals() {
        return engine.approvals();
    }

    @Override
    public FileStore fileStore() {
        return files;
    }

    @Override
    public FileUrls fileUrls() {
        return engine.fileUrls();
    }

    @Override
    public JsonCodec json() {
        return engine.json();
    }

    @Override
    public ConfigurationSource configuration() {
        return store;
    }

    @Override
    public ProviderCatalog catalog() {
        return engine.catalog();
    }

    @Override
    public Clock clock() {
        return engine.clock();
    }
}
