package io.bactrian.agent;

import io.bactrian.core.model.LlmResult;
import io.bactrian.core.model.TokenUsage;
import io.bactrian.core.tool.Approval;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that came of a run.
 *
 * @param status how it ended
 * @param answer the model's last answer
 * @param steps the turns, in order; those of before a resumption are not among them
 * @param usage tokens used by all turns; null if the provider never said
 * @param price what all turns cost; null if it is not known of each
 * @param currency of the price, an ISO 4217 code; null without one
 * @param approvals the calls that wait for a person; none unless the status is {@code PENDING}
 */
public record AgentResult(
        Status status,
        LlmResult answer,
        List<AgentStep> steps,
        @Nullable TokenUsage usage,
        @Nullable BigDecimal price,
        @Nullable String currency,
        List<Approval> approvals) {

    /** How a run ended. */
    public enum Status {
        /** The model has answered. */
        ANSWERED,
        /** The model has answered without being asked on: it had used up its turns. */
        OUT_OF_TURNS,
        /** A call waits for a person; the run is resumed with the id of its approval. */
        PENDING
    }

    /** Copies the lists. */
    public AgentResult {
        steps = List.copyOf(steps);
        approvals = List.copyOf(approvals);
    }

    /** The text of the answer; for a run that waits, what it waits for. */
    public String text() {
        if (status != Status.PENDING) {
            return answer.text();
        }
        StringBuilder text = new StringBuilder("A person has to approve before this goes on:");
        approvals.forEach(approval -> text.append("\n- ")
                .append(approval.tool())
                .append(", approval ")
                .append(approval.id()));
        return text.toString();
    }
}
