package io.bactrian.tool.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.error.InvokeTimeoutException;
import io.bactrian.core.error.UnavailableException;
import io.bactrian.core.json.JsonObject;
import io.bactrian.core.model.LlmResultChunk;
import io.bactrian.core.model.ModelStream;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tool.ToolInvokeMessage;
import io.bactrian.core.tool.ToolStream;
import io.bactrian.support.StreamLeases;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.apache.camel.Exchange;
import org.apache.camel.support.SynchronizationAdapter;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Routes that stream. */
@Timeout(30)
class StreamTest extends WorkflowTestBase {

    private final Scripted pieces = new Scripted(3, i -> "piece " + i);
    private final List<String> ended = new ArrayList<>();

    /** Pieces that count how often they are asked for, and know whether they were closed. */
    private static final class Scripted implements Iterator<Object>, AutoCloseable {

        final AtomicInteger taken = new AtomicInteger();
        final AtomicBoolean closed = new AtomicBoolean();
        private final int all;
        private final IntFunction<Object> piece;

        Scripted(int all, IntFunction<Object> piece) {
            this.all = all;
            this.piece = piece;
        }

        @Override
        public boolean hasNext() {
            return taken.get() < all;
        }

        @Override
        public Object next() {
            return piece.apply(taken.incrementAndGet());
        }

        @Override
        public void close() {
            closed.set(true);
        }
    }

    private void publish(Object body) throws Exception {
        publish("", body);
    }

