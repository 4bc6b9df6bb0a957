package io.bactrian.core.tool;

import java.util.List;

/** Makes sources of tools when a context starts. Found by {@link java.util.ServiceLoader}, or as a bean. */
public interface ToolProviderFactory {

    /** The sources, ready to be asked. */
    List<ToolProviderSource> sources(ToolEnvironment environment);
}
