package io.bactrian.model.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.bactrian.core.model.LlmResult;
import io.bactrian.core.model.LlmResultAccumulator;
import io.bactrian.core.model.LlmResultChunk;
import io.bactrian.core.model.PromptMessage.ToolCall;
import io.bactrian.core.model.TokenUsage;
import io.bactrian.egress.EgressLimits;
import io.bactrian.egress.SseReader;
import io.bactrian.json.ChatChunkReader;
import io.bactrian.json.OpenAiErrorReply;
import io.bactrian.json.OpenAiJson;
import io.bactrian.testkit.Reply;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What real servers of the family sent is read right, however it is cut on its way. */
class RecordedPayloadsTest {

    static List<WirePayload> streams() {
        return WirePayload.streams();
    }

    static List<WirePayload> wholes() {
        return WirePayload.wholes();
    }

    @Test
    void hasPayloadsOfEveryServerWhereTheyAreRecorded() {
        assertThat(streams()).hasSizeGreaterThanOrEqualTo(WirePayload.recorded().isPresent() ? 13 : 3);
        assertThat(wholes()).hasSizeGreaterThanOrEqualTo(WirePayload.recorded().isPresent() ? 12 : 2);
    }

    @ParameterizedTest
    @MethodSource("wholes")
    void readsWholeAnswers(WirePayload payload) {
        try (Fixture fixture = new Fixture()) {
            fixture.server.enqueue(Reply.json(200, payload.body()).splitEvery(61));

            check(fixture.dialect.invokeLlm(fixture.call(), Fixture.QUESTION), payload);
        }
    }

    @ParameterizedTest
    @MethodSource("streams")
    void readsStreamedAnswers(WirePayload payload) {
        try (Fixture fixture = new Fixture()) {
            for (int size : new int[] {61, 1_000, 100_000}) {
                fixture.server.enqueue(Reply.sseRaw(payload.sse()).splitEvery(size));

                check(fixture.stream().collect(), payload);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("streams")
    @DisplayName("STR-03: the same pieces however the bytes are split")
    void readsTheSamePiecesHoweverTheBytesAreSplit(WirePayload payload) {
        byte[] whole = payload.sse();
        assertThat(pieces(new OneByteAtATime(whole))).isEqualTo(pieces(new ByteArrayInputStream(whole)));

        byte[] bytes = payload.shortened(6_000).sse();
        List<LlmResultChunk> expected = pieces(new ByteArrayInputStream(bytes));
        for (int cut = 1; cut < bytes.length; cut++) {
            InputStream split = new SequenceInputStream(
                    new ByteArrayInputStream(bytes, 0, cut), new ByteArrayInputStream(bytes, cut, bytes.length - cut));
            assertThat(pieces(split)).as("cut after %d bytes", cut).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @MethodSource("streams")
    void putsWrittenPiecesTogetherAgain(WirePayload payload) {
        LlmResultAccumulator again = new LlmResultAccumulator();
        List<byte[]> written = new ArrayList<>();
        for (LlmResultChunk piece : pieces(new ByteArrayInputStream(payload.sse()))) {
            written.add(OpenAiJson.writeChunk(piece, Fixture.NOW, written.isEmpty()));
        }
        ChatChunkReader reader = OpenAiJson.chunkReader("asked");
        written.forEach(event -> {
            LlmResultChunk piece = piece(reader, event, 0, event.length);
            if (piece != null) {
                again.add(piece);
            }
        });

        check(again.result(), payload);
    }

    private static void check(LlmResult result, WirePayload payload) {
        assertThat(result.text()).isEqualTo(payload.text());
        assertThat(result.message().reasoning()).isEqualTo(payload.reasoning());
        assertThat(result.message().toolCalls()).extracting(ToolCall::arguments).isEqualTo(payload.toolArguments());
        assertThat(result.message().toolCalls())
                .noneMatch(call -> call.name().isEmpty() || call.id().isEmpty());
        assertThat(result.finishReason().text()).isEqualTo(payload.finishReason());
        assertThat(result.id()).isNotEmpty();
        assertThat(result.model()).isNotEmpty().isNotEqualTo("asked");
        checkUsage(result.usage(), payload.usage());
    }

    private static void checkUsage(TokenUsage usage, JsonNode wire) {
        assertThat(usage.promptTokens()).isEqualTo(wire.path("prompt_tokens").longValue());
        assertThat(usage.totalTokens()).isEqualTo(wire.path("total_tokens").longValue());
        long cached = wire.at("/prompt_tokens_details/cached_tokens")
                .asLong(wire.path("prompt_cache_hit_tokens").asLong());
        assertThat(usage.cacheRead()).isEqualTo(cached);
        assertThat(usage.reasoning())
                .isEqualTo(
                        wire.at("/completion_tokens_details/reasoning_tokens").asLong());
    }

    private static List<LlmResultChunk> pieces(InputStream in) {
        SseReader events = new SseReader(in, EgressLimits.DEFAULT);
        ChatChunkReader reader = OpenAiJson.chunkReader("asked");
        List<LlmResultChunk> pieces = new ArrayList<>();
        while (events.next()) {
            if (events.dataIs("[DONE]")) {
                return pieces;
            }
            LlmResultChunk piece = piece(reader, events.buffer(), events.offset(), events.length());
            if (piece != null) {
                pieces.add(piece);
            }
        }
        throw new AssertionError("the stream ended without [DONE]");
    }

    private static LlmResultChunk piece(ChatChunkReader reader, byte[] event, int offset, int length) {
        try {
            return reader.read(event, offset, length);
        } catch (OpenAiErrorReply e) {
            throw new AssertionError(e);
        }
    }

    private static final class OneByteAtATime extends ByteArrayInputStream {
        OneByteAtATime(byte[] bytes) {
            super(bytes);
        }

        @Override
        public synchronized int read(byte[] bytes, int offset, int length) {
            return super.read(bytes, offset, Math.min(1, length));
        }
    }
}
