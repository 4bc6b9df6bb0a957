package io.bactrian.agent;

import io.bactrian.core.model.TokenUsage;
import io.bactrian.core.tool.ToolObservation;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One turn of a run: what the model said, and what came of the tools that it called.
 *
 * @param text what the model said; empty if it only called tools
 * @param reasoning its reasoning, where the provider shows it
 * @param calls the tools that it called, in its order
 * @param usage tokens used by the turn; null if the provider did not say
 * @param modelTime how long the model took
 */
public record AgentStep(
        String text,
        String reasoning,
        List<ToolStep> calls,
        @Nullable TokenUsage usage,
        Duration modelTime) {

    /** Copies the list. */
    public AgentStep {
        calls = List.copyOf(calls);
    }

    /**
     * A call of a tool.
     *
     * @param callId the id of the call
     * @param tool the tool, as the model calls it
     * @param address the tool's address; empty if there is no such tool
     * @param arguments what the model wrote
     * @param observation what the model read of it, and what came of it
     */
    public record ToolStep(String callId, String tool, String address, String arguments, ToolObservation observation) {}
}
