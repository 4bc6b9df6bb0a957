package io.bactrian.model;

import io.bactrian.core.credential.Credentials;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.model.FinishReason;
import io.bactrian.core.model.LlmRequest;
import io.bactrian.core.model.LlmResult;
import io.bactrian.core.model.LlmResultChunk;
import io.bactrian.core.model.ModelCall;
import io.bactrian.core.model.ModelDialect;
import io.bactrian.core.model.ModelStream;
import io.bactrian.core.model.PromptMessage;
import io.bactrian.core.model.TextEmbeddingRequest;
import io.bactrian.core.model.TextEmbeddingResult;
import io.bactrian.core.model.TokenUsage;
import io.bactrian.core.provider.ProviderEntity;
import io.bactrian.core.tenant.Deadline;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** A dialect that speaks to nobody: it answers as the test tells it and remembers what it was asked. */
final class ScriptedDialect implements ModelDialect {

    /** A call and what it asked. */
    record Asked(ModelCall call, LlmRequest request) {}

    final List<Asked> asked = new CopyOnWriteArrayList<>();
    final List<ModelCall> calls = new CopyOnWriteArrayList<>();
    final List<LlmRequest> requests = new CopyOnWriteArrayList<>();
    final List<TextEmbeddingRequest> embeddings = new CopyOnWriteArrayList<>();
    final List<ScriptedStream> streams = new CopyOnWriteArrayList<>();
    volatile Function<LlmRequest, String> answer = request -> "you said: " + last(request);
    volatile Function<LlmRequest, InvokeException> failure;
    volatile FinishReason finishReason = FinishReason.STOP;
    volatile Function<LlmRequest, ScriptedStream> stream =
            request -> ScriptedStream.of(answer.apply(request).split("(?<= )"));

    static String last(LlmRequest request) {
        return request.messages().get(request.messages().size() - 1).text();
    }

    LlmRequest lastRequest() {
        return requests.get(requests.size() - 1);
    }

    ModelCall lastCall() {
        return calls.get(calls.size() - 1);
    }

    @Override
    public String name() {
        return "scripted";
    }

    @Override
    public LlmResult invokeLlm(ModelCall call, LlmRequest request) {
        record(call, request);
        return new LlmResult(
                "answer-1",
                call.wireModel() + "-2026-01-01",
                new PromptMessage.Assistant(answer.apply(request)),
                finishReason,
                new TokenUsage(10, 2, 0, 0, 5, 3, 0),
                null,
                null);
    }

    @Override
    public ModelStream streamLlm(ModelCall call, LlmRequest request) {
        record(call, request);
        ScriptedStream next = stream.apply(request);
        streams.add(next);
        return next;
    }

    private void record(ModelCall call, LlmRequest request) {
        asked.add(new Asked(call, request));
        calls.add(call);
        requests.add(request);
        Function<LlmRequest, InvokeException> broken = failure;
        InvokeException error = broken == null ? null : broken.apply(request);
        if (error != null) {
            throw error;
        }
    }

    @Override
    public TextEmbeddingResult invokeTextEmbedding(ModelCall call, TextEmbeddingRequest request) {
        calls.add(call);
        embeddings.add(request);
        List<float[]> vectors = new ArrayList<>();
        request.texts().forEach(text -> vectors.add(new float[] {text.length(), 0.5f}));
        return new TextEmbeddingResult(call.wireModel(), vectors, TokenUsage.ofInput(7), null);
    }

    @Override
    public void validate(ProviderEntity provider, Credentials credentials, Deadline deadline) {}

    static LlmResultChunk chunk(String text) {
        return new LlmResultChunk("answer-1", "scripted-model", text, "", List.of(), null, null, null);
    }

    static LlmResultChunk end() {
        return new LlmResultChunk(
                "answer-1",
                "scripted-model",
                "",
                "",
                List.of(),
                FinishReason.STOP,
                new TokenUsage(10, 0, 0, 0, 5, 0, 0),
                null);
    }
}
