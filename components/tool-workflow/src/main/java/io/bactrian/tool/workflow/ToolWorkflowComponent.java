package io.bactrian.tool.workflow;

import io.bactrian.support.tool.ToolComponentSupport;
import io.bactrian.support.tool.ToolConfiguration;
import io.bactrian.support.tool.ToolEndpointSupport;
import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.util.PropertiesHelper;

/** The component {@code tool-workflow:}. */
@Component("tool-workflow")
public class ToolWorkflowComponent extends ToolComponentSupport {

    /** For Camel, which makes it. */
    public ToolWorkflowComponent() {
        setConfiguration(new WorkflowConfiguration());
    }

    @Override
    protected ToolEndpointSupport endpoint(String uri, String path, ToolConfiguration own) {
        return new ToolWorkflowEndpoint(uri, this, own, path);
    }

    @Override
    protected void setProperties(Endpoint endpoint, Map<String, Object> parameters) throws Exception {
        if (endpoint instanceof ToolWorkflowEndpoint workflow) {
            workflow.getShortParameters()
                    .putAll(PropertiesHelper.extractProperties(parameters, ToolWorkflowEndpoint.PARAMETER_PREFIX));
        }
        super.setProperties(endpoint, parameters);
    }
}
