package io.bactrian.tool;

import io.bactrian.support.tool.ToolReference;
import io.bactrian.support.tool.ToolSendDynamicAwareSupport;
import org.apache.camel.spi.annotations.SendDynamic;

/** Lets all tools that an expression names share one endpoint {@code tool:*}. */
@SendDynamic(ToolEndpoint.SCHEME)
public class ToolSendDynamicAware extends ToolSendDynamicAwareSupport {

    @Override
    protected ToolReference reference(String toolPath) {
        return ToolEndpoint.named(toolPath);
    }
}
