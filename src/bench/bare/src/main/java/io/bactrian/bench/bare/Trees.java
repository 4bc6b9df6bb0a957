package io.bactrian.bench.bare;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bactrian.bench.Answer;
import io.bactrian.bench.Canned;
import io.bactrian.bench.Pieces;
import java.io.IOException;

/** The JSON of a user who has no SDK: a tree out and a tree in. */
final class Trees {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private Trees() {}

    static byte[] request(boolean streaming) throws IOException {
        ObjectNode root = MAPPER.createObjectNode();
        root.put("model", Canned.MODEL);
        root.putArray("messages").addObject().put("role", "user").put("content", Canned.QUESTION);
        if (streaming) {
            root.put("stream", true);
            root.putObject("stream_options").put("include_usage", true);
        }
        return MAPPER.writeValueAsBytes(root);
    }

    static void answer(byte[] json, Answer answer) throws IOException {
        JsonNode root = MAPPER.readTree(json);
        JsonNode usage = root.path("usage");
        answer.is(
                root.path("choices").path(0).path("message").path("content").asText(),
                usage.path("prompt_tokens").asLong(),
                usage.path("completion_tokens").asLong());
    }

    /** One line of an event stream. Whether more is to come. */
    static boolean line(String line, Pieces pieces) throws IOException {
        if (!line.startsWith("data: ")) {
            return true;
        }
        String data = line.substring("data: ".length());
        if ("[DONE]".equals(data)) {
            return false;
        }
        JsonNode root = MAPPER.readTree(data);
        pieces.piece(root.path("choices").path(0).path("delta").path("content").asText(""));
        JsonNode usage = root.path("usage");
        if (usage.isObject()) {
            pieces.usage(
                    usage.path("prompt_tokens").asLong(),
                    usage.path("completion_tokens").asLong());
        }
        return true;
    }
}
