package io.bactrian.model;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.support.BactrianEngine;
import io.bactrian.support.EndpointsDevConsole;
import io.bactrian.support.StreamLeases;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.spi.annotations.DevConsole;

/** Shows the chain, the open streams, and the {@code model:} endpoints with their calls. */
@DevConsole(name = "model", displayName = "AI Model", description = "Shows model endpoints and their calls")
public class ModelDevConsole extends EndpointsDevConsole {

    /** For Camel, which makes it. */
    public ModelDevConsole() {
        super("model", "AI Model", "Shows model endpoints and their calls");
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
                .filter(ModelEndpoint.class::isInstance)
                .map(ModelEndpoint.class::cast)
                .filter(endpoint -> endpoint.getStatus().isStarted())
                .map(ModelDevConsole::row)
                .toList();
    }

    private static Map<String, Object> row(ModelEndpoint endpoint) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("model", endpoint.address());
        row.put("type", endpoint.settings().type().text());
        row.put("stream", endpoint.settings().stream());
        row.put("calls", endpoint.traffic().calls());
        row.put("failures", endpoint.traffic().failures());
        ErrorCode lastError = endpoint.traffic().lastError();
        row.put("lastError", lastError == null ? "" : lastError.text());
        return row;
    }
}
