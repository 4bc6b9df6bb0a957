package io.bactrian.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.bactrian.core.model.FinishReason;
import io.bactrian.core.model.LlmResult;
import io.bactrian.core.model.LlmResultChunk;
import io.bactrian.core.model.LlmResultChunk.ToolCallDelta;
import io.bactrian.core.model.PromptMessage;
import io.bactrian.core.model.PromptMessageContent;
import io.bactrian.core.model.TextEmbeddingResult;
import io.bactrian.core.model.TokenUsage;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class AnswerWriterTest {

    private static final Instant CREATED = Instant.ofEpochSecond(1_700_000_000);
    private static final TokenUsage USAGE = new TokenUsage(1, 2, 3, 4, 5, 6, 7);

    @Test
    void writesAnswersThatReadTheSame() throws Exception {
        LlmResult result = new LlmResult(
                "id-1",
                "m",
                new PromptMessage.Assistant(
                        List.of(new PromptMessageContent.Text("Hi \"you\" 🐫")),
                        null,
                        List.of(new PromptMessage.ToolCall("c1", "f", "{\"a\":1}")),
                        "hm"),
                FinishReason.TOOL_CALLS,
                USAGE,
                null,
                "fp");

        byte[] json = OpenAiJson.writeChatCompletion(result, CREATED);

        assertThat(OpenAiJson.readChatCompletion(json, 0, json.length, "?")).isEqualTo(result);
        assertThat(Json.tree(json).path("object").textValue()).isEqualTo("chat.completion");
        assertThat(Json.tree(json).path("created").longValue()).isEqualTo(1_700_000_000);
        assertThat(Json.tree(json).at("/usage/total_tokens").longValue()).isEqualTo(28);
    }

    @Test
    void writesPiecesThatReadTheSame() throws Exception {
        List<LlmResultChunk> pieces = List.of(
                new LlmResultChunk("1", "m", "", "hm", List.of(), null, null, "fp"),
                new LlmResultChunk("1", "m", "Hi", "", List.of(), null, null, "fp"),
                new LlmResultChunk("1", "m", "", "", List.of(new ToolCallDelta(0, "c", "f", "")), null, null, "fp"),
                new LlmResultChunk("1", "m", "", "", List.of(new ToolCallDelta(0, null, null, "{}")), null, null, "fp"),
                new LlmResultChunk("1", "m", "", "", List.of(), FinishReason.TOOL_CALLS, null, "fp"),
                new LlmResultChunk("1", "m", "", "", List.of(), null, USAGE, "fp"));
        ChatChunkReader reader = OpenAiJson.chunkReader("?");

        for (LlmResultChunk piece : pieces) {
            byte[] json = OpenAiJson.writeChunk(piece, CREATED, piece == pieces.get(0));
            assertThat(reader.read(json, 0, json.length)).isEqualTo(piece);
        }
    }

    @Test
    void namesTheRoleInTheFirstPieceAndNoChoiceWithUsageAlone() {
        JsonNode first = Json.tree(OpenAiJson.writeChunk(
                new LlmResultChunk("1", "m", "a", "", List.of(), null, null, null), CREATED, true));
        JsonNode usage = Json.tree(OpenAiJson.writeChunk(
                new LlmResultChunk("1", "m", "", "", List.of(), null, USAGE, null), CREATED, false));

        assertThat(first.at("/choices/0/delta/role").textValue()).isEqualTo("assistant");
        assertThat(first.at("/choices/0/finish_reason").isNull()).isTrue();
        assertThat(usage.path("choices")).isEmpty();
        assertThat(usage.at("/usage/prompt_tokens").longValue()).isEqualTo(10);
    }

    @Test
    void writesEmbeddingsEitherWay() throws Exception {
        TextEmbeddingResult result = new TextEmbeddingResult(
                "e", List.of(new float[] {1f, -0.25f}, new float[] {0f, 3.5e-8f}), TokenUsage.ofInput(3), null);

        for (boolean base64 : new boolean[] {true, false}) {
            byte[] json = OpenAiJson.writeEmbeddings(result, base64);
            TextEmbeddingResult read = OpenAiJson.readEmbeddings(json, 0, json.length, "?", 2);
            assertThat(read.embeddings().get(0)).containsExactly(1f, -0.25f);
            assertThat(read.embeddings().get(1)).containsExactly(0f, 3.5e-8f);
            assertThat(read.usage()).isEqualTo(TokenUsage.ofInput(3));
            assertThat(Json.tree(json).at("/data/0/embedding").isTextual()).isEqualTo(base64);
        }
    }

    @Test
    void writesHalvesOfACharacterThatAModelParted() throws Exception {
        ChatChunkReader reader = OpenAiJson.chunkReader("?");
        StringBuilder text = new StringBuilder();

        for (String half : new String[] {"\ud83d", "\udc2b"}) {
            byte[] json = OpenAiJson.writeChunk(
                    new LlmResultChunk("1", "m", half, "", List.of(), null, null, null), CREATED, false);
            text.append(reader.read(json, 0, json.length).text());
        }

        assertThat(text).hasToString("🐫");
    }

    @Test
    void writesErrors() {
        byte[] json = OpenAiJson.writeError("no", "invalid_request_error", "invalid_param", null);

        assertThat(Json.tree(json))
                .isEqualTo(
                        Json.tree(
                                "{\"error\":{\"message\":\"no\",\"type\":\"invalid_request_error\",\"param\":null,\"code\":\"invalid_param\"}}"));
    }
}
