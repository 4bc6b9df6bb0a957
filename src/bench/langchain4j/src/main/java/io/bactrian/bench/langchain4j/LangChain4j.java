package io.bactrian.bench.langchain4j;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import dev.langchain4j.model.output.TokenUsage;
import io.bactrian.bench.Answer;
import io.bactrian.bench.Canned;
import io.bactrian.bench.Pieces;
import io.bactrian.bench.Subject;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/** langchain4j-open-ai as it comes, over its default client, which is the JDK's. */
public final class LangChain4j implements Subject {

    private OpenAiChatModel model = OpenAiChatModel.builder().apiKey(Canned.KEY).build();
    private OpenAiStreamingChatModel streaming =
            OpenAiStreamingChatModel.builder().apiKey(Canned.KEY).build();

    @Override
    public void open(Setup setup) {
        model = OpenAiChatModel.builder()
                .baseUrl(setup.baseUrl())
                .apiKey(Canned.KEY)
                .modelName(Canned.MODEL)
                .build();
        streaming = OpenAiStreamingChatModel.builder()
                .baseUrl(setup.baseUrl())
                .apiKey(Canned.KEY)
                .modelName(Canned.MODEL)
                .build();
    }

    @Override
    public void ask(Answer answer) {
        ChatResponse response = model.chat(UserMessage.from(Canned.QUESTION));
        TokenUsage usage = response.tokenUsage();
        answer.is(response.aiMessage().text(), usage.inputTokenCount(), usage.outputTokenCount());
    }

    @Override
    public void stream(Pieces pieces) throws Exception {
        CompletableFuture<ChatResponse> whole = new CompletableFuture<>();
        AtomicBoolean cut = new AtomicBoolean();
        streaming.chat(List.of(UserMessage.from(Canned.QUESTION)), new StreamingChatResponseHandler() {
            private boolean handed;

            @Override
            public void onPartialResponse(PartialResponse partial, PartialResponseContext context) {
                if (!handed) {
                    handed = true;
                    pieces.opened(() -> {
                        cut.set(true);
                        context.streamingHandle().cancel();
                        whole.cancel(false);
                    });
                }
                try {
                    pieces.piece(partial.text());
                } catch (RuntimeException wrong) {
                    whole.completeExceptionally(wrong);
                }
            }

            @Override
            public void onCompleteResponse(ChatResponse response) {
                whole.complete(response);
            }

            @Override
            public void onError(Throwable error) {
                whole.completeExceptionally(error);
            }
        });
        try {
            TokenUsage usage = whole.get().tokenUsage();
            pieces.usage(usage.inputTokenCount(), usage.outputTokenCount());
        } catch (java.util.concurrent.CancellationException cancelled) {
            if (!cut.get()) {
                throw cancelled;
            }
        }
    }
}
