package io.bactrian.bench.openai;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.StreamResponse;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.completions.CompletionUsage;
import io.bactrian.bench.Answer;
import io.bactrian.bench.Canned;
import io.bactrian.bench.Pieces;
import io.bactrian.bench.Subject;
import java.util.Iterator;
import java.util.concurrent.atomic.AtomicBoolean;

/** openai-java as it comes, over OkHttp. */
public final class OpenAiJava implements Subject {

    private OpenAIClient client =
            OpenAIOkHttpClient.builder().apiKey(Canned.KEY).build();

    @Override
    public void open(Setup setup) {
        client = OpenAIOkHttpClient.builder()
                .apiKey(Canned.KEY)
                .baseUrl(setup.baseUrl())
                .build();
    }

    private static ChatCompletionCreateParams.Builder params() {
        return ChatCompletionCreateParams.builder().model(Canned.MODEL).addUserMessage(Canned.QUESTION);
    }

    @Override
    public void ask(Answer answer) {
        ChatCompletion completion = client.chat().completions().create(params().build());
        CompletionUsage usage = completion.usage().orElseThrow();
        answer.is(
                completion.choices().get(0).message().content().orElseThrow(),
                usage.promptTokens(),
                usage.completionTokens());
    }

    @Override
    public void stream(Pieces pieces) {
        ChatCompletionCreateParams params = params().streamOptions(
                        ChatCompletionStreamOptions.builder().includeUsage(true).build())
                .build();
        AtomicBoolean cut = new AtomicBoolean();
        try (StreamResponse<ChatCompletionChunk> response =
                client.chat().completions().createStreaming(params)) {
            pieces.opened(() -> {
                cut.set(true);
                response.close();
            });
            Iterator<ChatCompletionChunk> chunks = response.stream().iterator();
            while (chunks.hasNext()) {
                take(chunks.next(), pieces);
            }
        } catch (RuntimeException failed) {
            if (!cut.get()) {
                throw failed;
            }
        }
    }

    private static void take(ChatCompletionChunk chunk, Pieces pieces) {
        if (!chunk.choices().isEmpty()) {
            pieces.piece(chunk.choices().get(0).delta().content().orElse(""));
        }
        chunk.usage().ifPresent(usage -> pieces.usage(usage.promptTokens(), usage.completionTokens()));
    }

    @Override
    public void close() {
        client.close();
    }
}
