package io.bactrian.tool.builtin;

import io.bactrian.support.tool.ToolReference;
import io.bactrian.support.tool.ToolSendDynamicAwareSupport;
import org.apache.camel.spi.annotations.SendDynamic;

/** Lets all builtin tools that an expression names share one endpoint {@code tool-builtin:*}. */
@SendDynamic(BuiltinEndpoint.SCHEME)
public class BuiltinSendDynamicAware extends ToolSendDynamicAwareSupport {

    @Override
    protected ToolReference reference(String toolPath) {
        return BuiltinEndpoint.named(toolPath);
    }
}
