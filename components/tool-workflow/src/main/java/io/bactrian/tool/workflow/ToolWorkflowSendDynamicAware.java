package io.bactrian.tool.workflow;

import io.bactrian.support.tool.ToolReference;
import io.bactrian.support.tool.ToolSendDynamicAwareSupport;
import org.apache.camel.spi.annotations.SendDynamic;

/** Lets all published routes that {@code toD} and {@code enrich} name share one endpoint. */
@SendDynamic("tool-workflow")
public class ToolWorkflowSendDynamicAware extends ToolSendDynamicAwareSupport {

    @Override
    protected ToolReference reference(String toolPath) {
        return ToolWorkflowEndpoint.named(toolPath);
    }
}
