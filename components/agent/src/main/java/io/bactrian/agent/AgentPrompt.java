package io.bactrian.agent;

import io.bactrian.core.model.LlmRequest;
import io.bactrian.core.model.PromptMessage;
import io.bactrian.core.model.PromptMessageTool;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What was said in a run so far, how many turns with tools it had, and what of it is to be remembered. */
final class AgentPrompt {

    private static final int NONE = -1;

    private final LlmRequest base;
    private final List<PromptMessage> messages;
    private final int remembered;
    private final AgentMemory.@Nullable Conversation conversation;
    private int turns;
    private int correction;

    /**
     * A run that begins.
     *
     * @param base what was asked: its parameters and stop texts hold for each turn
     * @param messages what was said so far, instructions first
     * @param remembered how many of the messages need not be remembered any more
     * @param conversation which conversation it belongs to; null for none
     */
    AgentPrompt(
            LlmRequest base,
            List<PromptMessage> messages,
            int remembered,
            AgentMemory.@Nullable Conversation conversation) {
        this(base, messages, remembered, conversation, 0, NONE);
    }

    /**
     * A run that goes on.
     *
     * @param turns how many turns with tools it had
     * @param correction the place of the answer that did not have its form; -1 if there was none
     */
    AgentPrompt(
            LlmRequest base,
            List<PromptMessage> messages,
            int remembered,
            AgentMemory.@Nullable Conversation conversation,
            int turns,
            int correction) {
        this.base = base;
        this.messages = new ArrayList<>(messages);
        this.remembered = Math.max(0, Math.min(remembered, messages.size()));
        this.conversation = conversation;
        this.turns = turns;
        this.correction = correction;
    }

    /** The next question to the model. */
    LlmRequest request(AgentSettings settings, List<PromptMessageTool> tools) {
        return new LlmRequest(
                messages,
                base.parameters().overriddenBy(settings.parameters()),
                tools,
                null,
                base.stop(),
                settings.responseFormat() == null ? base.responseFormat() : settings.responseFormat(),
                settings.stream(),
                base.user(),
                base.firstTokenTimeout());
    }

    /**
     * Adds what the model has answered. With calls it is a turn with tools.
     *
     * @return the calls that it wants, each with an id of its own
     */
    List<PromptMessage.ToolCall> answered(PromptMessage.Assistant message) {
        List<PromptMessage.ToolCall> calls = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        for (PromptMessage.ToolCall call : message.toolCalls()) {
            String id = call.id();
            for (int n = 1; id.isBlank() || !ids.add(id); n++) {
                // some servers give none, or the same for all
                id = "call_" + messages.size() + "_" + calls.size() + "_" + n;
            }
            calls.add(new PromptMessage.ToolCall(id, call.name(), call.arguments()));
        }
        messages.add(new PromptMessage.Assistant(message.content(), message.name(), calls, message.reasoning()));
        if (!calls.isEmpty()) {
            turns++;
        }
        return calls;
    }

    /** Adds what came of calls of the last answer: in the order of the calls, whatever came before. */
    void results(List<PromptMessage.Tool> results) {
        int last = lastAnswer(messages);
        List<PromptMessage> behind = messages.subList(last + 1, messages.size());
        Map<String, PromptMessage> byCall = new HashMap<>();
        behind.forEach(message -> byCall.put(((PromptMessage.Tool) message).toolCallId(), message));
        results.forEach(message -> byCall.put(message.toolCallId(), message));
        behind.clear();
        for (PromptMessage.ToolCall call : ((PromptMessage.Assistant) messages.get(last)).toolCalls()) {
            if (byCall.containsKey(call.id())) {
                messages.add(byCall.get(call.id()));
            }
        }
    }

    /** Whether the model has spoken last. */
    boolean endsWithAnswer() {
        return !messages.isEmpty() && messages.get(messages.size() - 1) instanceof PromptMessage.Assistant;
    }

    /** Tells the model what was wrong with its last answer. */
    void correct(String problem) {
        correction = messages.size() - 1;
        messages.add(new PromptMessage.User("That answer does not have the form that was asked for: " + problem
                + ". Answer again, in that form only."));
    }

    /** Whether the model was told already that its answer did not have its form. */
    boolean corrected() {
        return correction != NONE;
    }

    /** The calls of the last answer that nobody has answered. */
    static List<PromptMessage.ToolCall> openCalls(List<PromptMessage> messages) {
        int last = lastAnswer(messages);
        if (last == NONE) {
            return List.of();
        }
        Set<String> answered = messages.subList(last, messages.size()).stream()
                .filter(PromptMessage.Tool.class::isInstance)
                .map(message -> ((PromptMessage.Tool) message).toolCallId())
                .collect(Collectors.toSet());
        return ((PromptMessage.Assistant) messages.get(last))
                .toolCalls().stream()
                        .filter(call -> !answered.contains(call.id()))
                        .toList();
    }

    /** The place of the model's last answer, if a user has said nothing since. */
    private static int lastAnswer(List<PromptMessage> messages) {
        for (int i = messages.size() - 1; i >= 0 && !(messages.get(i) instanceof PromptMessage.User); i--) {
            if (messages.get(i) instanceof PromptMessage.Assistant) {
                return i;
            }
        }
        return NONE;
    }

    /** Has a memory remember what was said in this run, but for an answer that had to be given anew. */
    void remember(AgentMemory memory) {
        if (conversation == null) {
            return;
        }
        List<PromptMessage> said = new ArrayList<>();
        for (int i = remembered; i < messages.size(); i++) {
            if (!corrected() || i != correction && i != correction + 1) {
                said.add(messages.get(i));
            }
        }
        memory.append(conversation, said);
    }

    /** How many turns with tools there were, the last answer's included. */
    int turns() {
        return turns;
    }

    int correction() {
        return correction;
    }

    LlmRequest base() {
        return base;
    }

    List<PromptMessage> messages() {
        return messages;
    }

    int remembered() {
        return remembered;
    }

    AgentMemory.@Nullable Conversation conversation() {
        return conversation;
    }
}
