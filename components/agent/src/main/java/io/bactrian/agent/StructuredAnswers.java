package io.bactrian.agent;

import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.ProtocolException;
import io.bactrian.core.json.JsonCodec;
import io.bactrian.core.json.JsonValue;
import io.bactrian.core.model.LlmResult;
import io.bactrian.core.model.PromptMessage;
import io.bactrian.core.model.PromptMessageContent;
import java.util.List;
import java.util.Optional;

/** Holds a run's last answer against the form that was asked for. */
final class StructuredAnswers {

    private static final String FENCE = "```";

    private StructuredAnswers() {}

    /** What is wrong with an answer; empty if it fits, or no form was asked for. */
    static Optional<String> problem(LlmResult result, AgentSettings settings, JsonCodec json) {
        JsonCodec.Check check = settings.answerCheck();
        if (check == null) {
            return Optional.empty();
        }
        try {
            JsonValue value = json.parse(withoutFence(result.text()));
            List<String> problems = check.problems(value);
            return problems.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", problems));
        } catch (BadRequestException e) {
            return Optional.of("it is no JSON");
        }
    }

    /** An answer that fits, as bare JSON: without the fence that models put around code. */
    static LlmResult bare(LlmResult result, AgentSettings settings) {
        String bare = withoutFence(result.text());
        if (settings.answerCheck() == null || bare.equals(result.text())) {
            return result;
        }
        PromptMessage.Assistant said = result.message();
        return new LlmResult(
                result.id(),
                result.model(),
                new PromptMessage.Assistant(
                        List.of(new PromptMessageContent.Text(bare)), said.name(), said.toolCalls(), said.reasoning()),
                result.finishReason(),
                result.usage(),
                result.price(),
                result.systemFingerprint());
    }

    private static String withoutFence(String text) {
        String bare = text.strip();
        if (!bare.startsWith(FENCE) || !bare.endsWith(FENCE) || bare.length() < 2 * FENCE.length()) {
            return bare;
        }
        String inner = bare.substring(FENCE.length(), bare.length() - FENCE.length());
        return inner.regionMatches(true, 0, "json", 0, 4) ? inner.substring(4).strip() : inner.strip();
    }

    static ProtocolException unfit(String agent, String problem) {
        return new ProtocolException(
                ErrorCode.PROTOCOL_ERROR,
                "the answer of agent '" + agent + "' does not fit the option jsonSchema, also when asked again: "
                        + problem);
    }
}
