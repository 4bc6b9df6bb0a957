package io.bactrian.tool;

import io.bactrian.support.tool.ToolConfiguration;
import io.bactrian.support.tool.ToolConstants;
import io.bactrian.support.tool.ToolEndpointSupport;
import io.bactrian.support.tool.ToolReference;
import org.apache.camel.Category;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriPath;

/** Calls whichever tool a tenant has under a name: builtin, or of an API, an MCP server, a plugin or a workflow. */
@UriEndpoint(
        firstVersion = "0.1.0",
        scheme = ToolEndpoint.SCHEME,
        title = "AI Tool",
        syntax = "tool:toolName",
        producerOnly = true,
        category = {Category.AI},
        headersClass = ToolConstants.class)
public class ToolEndpoint extends ToolEndpointSupport {

    static final String SCHEME = "tool";

    @UriPath(
            description =
                    "The tool: its name, if the tenant has one tool of that name only; PROVIDER/NAME; or its whole"
                            + " address, such as tool-builtin:time/current_time.")
    @Metadata(required = true)
    private String toolName;

    /**
     * @param uri the URI
     * @param component the component
     * @param configuration the options, this endpoint's own copy
     * @param path the path of the URI
     */
    public ToolEndpoint(String uri, ToolComponent component, ToolConfiguration configuration, String path) {
        super(uri, component, configuration, SCHEME, path);
        this.toolName = path;
    }

    @Override
    protected ToolReference reference(String toolPath) {
        return named(toolPath);
    }

    /** @throws IllegalArgumentException if it is no name of a tool */
    static ToolReference named(String name) {
        return new ToolReference.Named(name);
    }

    public String getToolName() {
        return toolName;
    }

    public void setToolName(String toolName) {
        this.toolName = toolName;
    }
}
