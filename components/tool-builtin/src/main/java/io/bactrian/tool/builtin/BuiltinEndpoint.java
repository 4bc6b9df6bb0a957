package io.bactrian.tool.builtin;

import io.bactrian.core.tool.ToolProviderType;
import io.bactrian.support.tool.ToolConfiguration;
import io.bactrian.support.tool.ToolConstants;
import io.bactrian.support.tool.ToolEndpointSupport;
import io.bactrian.support.tool.ToolReference;
import io.bactrian.support.tool.ToolReferences;
import org.apache.camel.Category;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriPath;
import org.jspecify.annotations.Nullable;

/** Calls a tool that needs no service - time, calculator, text, web pages and the like - or one of the project's own beans. */
@UriEndpoint(
        firstVersion = "0.1.0",
        scheme = BuiltinEndpoint.SCHEME,
        title = "AI Builtin Tool",
        syntax = "tool-builtin:provider/toolName",
        producerOnly = true,
        category = {Category.AI},
        headersClass = ToolConstants.class)
public class BuiltinEndpoint extends ToolEndpointSupport {

    static final String SCHEME = "tool-builtin";

    @UriPath(description = "The provider of the tool, such as time, or the one that a bean of the project is.")
    @Metadata(required = true)
    private String provider;

    @UriPath(description = "The tool: all that follows the first slash.")
    @Metadata(required = true)
    private @Nullable String toolName;

    /**
     * @param uri the URI
     * @param component the component
     * @param configuration the options, this endpoint's own copy
     * @param path the path of the URI
     */
    public BuiltinEndpoint(String uri, BuiltinComponent component, ToolConfiguration configuration, String path) {
        super(uri, component, configuration, SCHEME, path);
        int slash = path.indexOf('/');
        this.provider = slash < 0 ? path : path.substring(0, slash);
        this.toolName = slash < 0 ? null : path.substring(slash + 1);
    }

    @Override
    protected ToolReference reference(String toolPath) {
        return named(toolPath);
    }

    /** @throws IllegalArgumentException if it names no tool */
    static ToolReference named(String path) {
        return ToolReferences.ofProvider(ToolProviderType.BUILTIN, path);
    }

    public String getProvider() {
        return provider;
    }

    public void setProvider(String provider) {
        this.provider = provider;
    }

    public @Nullable String getToolName() {
        return toolName;
    }

    public void setToolName(@Nullable String toolName) {
        this.toolName = toolName;
    }
}
