package io.bactrian.support.tool;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.support.BactrianEngine;
import io.bactrian.support.EndpointsDevConsole;
import io.bactrian.support.StreamLeases;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A dev console that shows the chain, the open streams, and the endpoints of one kind of tools with their calls. */
public abstract class ToolEndpointsDevConsole extends EndpointsDevConsole {

    private final String scheme;

    /**
     * @param scheme the scheme
     * @param displayName its title
     * @param description one sentence on what is shown
     */
    protected ToolEndpointsDevConsole(String scheme, String displayName, String description) {
        super(scheme, displayName, description);
        this.scheme = scheme;
    }

    @Override
    protected Map<String, Object> summary() {
        Map<String, Object> shown = new LinkedHashMap<>();
        BactrianEngine engine = getCamelContext().getCamelContextExtension().getContextPlugin(BactrianEngine.class);
        if (engine != null) {
            shown.put("chain", engine.modelManager().chain().toString());
        }
        shown.put("openStreams", StreamLeases.of(getCamelContext()).openCount());
        return shown;
    }

    @Override
    protected List<Map<String, Object>> endpoints() {
        return getCamelContext().getEndpoints().stream()
                .filter(ToolEndpointSupport.class::isInstance)
                .map(ToolEndpointSupport.class::cast)
                .filter(endpoint -> endpoint.scheme().equals(scheme))
                .filter(endpoint -> endpoint.getStatus().isStarted())
                .map(ToolEndpointsDevConsole::row)
                .toList();
    }

    private static Map<String, Object> row(ToolEndpointSupport endpoint) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("tool", endpoint.address());
        row.put("stream", endpoint.settings().stream());
        row.put("calls", endpoint.traffic().calls());
        row.put("failures", endpoint.traffic().failures());
        ErrorCode lastError = endpoint.traffic().lastError();
        row.put("lastError", lastError == null ? "" : lastError.text());
        return row;
    }
}
