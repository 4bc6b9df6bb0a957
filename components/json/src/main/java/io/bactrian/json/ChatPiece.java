package io.bactrian.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.bactrian.core.model.TokenUsage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one chat completion, or of one piece of it, as they stand on the wire; the two differ in little but
 * {@code message} and {@code delta}. Used again and again for the pieces of a stream: what most of them repeat is kept.
 */
final class ChatPiece {

    /** A tool call as it stands on the wire. */
    record WireCall(
            @Nullable Integer index,
            @Nullable String id,
            @Nullable String name,
            String arguments) {}

    // kept from piece to piece
    @Nullable
    String id;

    @Nullable
    String model;

    @Nullable
    String systemFingerprint;

    // of this piece
    boolean hasChoice;
    String text = "";
    String refusal = "";
    String reasoningContent = "";
    String reasoning = "";
    List<WireCall> calls = List.of();

    @Nullable
    String finishReason;

    @Nullable
    TokenUsage usage;

    @Nullable
    OpenAiError error;

    /** What the model thinks aloud; servers that use both names say the same in both. */
    String thinking() {
        return reasoningContent.isEmpty() ? reasoning : reasoningContent;
    }

    /** Reads the object that the parser stands on. */
    void read(JsonParser json) throws IOException {
        reset();
        String topMessage = null;
        boolean topError = false;
        while (Tokens.nextField(json)) {
            String name = json.currentName();
            JsonToken value = Tokens.next(json);
            switch (name) {
                case "choices" -> choices(json, value);
                case "id" -> id = Tokens.same(json, value, id);
                case "model" -> model = Tokens.same(json, value, model);
                case "system_fingerprint" -> systemFingerprint = Tokens.same(json, value, systemFingerprint);
                case "usage" -> usage(json);
                case "error" -> error(json, value);
                case "x_groq" -> groq(json, value);
                // vLLM: {"object":"error","message":…}
                case "object" -> topError = value == JsonToken.VALUE_STRING && Tokens.isText(json, "error");
                case "message" -> topMessage = Tokens.text(json, value);
                default -> Tokens.skip(json);
            }
        }
        if (error == null && topError) {
            error = OpenAiError.of(topMessage == null ? "" : topMessage);
        }
    }

    private void reset() {
        hasChoice = false;
        text = "";
        refusal = "";
        reasoningContent = "";
        reasoning = "";
        calls = List.of();
        finishReason = null;
        usage = null;
        error = null;
    }

    private void usage(JsonParser json) throws IOException {
        TokenUsage read = UsageReader.read(json);
        usage = read == null ? usage : read;
    }

    private void error(JsonParser json, JsonToken value) throws IOException {
        if (value == JsonToken.VALUE_NULL) {
            return;
        }
        error = ErrorReader.readValue(json);
    }

    private void groq(JsonParser json, JsonToken value) throws IOException {
        if (value != JsonToken.START_OBJECT) {
            Tokens.skip(json);
            return;
        }
        while (Tokens.nextField(json)) {
            String name = json.currentName();
            JsonToken field = Tokens.next(json);
            switch (name) {
                case "usage" -> usage(json);
                case "error" -> error(json, field);
                default -> Tokens.skip(json);
            }
        }
    }

    private void choices(JsonParser json, JsonToken value) throws IOException {
        if (value != JsonToken.START_ARRAY) {
            Tokens.skip(json);
            return;
        }
        // one answer is asked for: a second choice is not ours
        boolean first = true;
        for (JsonToken item = Tokens.next(json); item != JsonToken.END_ARRAY; item = Tokens.next(json)) {
            if (first && item == JsonToken.START_OBJECT) {
                choice(json);
            } else {
                Tokens.skip(json);
            }
            first = false;
        }
    }

    private void choice(JsonParser json) throws IOException {
        hasChoice = true;
        while (Tokens.nextField(json)) {
            String name = json.currentName();
            JsonToken value = Tokens.next(json);
            switch (name) {
                case "delta", "message" -> message(json, value);
                case "finish_reason" -> finishReason = Tokens.text(json, value);
                case "error" -> error(json, value);
                // legacy completions and some local servers
                case "text" -> text = joined(text, Tokens.text(json, value));
                default -> Tokens.skip(json);
            }
        }
    }

    private void message(JsonParser json, JsonToken start) throws IOException {
        if (start != JsonToken.START_OBJECT) {
            Tokens.skip(json);
            return;
        }
        while (Tokens.nextField(json)) {
            String name = json.currentName();
            JsonToken value = Tokens.next(json);
            switch (name) {
                case "content" -> content(json, value);
                case "reasoning_content" -> reasoningContent = joined(reasoningContent, Tokens.text(json, value));
                case "reasoning" -> reasoning = joined(reasoning, Tokens.text(json, value));
                case "refusal" -> refusal = joined(refusal, Tokens.text(json, value));
                case "tool_calls" -> toolCalls(json, value);
                case "function_call" -> functionCall(json, value);
                default -> Tokens.skip(json);
            }
        }
    }

