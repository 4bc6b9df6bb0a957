package io.bactrian.bench.micro;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bactrian.bench.Canned;
import io.bactrian.bench.Scenario;
import io.bactrian.core.model.LlmRequest;
import io.bactrian.core.model.LlmResult;
import io.bactrian.core.model.LlmResultChunk;
import io.bactrian.json.ChatChunkReader;
import io.bactrian.json.ChatWireOptions;
import io.bactrian.json.OpenAiErrorReply;
import io.bactrian.json.OpenAiJson;
import java.io.IOException;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** JSON in both directions, beside Jackson's tree. */
@State(Scope.Benchmark)
public class JsonBenchmark {

    private final ObjectMapper mapper = new ObjectMapper();
    private final LlmRequest request = LlmRequest.ofText(Canned.QUESTION);
    private final byte[] answer = Canned.body(Scenario.SMALL);
    private final List<byte[]> chunks = Canned.chunks(Scenario.BURST100);
    private final ChatChunkReader reader = OpenAiJson.chunkReader("m");
    private int turn;

    private byte[] nextChunk() {
        turn = turn + 1 == chunks.size() ? 0 : turn + 1;
        return chunks.get(turn);
    }

    /** A request of one message, to bytes. */
    @Benchmark
    public byte[] writeRequest() {
        return OpenAiJson.writeChatRequest(request, Canned.MODEL, ChatWireOptions.OPENAI);
    }

    /** The same by a tree. */
    @Benchmark
    public byte[] writeRequestTree() throws IOException {
        ObjectNode root = mapper.createObjectNode();
        root.put("model", Canned.MODEL);
        root.putArray("messages").addObject().put("role", "user").put("content", Canned.QUESTION);
        return mapper.writeValueAsBytes(root);
    }

    /** A whole answer of 1.4 KB. */
    @Benchmark
    public LlmResult readAnswer() throws OpenAiErrorReply {
        return OpenAiJson.readChatCompletion(answer, 0, answer.length, "m");
    }

    /** The same by a tree. */
    @Benchmark
    public JsonNode readAnswerTree() throws IOException {
        return mapper.readTree(answer);
    }

    /** The JSON of one event. */
    @Benchmark
    public LlmResultChunk readChunk() throws OpenAiErrorReply {
        byte[] chunk = nextChunk();
        return reader.read(chunk, 0, chunk.length);
    }

    /** The same by a tree. */
    @Benchmark
    public JsonNode readChunkTree() throws IOException {
        return mapper.readTree(nextChunk());
    }
}
