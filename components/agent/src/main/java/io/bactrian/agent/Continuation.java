package io.bactrian.agent;

import io.bactrian.core.json.JsonArray;
import io.bactrian.core.json.JsonBoolean;
import io.bactrian.core.json.JsonCodec;
import io.bactrian.core.json.JsonNumber;
import io.bactrian.core.json.JsonObject;
import io.bactrian.core.json.JsonString;
import io.bactrian.core.model.LlmRequest;
import io.bactrian.core.model.TokenUsage;
import io.bactrian.core.tenant.Caller;
import io.bactrian.json.ChatWireOptions;
import io.bactrian.json.OpenAiJson;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a run begins, or goes on once a person has decided; as text, since whoever has it go on may be another process.
 *
 * @param run the id of the run: that of the call that began it
 * @param approvals the ids of the approvals that it waited for; none for a run that begins
 * @param prompt what was said so far
 * @param used what it has used so far
 * @param tools the addresses of the tools of the calls that are open, by the names that the model knows
 */
record Continuation(
        String run, List<String> approvals, AgentPrompt prompt, RunAccount.Used used, Map<String, String> tools) {

    private static final ChatWireOptions WIRE =
            new ChatWireOptions("max_tokens", false, true, "required", true, true, "reasoning_content");

    private static final String RUN = "run";
    private static final String AGENT = "agent";
    private static final String CONVERSATION = "conversation";
    private static final String GONE_ON = "gone_on";

    /** Copies list and map. */
    Continuation {
        approvals = List.copyOf(approvals);
        tools = Map.copyOf(tools);
    }

    /** A run that begins. */
    static Continuation beginning(Caller caller, AgentPrompt prompt) {
        return new Continuation(caller.requestId().value(), List.of(), prompt, RunAccount.Used.NOTHING, Map.of());
    }

    /** Whether it waited for a person. */
    boolean resumed() {
        return !approvals.isEmpty();
    }

    String write(String agent, JsonCodec json) {
        LlmRequest base = prompt.base();
        LlmRequest said = new LlmRequest(
                prompt.messages(),
                base.parameters(),
                List.of(),
                null,
                base.stop(),
                base.responseFormat(),
                false,
                base.user());
        byte[] chat = OpenAiJson.writeChatRequest(said, agent, WIRE);
        return json.write(JsonObject.builder()
                .put(AGENT, agent)
                .put(RUN, run)
                .put(CONVERSATION, conversation(prompt))
                .put("approvals", approvals)
                .put("remembered", prompt.remembered())
                .put("turns", prompt.turns())
                .put("correction", prompt.correction())
                .put("used", used(used))
                .put("tools", tools)
                .put("chat", new String(chat, StandardCharsets.UTF_8))
                .build());
    }

    private static @Nullable String conversation(AgentPrompt prompt) {
        AgentMemory.Conversation conversation = prompt.conversation();
        return conversation == null ? null : conversation.id();
    }

    private static JsonObject used(RunAccount.Used used) {
        return JsonObject.builder()
                .put("usage", usage(used.usage()))
                .put("unmetered", used.unmetered())
                .put("price", used.price())
                .put("currency", used.currency())
                .put("unpriced", used.unpriced())
                .build();
    }

    private static @Nullable JsonObject usage(@Nullable TokenUsage usage) {
        return usage == null
                ? null
                : JsonObject.builder()
                        .put("input", usage.input())
                        .put("cache_read", usage.cacheRead())
                        .put("cache_write", usage.cacheWrite())
                        .put("audio_input", usage.audioInput())
                        .put("output", usage.output())
                        .put("reasoning", usage.reasoning())
                        .put("audio_output", usage.audioOutput())
                        .build();
    }

    /** What stands in the place of a run that has gone on: it does so once. */
    String goneOn(String agent, JsonCodec json) {
        return json.write(JsonObject.builder()
                .put(AGENT, agent)
                .put(RUN, run)
                .put(GONE_ON, true)
                .build());
    }

    /**
     * What was kept, before anything is made of it.
     *
     * @param json as {@link #write} or {@link #goneOn} wrote it
     */
    record Kept(JsonObject json) {

        static Kept parse(String text, JsonCodec codec) {
            return new Kept(codec.parse(text) instanceof JsonObject object ? object : JsonObject.EMPTY);
        }

        boolean isOf(String agent) {
            return json.findText(AGENT).filter(agent::equals).isPresent();
        }

        String run() {
            return json.findText(RUN).orElse("");
        }

        boolean goneOn() {
            return json.has(GONE_ON);
        }

        Optional<String> conversation() {
            return json.findText(CONVERSATION);
        }

        Continuation continuation(AgentSettings settings, Caller caller) {
            LlmRequest said =
                    OpenAiJson.readChatRequest(json.findText("chat").orElse("")).request();
            AgentPrompt prompt = new AgentPrompt(
                    said,
                    said.messages(),
                    (int) number(json, "remembered"),
                    AgentMemory.conversation(
                            settings.name(), caller, conversation().orElse(null)),
                    (int) number(json, "turns"),
                    (int) number(json, "correction"));
            return new Continuation(run(), texts(json, "approvals"), prompt, used(), tools());
        }

        private RunAccount.Used used() {
            JsonObject used = object(json, "used");
            return new RunAccount.Used(
                    used.find("usage").orElse(null) instanceof JsonObject usage ? usage(usage) : null,
                    flag(used, "unmetered"),
                    used.find("price").orElse(null) instanceof JsonNumber price ? price.value() : null,
                    used.findText("currency").orElse(null),
                    flag(used, "unpriced"));
        }

        private static TokenUsage usage(JsonObject usage) {
            return new TokenUsage(
                    number(usage, "input"),
                    number(usage, "cache_read"),
                    number(usage, "cache_write"),
                    number(usage, "audio_input"),
                    number(usage, "output"),
                    number(usage, "reasoning"),
                    number(usage, "audio_output"));
        }

        private Map<String, String> tools() {
            Map<String, String> addresses = new LinkedHashMap<>();
            JsonObject tools = object(json, "tools");
            tools.names()
                    .forEach(name -> addresses.put(name, tools.findText(name).orElse("")));
            return addresses;
        }

        private static JsonObject object(JsonObject from, String name) {
            return from.find(name).orElse(null) instanceof JsonObject object ? object : JsonObject.EMPTY;
        }

        private static List<String> texts(JsonObject from, String name) {
            return from.find(name).orElse(null) instanceof JsonArray array
                    ? array.elements().stream()
                            .filter(JsonString.class::isInstance)
                            .map(text -> ((JsonString) text).value())
                            .toList()
                    : List.of();
        }

        private static long number(JsonObject from, String name) {
            return from.find(name).orElse(null) instanceof JsonNumber number
                    ? number.value().longValue()
                    : 0;
        }

        private static boolean flag(JsonObject from, String name) {
            return from.find(name).orElse(null) == JsonBoolean.TRUE;
        }
    }
}
