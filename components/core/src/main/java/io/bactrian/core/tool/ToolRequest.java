package io.bactrian.core.tool;

import io.bactrian.core.invoke.InvocationRequest;
import io.bactrian.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * A call of a tool.
 *
 * @param arguments what the caller gives
 * @param formValues what whoever built the route or agent has set, which wins
 * @param invokeFrom who makes use of the tool
 * @param approval what whoever built the agent wants at least: can only be stricter than the tool says itself
 * @param resolved the tool and its arguments, once the tenant phase has found them; null before
 */
public record ToolRequest(
        JsonObject arguments,
        JsonObject formValues,
        ToolInvokeFrom invokeFrom,
        ToolApproval approval,
        @Nullable Resolved resolved)
        implements InvocationRequest {

    /**
     * What is called with what.
     *
     * @param tool the tool, not yet forked
     * @param bound its arguments
     */
    public record Resolved(Tool tool, Tool.Bound bound) {}

    /** A call by a route. */
    public static ToolRequest ofRoute(JsonObject arguments) {
        return new ToolRequest(arguments, JsonObject.EMPTY, ToolInvokeFrom.WORKFLOW, ToolApproval.AUTO, null);
    }

    /** A call by a model. */
    public static ToolRequest ofAgent(JsonObject arguments, JsonObject formValues, ToolApproval approval) {
        return new ToolRequest(arguments, formValues, ToolInvokeFrom.AGENT, approval, null);
    }

    /** The same call with its tool found and its arguments checked. */
    public ToolRequest resolvedTo(Tool tool) {
        boolean byModel = invokeFrom == ToolInvokeFrom.AGENT;
        return new ToolRequest(
                arguments,
                formValues,
                invokeFrom,
                approval,
                new Resolved(tool, tool.bind(arguments, formValues, byModel)));
    }

    /** Names what is asked, and not with what. */
    @Override
    public String toString() {
        return "ToolRequest[" + (resolved == null ? "not resolved" : resolved.tool()) + ", " + invokeFrom.text() + "]";
    }
}