    private void publish(String options, Object body) throws Exception {
        start(routes -> routes.from("tool-workflow:x?description=x" + options)
                .routeId("r1")
                .process(exchange -> exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
                    @Override
                    public void onComplete(Exchange done) {
                        ended.add("complete");
                    }

                    @Override
                    public void onFailure(Exchange done) {
                        ended.add("failed");
                    }
                }))
                .process(body(body)));
    }

    private static String text(ToolInvokeMessage message) {
        return ((ToolInvokeMessage.Text) message).text();
    }

    @Test
    void handsPiecesOnAsTheyAreAskedFor() throws Exception {
        publish(pieces);

        try (ToolStream stream = stream("x")) {
            assertThat(pieces.taken).hasValue(0);
            assertThat(text(stream.next())).isEqualTo("piece 1");
            assertThat(pieces.taken).hasValue(1);
            assertThat(ended).isEmpty();
            assertThat(text(stream.next())).isEqualTo("piece 2");
            assertThat(text(stream.next())).isEqualTo("piece 3");
            assertThat(stream.hasNext()).isFalse();
        }
        assertThat(pieces.closed).isTrue();
    }

    @Test
    void endsTheExchangeOnlyWhenTheStreamHasBeenRead() throws Exception {
        publish(pieces);

        ToolStream stream = stream("x");
        assertThat(context.getInflightRepository().size()).isEqualTo(1);
        stream.forEachRemaining(message -> assertThat(ended).isEmpty());

        assertThat(ended).containsExactly("complete");
        assertThat(context.getInflightRepository().size()).isZero();
    }

    @Test
    @DisplayName("cancelling mid-stream closes the route's stream and ends its exchange at once")
    void closesTheRoutesStreamWhenItsReaderStops() throws Exception {
        publish(pieces);

        ToolStream stream = stream("x");
        stream.next();
        stream.close();
        stream.close();

        assertThat(pieces.closed).isTrue();
        assertThat(pieces.taken).hasValue(1);
        assertThat(ended).containsExactly("complete");
        assertThat(stream.hasNext()).isFalse();
    }

    @Test
    void collectsAllPiecesForWhoeverWaits() throws Exception {
        publish(pieces);

        assertThat(call("x").text()).isEqualTo("piece 1piece 2piece 3");
        assertThat(ended).containsExactly("complete");
    }

    @Test
    void streamsWhateverStreams() throws Exception {
        Map<String, Object> bodies = Map.of(
                "stream",
                IntStream.rangeClosed(1, 3).mapToObj(i -> "" + i),
                "iterable",
                (Iterable<Object>) () -> List.<Object>of("1", "2", "3").iterator(),
                "model",
                new ScriptedModel("1", "", "2", "3"));
        start(routes -> bodies.forEach((name, body) ->
                routes.from("tool-workflow:" + name + "?description=x").process(body(body))));

        for (String tool : bodies.keySet()) {
            List<String> read = new ArrayList<>();
            stream(tool).forEachRemaining(message -> read.add(text(message)));
            assertThat(read).as(tool).containsExactly("1", "2", "3");
        }
    }

    @Test
    void closesWhatAStreamOfJavaHolds() throws Exception {
        AtomicBoolean closed = new AtomicBoolean();
        publish(IntStream.iterate(1, i -> i + 1).boxed().onClose(() -> closed.set(true)));

        ToolStream stream = stream("x");
        stream.next();
        assertThat(closed).isFalse();
        stream.close();

        assertThat(closed).isTrue();
    }

    @Test
    void makesMessagesOfPiecesOfAnyKind() throws Exception {
        ToolInvokeMessage.Log step = new ToolInvokeMessage.Log(
                "1", "fetching", null, null, ToolInvokeMessage.Log.Status.START, JsonObject.EMPTY);
        publish(List.<Object>of("text", Map.of("a", 1), 5, new byte[] {1}, step, chunk("delta"))
                .iterator());

        List<ToolInvokeMessage> messages = new ArrayList<>();
        stream("x").forEachRemaining(messages::add);

        assertThat(messages)
                .extracting(ToolInvokeMessage::type)
                .containsExactly("text", "json", "text", "binary_link", "log", "text");
        assertThat(messages.get(1)).isEqualTo(new ToolInvokeMessage.Json(JsonObject.of("a", 1)));
        assertThat(((ToolInvokeMessage.Log) messages.get(4)).label()).isEqualTo("tool-workflow:x → fetching");
    }

    @Test
    @DisplayName("complaint 15: text and steps of inner tools come through as they happen, with the path of tools")
    void streamsThroughNestedTools() throws Exception {
        ToolInvokeMessage.Log step = new ToolInvokeMessage.Log(
                "1", "fetching", null, null, ToolInvokeMessage.Log.Status.START, JsonObject.EMPTY);
        Scripted inner = new Scripted(3, i -> i == 1 ? step : "piece " + i);
        start(routes -> {
            routes.from("tool-workflow:outer?description=x").to("tool-workflow:middle?stream=true");
            routes.from("tool-workflow:middle?description=x").to("tool-workflow:inner?stream=true");
            routes.from("tool-workflow:inner?description=x").process(body(inner));
        });

        ToolStream stream = stream("outer");

        assertThat(((ToolInvokeMessage.Log) stream.next()).label())
                .isEqualTo("tool-workflow:outer → tool-workflow:middle → tool-workflow:inner → fetching");
        assertThat(inner.taken).hasValue(1);
        assertThat(text(stream.next())).isEqualTo("piece 2");
        assertThat(inner.closed).isFalse();
        stream.close();
        assertThat(inner.closed).isTrue();
        assertThat(StreamLeases.of(context).openCount()).isZero();
        assertThat(context.getInflightRepository().size()).isZero();
    }

    @Test
    void asksAPublisherForOnePieceAtATime() throws Exception {
        List<Long> asked = new ArrayList<>();
        AtomicBoolean cancelled = new AtomicBoolean();
        Flow.Publisher<String> publisher = subscriber -> subscriber.onSubscribe(new Flow.Subscription() {
            private int sent;

            @Override
            public void request(long n) {
                asked.add(n);
                subscriber.onNext("piece " + ++sent);
            }

            @Override
            public void cancel() {
                cancelled.set(true);
            }
        });
        publish(publisher);

        ToolStream stream = stream("x");
        assertThat(asked).isEmpty();
        assertThat(text(stream.next())).isEqualTo("piece 1");
        assertThat(text(stream.next())).isEqualTo("piece 2");
        assertThat(asked).containsExactly(1L, 1L);
        stream.close();

        assertThat(cancelled).isTrue();
    }

    @Test
    void readsAPublisherOfOtherThreadsToItsEnd() throws Exception {
        // threads of its own: the common pool of two processors has one, on which the call would wait for itself
        ExecutorService threads = Executors.newCachedThreadPool();
        try (SubmissionPublisher<String> publisher = new SubmissionPublisher<>(threads, 16)) {
            publish(publisher);
            CompletableFuture<String> read =
                    CompletableFuture.supplyAsync(() -> call("x").text(), threads);
            await().until(() -> publisher.getNumberOfSubscribers() == 1);
            for (String piece : List.of("a", "b", "c")) {
                publisher.submit(piece);
            }
            publisher.close();
            assertThat(read.get(10, TimeUnit.SECONDS)).isEqualTo("abc");
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void tellsAPublishersFailureByClass() throws Exception {
        Flow.Publisher<String> publisher = subscriber -> {
            subscriber.onSubscribe(new Flow.Subscription() {
                @Override
                public void request(long n) {
                    subscriber.onError(new java.io.IOException("CANARY"));
                }

                @Override
                public void cancel() {}
            });
        };
        publish(publisher);

        assertThatThrownBy(() -> call("x"))
                .hasMessageContaining("(IOException)")
                .hasMessageNotContaining("CANARY");
        assertThat(ended).containsExactly("failed");
    }

    @Test
    void refusesAPublisherThatSendsMoreThanItIsAskedFor() throws Exception {
        Flow.Publisher<Integer> publisher = subscriber -> subscriber.onSubscribe(new Flow.Subscription() {
            @Override
            public void request(long n) {
                for (int i = 0; i < 1_000; i++) {
                    subscriber.onNext(i);
                }
            }

            @Override
            public void cancel() {}
        });
        publish(publisher);

        assertThatThrownBy(() -> call("x")).hasMessageContaining("more than it is asked for");
    }

    @Test
    void doesNotWaitForAPublisherLongerThanTheCallMayTake() throws Exception {
        Flow.Publisher<Integer> silent = subscriber -> {};
        publish(silent);

        assertThatThrownBy(() ->
                        engine.call(TestEngine.claim(TenantId.DEFAULT, Duration.ofMillis(200)), "x", JsonObject.EMPTY))
                .isInstanceOf(InvokeTimeoutException.class);
        assertThat(ended).containsExactly("failed");
    }

    @Test
    void failsWithWhatWasThrownAfterTheFirstPiece() throws Exception {
        Scripted broken = new Scripted(3, i -> {
            if (i == 2) {
                throw new IllegalStateException("CANARY");
            }
            return "piece " + i;
        });
        publish(broken);

        ToolStream stream = stream("x");
        assertThat(text(stream.next())).isEqualTo("piece 1");
        assertThatThrownBy(stream::hasNext)
                .isInstanceOf(InvokeException.class)
                .hasMessageContaining("(IllegalStateException)")
                .hasMessageNotContaining("CANARY");
        assertThat(broken.closed).isTrue();
        assertThat(ended).containsExactly("failed");
    }

    @Test
    void holdsStreamedStructureToTheSchema() throws Exception {
        publish(
                "&outputSchema=classpath:order-output.json",
                Arrays.<Object>asList("text", Map.of("status", "open"), Map.of("status", "lost"))
                        .iterator());

        ToolStream stream = stream("x");
        stream.next();
        stream.next();
        assertThatThrownBy(stream::hasNext).hasMessageContaining("outputSchema");
    }

    @Test
    void missesStructureAtTheEndOfAStream() throws Exception {
        publish("&outputSchema=classpath:order-output.json", pieces);

        assertThatThrownBy(() -> call("x")).hasMessageContaining("has no structure");
        assertThat(ended).containsExactly("failed");
    }

    @Test
    @DisplayName("a graceful stop waits for streams that are being read")
    void countsStreamsAmongWhatIsInFlight() throws Exception {
        publish(pieces);
        ToolStream stream = stream("x");
        stream.next();
        var threads = Executors.newSingleThreadExecutor();
        try {
            CompletableFuture<Void> stopped = CompletableFuture.runAsync(
                    () -> {
                        try {
                            context.getRouteController().stopRoute("r1", 20, TimeUnit.SECONDS);
                        } catch (Exception e) {
                            throw new IllegalStateException(e);
                        }
                    },
                    threads);
            WorkflowConsumer consumer =
                    (WorkflowConsumer) context.getRoute("r1").getConsumer();
            assertThat(consumer.getPendingExchangesSize()).isEqualTo(1);
            assertThat(text(stream.next())).isEqualTo("piece 2");
            assertThat(stopped).isNotDone();
            assertThat(text(stream.next())).isEqualTo("piece 3");
            assertThat(stream.hasNext()).isFalse();
            stopped.get(10, TimeUnit.SECONDS);
            assertThat(engine.tools().published()).isEmpty();
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void cutsStreamsOffWhenTheRouteStopsAllTheSameAndSaysSo() throws Exception {
        publish(new Scripted(1_000, i -> "piece " + i));
        ToolStream stream = stream("x");
        stream.next();

        context.getRouteController().stopRoute("r1", 1, TimeUnit.SECONDS);

        assertThatThrownBy(() -> stream.forEachRemaining(message -> {}))
                .isInstanceOf(UnavailableException.class)
                .hasMessageContaining("route has stopped")
                .extracting(thrown -> ((InvokeException) thrown).code())
                .isEqualTo(ErrorCode.CANCELLED);
        assertThat(context.getInflightRepository().size()).isZero();
    }

    @Test
    void isClosedByAnotherThreadWhileItWaits() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        Flow.Publisher<String> silent = subscriber -> subscriber.onSubscribe(new Flow.Subscription() {
            @Override
            public void request(long n) {
                asked.countDown();
            }

            @Override
            public void cancel() {}
        });
        publish(silent);
        ToolStream stream = stream("x");
        CompletableFuture<Boolean> waiting = CompletableFuture.supplyAsync(stream::hasNext);
        assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();

        stream.close();

        assertThat(waiting.get(10, TimeUnit.SECONDS)).isFalse();
        assertThat(ended).containsExactly("complete");
    }

    private static LlmResultChunk chunk(String text) {
        return new LlmResultChunk(null, "m", text, "", List.of(), null, null, null);
    }

    /** A model's stream. */
    private static final class ScriptedModel implements ModelStream {

        private final Iterator<String> texts;

        ScriptedModel(String... texts) {
            this.texts = List.of(texts).iterator();
        }

        @Override
        public boolean hasNext() {
            return texts.hasNext();
        }

        @Override
        public LlmResultChunk next() {
            return chunk(texts.next());
        }

        @Override
        public void close() {
            // nothing is held
        }
    }
}
