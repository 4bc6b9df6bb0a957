package io.bactrian.tool.builtin;

import io.bactrian.support.tool.ToolComponentSupport;
import io.bactrian.support.tool.ToolConfiguration;
import io.bactrian.support.tool.ToolEndpointSupport;
import org.apache.camel.spi.annotations.Component;

/** The component {@code tool-builtin:}. */
@Component(BuiltinEndpoint.SCHEME)
public class BuiltinComponent extends ToolComponentSupport {

    @Override
    protected ToolEndpointSupport endpoint(String uri, String path, ToolConfiguration own) {
        return new BuiltinEndpoint(uri, this, own, path);
    }
}
