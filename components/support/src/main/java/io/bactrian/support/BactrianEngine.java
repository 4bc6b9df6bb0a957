package io.bactrian.support;

import io.bactrian.core.config.ConfigurationSource;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.MisconfiguredException;
import io.bactrian.core.file.FileStore;
import io.bactrian.core.file.FileUrls;
import io.bactrian.core.invoke.ModelManager;
import io.bactrian.core.json.JsonCodec;
import io.bactrian.core.provider.ProviderCatalog;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tool.ApprovalStore;
import io.bactrian.core.tool.ToolEngine;
import io.bactrian.core.tool.ToolManager;
import java.time.Clock;
import java.util.Optional;
import org.apache.camel.CamelContext;

/**
 * What a Camel context's endpoints call: the one chain, and what it stands on. Put into the context by the engine room,
 * which a project adds as its one dependency.
 */
public interface BactrianEngine {

    /** The way to a model. */
    ModelManager modelManager();

    /** Finds tools. */
    ToolManager toolManager();

    /** Calls tools, through the same chain as models. */
    ToolEngine toolEngine();

    /** What waits for a person's approval. */
    ApprovalStore approvals();

    /** The files of tenants. */
    FileStore fileStore();

    /** Signs links to files. */
    FileUrls fileUrls();

    /** Reads, writes and checks JSON. */
    JsonCodec json();

    /** Tenants and what they configured. */
    ConfigurationSource configuration();

    /** The tenant of calls that name none; empty where those are refused. */
    default Optional<TenantId> defaultTenant() {
        return Optional.of(TenantId.DEFAULT);
    }

    /** The provider declarations. */
    ProviderCatalog catalog();

    /** The clock of the installation. */
    Clock clock();

    /**
     * The engine of a context; assembled when it is first asked for.
     *
     * @throws MisconfiguredException if there is none, naming the dependency that brings it
     */
    static BactrianEngine of(CamelContext context) {
        BactrianEngine engine = context.getCamelContextExtension().getContextPlugin(BactrianEngine.class);
        if (engine == null) {
            throw new MisconfiguredException(
                    ErrorCode.MISCONFIGURED,
                    "this Camel context has no Bactrian engine: add the dependency io.bactrian:bactrian-engine");
        }
        return engine;
    }
}
