package io.bactrian.model;

import io.bactrian.core.model.LlmResult;
import io.bactrian.core.model.ModelStream;
import io.bactrian.core.model.TextEmbeddingResult;
import io.bactrian.json.OpenAiJson;
import io.bactrian.support.BactrianEngine;
import io.bactrian.support.ShownText;
import io.bactrian.support.StreamLease;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import org.apache.camel.Converter;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * What models' answers turn into when a route asks for another type. There is none to a stream cache: Camel would read a
 * live stream to its end before the next step.
 */
@Converter(generateLoader = true)
public final class ModelConverter {

    private ModelConverter() {}

    /** The text of an answer. */
    @Converter
    public static String toString(LlmResult result) {
        return result.text();
    }

    /** An answer as JSON in the shape of the OpenAI chat API. */
    @Converter
    public static byte[] toBytes(LlmResult result, @Nullable Exchange exchange) {
        return OpenAiJson.writeChatCompletion(result, now(exchange));
    }

    /** An answer as JSON in the shape of the OpenAI chat API. */
    @Converter
    public static InputStream toInputStream(LlmResult result, @Nullable Exchange exchange) {
        return new ByteArrayInputStream(toBytes(result, exchange));
    }

    /**
     * The text of a streamed answer, read to its end. What was read stays there for the route. A trace or a log is told which
     * stream it is, and reads nothing.
     */
    @Converter
    public static String toString(ModelStream stream) {
        if (ShownText.isAllThatIsWanted()) {
            return stream.toString();
        }
        return stream instanceof StreamLease lease
                ? lease.peekAll().text()
                : stream.collect().text();
    }

    /** A streamed answer as server-sent events in the shape of the OpenAI chat API, as it comes. */
    @Converter
    public static InputStream toInputStream(ModelStream stream, @Nullable Exchange exchange) {
        return new SseInputStream(stream, now(exchange));
    }

    /** A streamed answer as a publisher with back-pressure, for one subscriber. */
    @Converter
    public static Flow.Publisher<?> toPublisher(ModelStream stream, @Nullable Exchange exchange) {
        return new ChunkPublisher(stream, threads(exchange));
    }

    /** A whole answer out of a streamed one. */
    @Converter
    public static LlmResult toResult(ModelStream stream) {
        return stream.collect();
    }

    /** Vectors as JSON in the shape of the OpenAI embeddings API. */
    @Converter
    public static String toString(TextEmbeddingResult result) {
        return new String(toBytes(result), StandardCharsets.UTF_8);
    }

    /** Vectors as JSON in the shape of the OpenAI embeddings API. */
    @Converter
    public static byte[] toBytes(TextEmbeddingResult result) {
        return OpenAiJson.writeEmbeddings(result, false);
    }

    /** Vectors as JSON in the shape of the OpenAI embeddings API. */
    @Converter
    public static InputStream toInputStream(TextEmbeddingResult result) {
        return new ByteArrayInputStream(toBytes(result));
    }

    /** The vectors, a {@code float[]} for each text. */
    @Converter
    public static List<?> toList(TextEmbeddingResult result) {
        return result.embeddings();
    }

    /** The vector of the first text. */
    @Converter
    public static float[] toVector(TextEmbeddingResult result) {
        return result.embeddings().isEmpty()
                ? new float[0]
                : result.embeddings().get(0);
    }

    private static Instant now(@Nullable Exchange exchange) {
        BactrianEngine engine = exchange == null
                ? null
                : exchange.getContext().getCamelContextExtension().getContextPlugin(BactrianEngine.class);
        return (engine == null ? Clock.systemUTC() : engine.clock()).instant();
    }

    /** Camel's threads where there is an exchange: virtual ones if it is set up so. */
    private static Consumer<Runnable> threads(@Nullable Exchange exchange) {
        return exchange == null
                ? reading -> {
                    Thread thread = new Thread(reading, "bactrian-stream");
                    thread.setDaemon(true);
                    thread.start();
                }
                : reading -> exchange.getContext()
                        .getExecutorServiceManager()
                        .newThread("BactrianStream", reading)
                        .start();
    }
}
