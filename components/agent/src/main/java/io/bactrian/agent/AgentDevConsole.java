package io.bactrian.agent;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.support.EndpointsDevConsole;
import io.bactrian.support.StreamLeases;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.camel.spi.annotations.DevConsole;

/** Shows agents, their tools and their runs; never a question, an answer or a secret. */
@DevConsole(name = "agent", displayName = "AI Agent", description = "Shows agents and their runs")
public class AgentDevConsole extends EndpointsDevConsole {

    /** For Camel, which makes it. */
    public AgentDevConsole() {
        super("agent", "AI Agent", "Shows agents and their runs");
    }

    @Override
    protected Map<String, Object> summary() {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("openStreams", StreamLeases.of(getCamelContext()).openCount());
        return shown;
    }

    @Override
    protected List<Map<String, Object>> endpoints() {
        return getCamelContext().getEndpoints().stream()
                .filter(AgentEndpoint.class::isInstance)
                .map(AgentEndpoint.class::cast)
                .filter(endpoint -> endpoint.getStatus().isStarted())
                .map(AgentDevConsole::row)
                .toList();
    }

    private static Map<String, Object> row(AgentEndpoint endpoint) {
        AgentSettings settings = endpoint.settings();
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("agent", settings.name());
        row.put("model", settings.model().toString());
        row.put("tools", settings.tools().stream().map(Object::toString).collect(Collectors.joining(",")));
        row.put("stream", settings.stream());
        row.put("openRuns", endpoint.openRuns().get());
        row.put("runningTools", endpoint.runningTools().get());
        row.put("calls", endpoint.traffic().calls());
        row.put("failures", endpoint.traffic().failures());
        ErrorCode lastError = endpoint.traffic().lastError();
        row.put("lastError", lastError == null ? "" : lastError.text());
        return row;
    }
}
