package io.bactrian.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.ProtocolException;
import io.bactrian.core.model.LlmResultChunk;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ChunkPublisherTest extends ModelTestBase {

    private final ScriptedStream stream = new ScriptedStream();

    @BeforeEach
    void startContext() {
        dialect.stream = request -> stream;
        start();
    }

    @Test
    void readsAPieceWhenItIsAskedFor() {
        stream.put("one");
        stream.put("two");
        stream.put("three");
        stream.finish();
        Collector subscriber = subscribe();

        subscriber.subscription.request(2);

        await().until(() -> subscriber.texts.size() == 2);
        await().pollDelay(Duration.ofMillis(50)).until(() -> stream.read.get() == 2);
        assertThat(subscriber.ended).isFalse();
        subscriber.subscription.request(Long.MAX_VALUE);
        await().until(() -> subscriber.ended);
        assertThat(subscriber.texts).containsExactly("one", "two", "three", "");
        assertThat(stream.closed()).isTrue();
        await().until(() -> openStreams() == 0);
    }

    @Test
    void outlivesTheExchangeOfATemplateUntilItIsCancelled() {
        Collector subscriber = subscribe();
        stream.put("one");
        subscriber.subscription.request(1);
        await().until(() -> subscriber.texts.size() == 1);

        subscriber.subscription.cancel();

        assertThat(stream.closed()).isTrue();
        assertThat(openStreams()).isZero();
        assertThat(subscriber.error).isNull();
        assertThat(subscriber.ended).isFalse();
    }

    @Test
    void cancellingWakesTheReaderThatWaitsForTheModel() {
        Collector subscriber = subscribe();
        subscriber.subscription.request(1);

        subscriber.subscription.cancel();

        assertThat(stream.closed()).isTrue();
        await().until(() -> openStreams() == 0);
        assertThat(subscriber.texts).isEmpty();
    }

    @Test
    void passesAnErrorOn() {
        Collector subscriber = subscribe();
        stream.put("one");
        stream.fail(new ProtocolException(ErrorCode.STREAM_TRUNCATED, "it broke off"));

        subscriber.subscription.request(Long.MAX_VALUE);

        await().until(() -> subscriber.error != null);
        assertThat(subscriber.error).hasMessage("it broke off");
        assertThat(subscriber.texts).containsExactly("one");
    }

    @Test
    void refusesARequestForNothing() {
        Collector subscriber = subscribe();

        subscriber.subscription.request(0);

        await().until(() -> subscriber.error != null);
        assertThat(subscriber.error)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("3.9");
        await().until(stream::closed);
    }

    @Test
    void refusesASecondSubscriber() {
        Flow.Publisher<LlmResultChunk> publisher = publisher();
        publisher.subscribe(new Collector());
        Collector second = new Collector();

        publisher.subscribe(second);

        assertThat(second.subscription).isNotNull();
        assertThat(second.error).isInstanceOf(IllegalStateException.class);
    }

    private Collector subscribe() {
        Collector subscriber = new Collector();
        publisher().subscribe(subscriber);
        return subscriber;
    }

    @SuppressWarnings("unchecked")
    private Flow.Publisher<LlmResultChunk> publisher() {
        return template.requestBody(STREAM, "hello", Flow.Publisher.class);
    }

    private static final class Collector implements Flow.Subscriber<LlmResultChunk> {

        final List<String> texts = new CopyOnWriteArrayList<>();
        volatile Flow.Subscription subscription;
        volatile Throwable error;
        volatile boolean ended;

        @Override
        public void onSubscribe(Flow.Subscription given) {
            subscription = given;
        }

        @Override
        public void onNext(LlmResultChunk chunk) {
            texts.add(chunk.text());
        }

        @Override
        public void onError(Throwable thrown) {
            error = thrown;
        }

        @Override
        public void onComplete() {
            ended = true;
        }
    }
}
