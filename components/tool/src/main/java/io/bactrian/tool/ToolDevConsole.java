package io.bactrian.tool;

import io.bactrian.support.tool.ToolEndpointsDevConsole;
import org.apache.camel.spi.annotations.DevConsole;

/** Shows the chain, the open streams, and the {@code tool:} endpoints with their calls. */
@DevConsole(name = "tool", displayName = "AI Tool", description = "Shows tool endpoints and their calls")
public class ToolDevConsole extends ToolEndpointsDevConsole {

    /** For Camel, which makes it. */
    public ToolDevConsole() {
        super(ToolEndpoint.SCHEME, "AI Tool", "Shows tool endpoints and their calls");
    }
}
