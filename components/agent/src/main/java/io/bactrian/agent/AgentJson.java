package io.bactrian.agent;

import io.bactrian.core.json.JsonObject;
import io.bactrian.core.model.TokenUsage;
import io.bactrian.core.tool.Approval;
import io.bactrian.core.tool.ToolInvokeMeta;
import io.bactrian.core.tool.ToolObservation;
import io.bactrian.core.tool.ToolOutcome;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Results and events as JSON: what clients of an HTTP surface read. */
final class AgentJson {

    private AgentJson() {}

    /** A result with its steps. */
    static JsonObject of(AgentResult result, AnswerFiles files) {
        JsonObject.Builder json = JsonObject.builder()
                .put("status", result.status().name().toLowerCase(Locale.ROOT))
                .put("answer", result.text())
                .put("model", result.answer().model())
                .put("finish_reason", result.answer().finishReason().text())
                .put(
                        "steps",
                        result.steps().stream().map(step -> step(step, files)).toList())
                .put("usage", usage(result.usage()));
        if (result.price() != null) {
            json.put("price", JsonObject.of("total", result.price(), "currency", result.currency()));
        }
        if (!result.approvals().isEmpty()) {
            json.put(
                    "approvals",
                    result.approvals().stream().map(AgentJson::approval).toList());
        }
        return json.build();
    }

    private static JsonObject step(AgentStep step, AnswerFiles files) {
        return JsonObject.builder()
                .put("text", step.text())
                .put(
                        "calls",
                        step.calls().stream().map(call -> call(call, files)).toList())
                .put("usage", usage(step.usage()))
                .put("model_ms", step.modelTime().toMillis())
                .build();
    }

    private static JsonObject call(AgentStep.ToolStep call, AnswerFiles files) {
        ToolObservation observation = call.observation();
        return outcome(observation.outcome(), files)
                .with("id", call.callId())
                .with("tool", call.tool())
                .with("address", call.address())
                .with("arguments", call.arguments())
                .with("observation", observation.text());
    }

    private static JsonObject outcome(ToolOutcome outcome, AnswerFiles files) {
        ToolInvokeMeta meta = outcome.meta();
        JsonObject.Builder json = JsonObject.builder()
                .put("outcome", kind(outcome))
                .put("ms", meta.timeCost().toMillis());
        if (meta.error() != null) {
            json.put("code", meta.error().text());
        }
        if (!meta.cost().isEmpty()) {
            json.put("cost", meta.cost());
        }
        if (outcome instanceof ToolOutcome.Success success) {
            json.put("files", success.result().files().stream().map(files::json).toList());
        }
        return json.build();
    }

    private static String kind(ToolOutcome outcome) {
        if (outcome instanceof ToolOutcome.Success) {
            return "success";
        }
        if (outcome instanceof ToolOutcome.ArgumentError) {
            return "argument_error";
        }
        if (outcome instanceof ToolOutcome.ExecutionError) {
            return "execution_error";
        }
        return outcome instanceof ToolOutcome.Denied ? "denied" : "pending";
    }

    private static JsonObject approval(Approval approval) {
        return JsonObject.builder()
                .put("id", approval.id())
                .put("tool", approval.tool())
                .put("arguments", approval.arguments())
                .put("expires_at", approval.expiresAt())
                .build();
    }

    private static @Nullable JsonObject usage(@Nullable TokenUsage usage) {
        return usage == null
                ? null
                : JsonObject.builder()
                        .put("prompt_tokens", usage.promptTokens())
                        .put("completion_tokens", usage.completionTokens())
                        .put("total_tokens", usage.totalTokens())
                        .build();
    }

    /** An event, without the name that goes beside it. */
    static JsonObject of(AgentEvent event, AnswerFiles files) {
        if (event instanceof AgentEvent.Text text) {
            return JsonObject.of("text", text.text());
        }
        if (event instanceof AgentEvent.Reasoning reasoning) {
            return JsonObject.of("text", reasoning.text());
        }
        if (event instanceof AgentEvent.ToolStart start) {
            return JsonObject.builder()
                    .put("id", start.callId())
                    .put("tool", start.tool())
                    .put("arguments", start.arguments())
                    .build();
        }
        if (event instanceof AgentEvent.ToolEnd end) {
            return outcome(end.outcome(), files)
                    .with("id", end.callId())
                    .with("tool", end.tool())
                    .with("observation", end.observation());
        }
        if (event instanceof AgentEvent.ApprovalRequired required) {
            return approval(required.approval()).with("call", required.callId());
        }
        return event instanceof AgentEvent.End end ? of(end.result(), files) : JsonObject.EMPTY;
    }
}
