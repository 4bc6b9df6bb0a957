package io.bactrian.agent;

import io.bactrian.core.tool.Approval;
import io.bactrian.core.tool.ToolOutcome;

/** One thing that happens while an agent works. */
public sealed interface AgentEvent {

    /** What it is called on the wire, such as {@code tool_start}. */
    String type();

    /**
     * A piece of text of the model.
     *
     * @param text to be appended
     */
    record Text(String text) implements AgentEvent {
        @Override
        public String type() {
            return "text";
        }
    }

    /**
     * A piece of the model's reasoning, where the provider shows it.
     *
     * @param text to be appended
     */
    record Reasoning(String text) implements AgentEvent {
        @Override
        public String type() {
            return "reasoning";
        }
    }

    /**
     * The model calls a tool.
     *
     * @param callId the id of the call
     * @param tool the tool, as the model calls it
     * @param arguments what the model wrote: meant to be a JSON object, and not necessarily one
     */
    record ToolStart(String callId, String tool, String arguments) implements AgentEvent {
        @Override
        public String type() {
            return "tool_start";
        }
    }

    /**
     * A call of a tool has ended.
     *
     * @param callId the id of the call
     * @param tool the tool, as the model calls it
     * @param observation what the model reads of it
     * @param outcome what came of it
     */
    record ToolEnd(String callId, String tool, String observation, ToolOutcome outcome) implements AgentEvent {
        @Override
        public String type() {
            return "tool_end";
        }
    }

    /**
     * A call waits for a person. The run ends once the other calls of the turn have; it goes on when it is resumed.
     *
     * @param callId the id of the call
     * @param approval what was asked for
     */
    record ApprovalRequired(String callId, Approval approval) implements AgentEvent {
        @Override
        public String type() {
            return "approval_required";
        }
    }

    /**
     * The run has ended. Always the last one, unless it fails: then the stream throws.
     *
     * @param result all that came of it
     */
    record End(AgentResult result) implements AgentEvent {
        @Override
        public String type() {
            return "end";
        }
    }
}
