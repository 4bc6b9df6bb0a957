package io.bactrian.tool.builtin;

import io.bactrian.support.tool.ToolEndpointsDevConsole;
import org.apache.camel.spi.annotations.DevConsole;

/** Shows the chain, the open streams, and the {@code tool-builtin:} endpoints with their calls. */
@DevConsole(
        name = "tool-builtin",
        displayName = "AI Builtin Tool",
        description = "Shows endpoints of builtin tools and their calls")
public class BuiltinDevConsole extends ToolEndpointsDevConsole {

    /** For Camel, which makes it. */
    public BuiltinDevConsole() {
        super(BuiltinEndpoint.SCHEME, "AI Builtin Tool", "Shows endpoints of builtin tools and their calls");
    }
}