    /** Text, or parts: Mistral gives reasoning models' answers in parts. */
    private void content(JsonParser json, JsonToken value) throws IOException {
        if (value != JsonToken.START_ARRAY) {
            text = joined(text, Tokens.text(json, value));
            return;
        }
        for (JsonToken item = Tokens.next(json); item != JsonToken.END_ARRAY; item = Tokens.next(json)) {
            if (item == JsonToken.START_OBJECT) {
                part(json);
            } else {
                text = joined(text, Tokens.text(json, item));
            }
        }
    }

    private void part(JsonParser json) throws IOException {
        while (Tokens.nextField(json)) {
            String name = json.currentName();
            JsonToken value = Tokens.next(json);
            switch (name) {
                case "text" -> text = joined(text, Tokens.text(json, value));
                case "refusal" -> refusal = joined(refusal, Tokens.text(json, value));
                case "thinking" -> thinking(json, value);
                default -> Tokens.skip(json);
            }
        }
    }

    private void thinking(JsonParser json, JsonToken value) throws IOException {
        if (value != JsonToken.START_ARRAY) {
            reasoning = joined(reasoning, Tokens.text(json, value));
            return;
        }
        for (JsonToken item = Tokens.next(json); item != JsonToken.END_ARRAY; item = Tokens.next(json)) {
            if (item != JsonToken.START_OBJECT) {
                reasoning = joined(reasoning, Tokens.text(json, item));
                continue;
            }
            while (Tokens.nextField(json)) {
                boolean isText = "text".equals(json.currentName());
                JsonToken field = Tokens.next(json);
                String found = Tokens.text(json, field);
                reasoning = isText ? joined(reasoning, found) : reasoning;
            }
        }
    }

    private void toolCalls(JsonParser json, JsonToken value) throws IOException {
        if (value == JsonToken.START_OBJECT) {
            add(toolCall(json));
            return;
        }
        if (value != JsonToken.START_ARRAY) {
            Tokens.skip(json);
            return;
        }
        for (JsonToken item = Tokens.next(json); item != JsonToken.END_ARRAY; item = Tokens.next(json)) {
            if (item == JsonToken.START_OBJECT) {
                add(toolCall(json));
            } else {
                Tokens.skip(json);
            }
        }
    }

    private WireCall toolCall(JsonParser json) throws IOException {
        Integer index = null;
        String callId = null;
        WireCall function = null;
        while (Tokens.nextField(json)) {
            String name = json.currentName();
            JsonToken value = Tokens.next(json);
            switch (name) {
                case "index" -> index = value == JsonToken.VALUE_NUMBER_INT ? boundedIndex(json) : index;
                case "id" -> callId = Tokens.text(json, value);
                case "function" -> function = value == JsonToken.START_OBJECT ? function(json) : function;
                default -> Tokens.skip(json);
            }
        }
        return function == null
                ? new WireCall(index, callId, null, "")
                : new WireCall(index, callId, function.name(), function.arguments());
    }

    private static @Nullable Integer boundedIndex(JsonParser json) throws IOException {
        long index = json.getLongValue();
        return index < 0 || index > Integer.MAX_VALUE ? null : (Integer) (int) index;
    }

    /** The older form of a tool call: at most one, without an id. */
    private void functionCall(JsonParser json, JsonToken value) throws IOException {
        if (value != JsonToken.START_OBJECT) {
            Tokens.skip(json);
            return;
        }
        WireCall function = function(json);
        add(new WireCall(0, null, function.name(), function.arguments()));
    }

    private static WireCall function(JsonParser json) throws IOException {
        String callName = null;
        String arguments = "";
        while (Tokens.nextField(json)) {
            String name = json.currentName();
            JsonToken value = Tokens.next(json);
            switch (name) {
                case "name" -> callName = Tokens.text(json, value);
                case "arguments" -> arguments = arguments(json, value);
                default -> Tokens.skip(json);
            }
        }
        return new WireCall(null, null, callName, arguments);
    }

    /** A JSON object as text; some local servers give the object itself. */
    private static String arguments(JsonParser json, JsonToken value) throws IOException {
        if (value == JsonToken.START_OBJECT || value == JsonToken.START_ARRAY) {
            return Tokens.raw(json);
        }
        String text = Tokens.text(json, value);
        return text == null ? "" : text;
    }

    private void add(WireCall call) {
        if (calls.isEmpty()) {
            calls = new ArrayList<>(2);
        }
        calls.add(call);
    }

    private static String joined(String text, @Nullable String more) {
        if (more == null || more.isEmpty()) {
            return text;
        }
        return text.isEmpty() ? more : text + more;
    }
}
