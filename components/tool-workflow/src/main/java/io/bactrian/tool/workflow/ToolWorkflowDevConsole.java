package io.bactrian.tool.workflow;

import io.bactrian.core.tool.ToolAddress;
import io.bactrian.core.tool.ToolManager;
import io.bactrian.support.BactrianEngine;
import io.bactrian.support.tool.ToolEndpointsDevConsole;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.spi.annotations.DevConsole;

/** Shows the routes that are published as tools, who depends on them, and the endpoints that call them. */
@DevConsole(
        name = "tool-workflow",
        displayName = "AI Tool Workflow",
        description = "Shows routes that are tools, who depends on them, and endpoints that call them")
public class ToolWorkflowDevConsole extends ToolEndpointsDevConsole {

    /** For Camel, which makes it. */
    public ToolWorkflowDevConsole() {
        super(
                "tool-workflow",
                "AI Tool Workflow",
                "Shows routes that are tools, who depends on them, and endpoints that call them");
    }

    @Override
    protected Map<String, Object> summary() {
        Map<String, Object> shown = new LinkedHashMap<>(super.summary());
        BactrianEngine engine = getCamelContext().getCamelContextExtension().getContextPlugin(BactrianEngine.class);
        if (engine != null) {
            shown.put("published", published(engine.toolManager()));
            shown.put("missing", missing(engine.toolManager()));
        }
        return shown;
    }

    private static Map<String, Object> published(ToolManager manager) {
        Map<String, Object> all = new LinkedHashMap<>();
        manager.source(WorkflowTools.class)
                .map(WorkflowTools::published)
                .orElse(List.of())
                .forEach(publication -> {
                    ToolAddress address = publication.tool().address();
                    all.merge(
                            address.toString(),
                            publication
                                    + version(publication)
                                    + dependents(manager.dependents().of(address)),
                            (one, other) -> one + "; " + other);
                });
        return all;
    }

    private static String version(Publication publication) {
        String version = publication.declaration().version();
        return version.isEmpty() ? "" : ", version " + version;
    }

    private static String dependents(List<String> names) {
        return names.isEmpty() ? "" : ", called by " + String.join(", ", names);
    }

    /** Tools of this kind that somebody depends on and nobody publishes. */
    private static Map<String, Object> missing(ToolManager manager) {
        List<String> there =
                manager.source(WorkflowTools.class).map(WorkflowTools::published).orElse(List.of()).stream()
                        .map(publication -> publication.tool().address().toString())
                        .toList();
        Map<String, Object> missing = new LinkedHashMap<>();
        manager.dependents().all().forEach((tool, names) -> {
            if (tool.startsWith(ToolWorkflowEndpoint.SCHEME + ":") && !there.contains(tool)) {
                missing.put(tool, String.join(", ", names));
            }
        });
        return missing;
    }
}
