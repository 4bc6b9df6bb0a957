package io.bactrian.engine;

import io.bactrian.support.BactrianEngine;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.ContextServicePlugin;

/** Puts the engine into any Camel context that has this jar on its class path; it is assembled when first asked for. */
public final class EngineContextPlugin implements ContextServicePlugin {

    @Override
    public void load(CamelContext context) {
        // assembled late: properties and beans are complete when the first endpoint starts
        context.getCamelContextExtension()
                .lazyAddContextPlugin(BactrianEngine.class, () -> ContextInstallation.open(context));
    }
}
