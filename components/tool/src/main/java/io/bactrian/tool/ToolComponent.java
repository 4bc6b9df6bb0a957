package io.bactrian.tool;

import io.bactrian.support.tool.ToolComponentSupport;
import io.bactrian.support.tool.ToolConfiguration;
import io.bactrian.support.tool.ToolEndpointSupport;
import org.apache.camel.spi.annotations.Component;

/** The component {@code tool:}. */
@Component("tool")
public class ToolComponent extends ToolComponentSupport {

    @Override
    protected ToolEndpointSupport endpoint(String uri, String path, ToolConfiguration own) {
        return new ToolEndpoint(uri, this, own, path);
    }
}
