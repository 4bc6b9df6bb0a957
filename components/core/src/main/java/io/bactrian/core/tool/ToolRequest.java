package io.bactrian.core.tool;

import io.bactrian.core.invoke.InvocationRequest;
import io.bactrian.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * A call of a tool.
 *
 * @param arguments what the caller gives; nothing yet where there is a reader
 * @param formValues what whoever built the route or agent has set, which wins
 * @param invokeFrom who makes use of the tool
 * @param approval what whoever built the agent wants at least: can only be stricter than the tool says itself
 * @param reader makes arguments of what the caller gives, once the tool is found; null where they are known
 * @param resolved the tool and its arguments, once the tenant phase has found them; null before
 */
public record ToolRequest(
        JsonObject arguments,
        JsonObject formValues,
        ToolInvokeFrom invokeFrom,
        ToolApproval approval,
        @Nullable ArgumentReader reader,
        @Nullable Resolved resolved)
        implements InvocationRequest {

    /** Makes arguments of what a caller gives, where that is not clear before the tool is known. */
    @FunctionalInterface
    public interface ArgumentReader {

        /**
         * The arguments for a tool.
         *
         * @throws io.bactrian.core.error.InvokeException if what is given cannot be read as such
         */
        JsonObject read(Tool tool);
    }

    /**
     * What is called with what.
     *
     * @param tool the tool, not yet forked
     * @param provider the tool's provider
     * @param bound its arguments
     */
    public record Resolved(Tool tool, ToolProviderEntity provider, Tool.Bound bound) {}

    /** A call by a route. */
    public static ToolRequest ofRoute(JsonObject arguments) {
        return of(arguments, JsonObject.EMPTY, ToolInvokeFrom.WORKFLOW);
    }

    /** A call by a route, whose arguments are read once the tool is found. */
    public static ToolRequest ofRoute(ArgumentReader reader, JsonObject formValues) {
        return new ToolRequest(JsonObject.EMPTY, formValues, ToolInvokeFrom.WORKFLOW, ToolApproval.AUTO, reader, null);
    }

    /** A call by a model. */
    public static ToolRequest ofAgent(JsonObject arguments, JsonObject formValues, ToolApproval approval) {
        return new ToolRequest(arguments, formValues, ToolInvokeFrom.AGENT, approval, null, null);
    }

    /** A call by whomever, which wants no approval of its own. */
    public static ToolRequest of(JsonObject arguments, JsonObject formValues, ToolInvokeFrom invokeFrom) {
        return new ToolRequest(arguments, formValues, invokeFrom, ToolApproval.AUTO, null, null);
    }

    /** The same call with its tool found and its arguments read and checked. */
    public ToolRequest resolvedTo(Tool tool, ToolProviderEntity provider) {
        boolean byModel = invokeFrom == ToolInvokeFrom.AGENT;
        JsonObject given = reader == null ? arguments : reader.read(tool);
        return new ToolRequest(
                given,
                formValues,
                invokeFrom,
                approval,
                null,
                new Resolved(tool, provider, tool.bind(given, formValues, byModel)));
    }

    /** Names what is asked, and not with what. */
    @Override
    public String toString() {
        return "ToolRequest[" + (resolved == null ? "not resolved" : resolved.tool()) + ", " + invokeFrom.text() + "]";
    }
}
