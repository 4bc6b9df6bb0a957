package io.bactrian.support;

import io.bactrian.core.config.ConfigurationSource;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.MisconfiguredException;
import io.bactrian.core.invoke.ModelManager;
import io.bactrian.core.provider.ProviderCatalog;
import java.time.Clock;
import org.apache.camel.CamelContext;

/**
 * What a Camel context's endpoints call: the one chain, and what it stands on. Put into the context by the engine room,
 * which a project adds as its one dependency.
 */
public interface BactrianEngine {

    /** The way to a model. */
    ModelManager modelManager();

    /** Tenants and what they configured. */
    ConfigurationSource configuration();

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
