package io.bactrian.tool.workflow;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.MisconfiguredException;
import io.bactrian.core.file.FileStore;
import io.bactrian.core.tool.ToolEnvironment;
import io.bactrian.core.tool.ToolProviderFactory;
import io.bactrian.core.tool.ToolProviderSource;
import java.util.List;

/** Makes the place where an installation's routes are published as tools. */
public final class WorkflowToolsFactory implements ToolProviderFactory {

    @Override
    public List<ToolProviderSource> sources(ToolEnvironment environment) {
        FileStore files = environment
                .find(FileStore.class)
                .orElseThrow(() -> new MisconfiguredException(
                        ErrorCode.MISCONFIGURED, "tool-workflow: needs a file store, and the installation has none"));
        return List.of(new WorkflowTools(environment.json(), files));
    }
}
