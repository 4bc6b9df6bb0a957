package io.bactrian.testkit.contract;

import io.bactrian.core.config.MemoryConfigurationStore;
import io.bactrian.core.config.SystemProviderSource;
import io.bactrian.core.config.TenantRecord;
import io.bactrian.core.file.FileUrlSettings;
import io.bactrian.core.file.FileUrls;
import io.bactrian.core.file.MemoryFiles;
import io.bactrian.core.file.SigningKey;
import io.bactrian.core.file.SigningKeys;
import io.bactrian.core.invoke.Dialects;
import io.bactrian.core.invoke.ModelAssemblies;
import io.bactrian.core.invoke.ModelManager;
import io.bactrian.core.invoke.ToolParts;
import io.bactrian.core.json.JsonCodec;
import io.bactrian.core.provider.ProviderCatalog;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tool.ApprovalStore;
import io.bactrian.core.tool.MemoryApprovals;
import io.bactrian.core.tool.ToolCredentialSource;
import io.bactrian.core.tool.ToolEngine;
import io.bactrian.core.tool.ToolFileMessageTransformer;
import io.bactrian.core.tool.ToolLimits;
import io.bactrian.core.tool.ToolManager;
import io.bactrian.core.tool.ToolPolicy;
import io.bactrian.core.tool.ToolProviderSource;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;

/** An engine of the real chain over configuration, files and approvals in memory, for tests of tools. */
public final class ContractEngine implements AutoCloseable {

    private static final int LARGEST_FILE = 1 << 20;
    private static final int MOST_OF_FILES = 1 << 24;

    private final Clock clock = Clock.systemUTC();
    private final MemoryConfigurationStore configuration = new MemoryConfigurationStore("memory", clock);
    private final MemoryFiles files = new MemoryFiles(clock, new SecureRandom(), LARGEST_FILE, MOST_OF_FILES, null);
    private final FileUrls fileUrls =
            new FileUrls(SigningKeys.of(SigningKey.random(new SecureRandom())), clock, FileUrlSettings.USUAL);
    private final ApprovalStore approvals = new MemoryApprovals();
    private final ProviderCatalog catalog = ProviderCatalog.of(List.of());
    private final JsonCodec json;
    private final ToolManager toolManager;
    private final ModelManager modelManager;
    private final ToolEngine toolEngine;

    /**
     * What an engine is made with.
     *
     * @param json reads and checks JSON
     * @param tenants the tenants that there are
     * @param limits what tools may do at most
     * @param deepest how deep calls may be nested
     * @param policies which tools a person has to approve
     */
    public record Settings(
            JsonCodec json, List<TenantId> tenants, ToolLimits limits, int deepest, List<ToolPolicy> policies) {
        /** Copies the lists. */
        public Settings {
            tenants = List.copyOf(tenants);
            policies = List.copyOf(policies);
        }
    }

    /**
     * @param settings what it is made with
     * @param sources makes the sources of tools
     */
    public ContractEngine(
            Settings settings, Function<ContractEnvironment, List<? extends ToolProviderSource>> sources) {
        json = settings.json();
        settings.tenants().forEach(tenant -> configuration.putTenant(new TenantRecord(tenant, tenant.value(), true)));
        toolManager = new ToolManager(sources.apply(new ContractEnvironment(json, files, List.of(), List.of())));
        modelManager = ModelManager.of(new ModelManager.Parts(
                        configuration,
                        new ModelAssemblies(
                                catalog,
                                configuration,
                                SystemProviderSource.none(),
                                Duration.ofMinutes(5),
                                100,
                                System::nanoTime),
                        new Dialects(List.of()),
                        TenantId.DEFAULT,
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of())
                .withTools(parts(settings), settings.deepest()));
        toolEngine = new ToolEngine(modelManager.chain(), approvals, json, files, settings.limits());
    }

    private ToolParts parts(Settings settings) {
        return new ToolParts(
                toolManager,
                ToolCredentialSource.NONE,
                null,
                settings.policies(),
                approvals,
                Duration.ofHours(1),
                new ToolFileMessageTransformer(files, null),
                settings.limits(),
                json,
                () -> UUID.randomUUID().toString(),
                clock);
    }

    /** Finds tools. */
    public ToolManager toolManager() {
        return toolManager;
    }

    /** Holds the chain. */
    public ModelManager modelManager() {
        return modelManager;
    }

    /** Calls tools. */
    public ToolEngine toolEngine() {
        return toolEngine;
    }

    /** What waits for a person. */
    public ApprovalStore approvals() {
        return approvals;
    }

    /** The files of the tenants. */
    public MemoryFiles files() {
        return files;
    }

    /** Signs links to files. */
    public FileUrls fileUrls() {
        return fileUrls;
    }

    /** Reads and checks JSON. */
    public JsonCodec json() {
        return json;
    }

    /** The tenants. */
    public MemoryConfigurationStore configuration() {
        return configuration;
    }

    /** The providers of models: none. */
    public ProviderCatalog catalog() {
        return catalog;
    }

    /** The clock. */
    public Clock clock() {
        return clock;
    }

    @Override
    public void close() {
        toolManager.close();
    }
}
