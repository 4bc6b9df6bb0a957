package io.bactrian.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.error.ProtocolException;
import io.bactrian.core.model.LlmResultChunk;
import io.bactrian.core.model.ModelStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.impl.engine.DefaultUnitOfWork;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StreamLeaseTest {

    private DefaultCamelContext context;
    private Exchange exchange;
    private StreamLeases leases;
    private Pieces pieces;

    @BeforeEach
    void startContext() {
        context = new DefaultCamelContext();
        context.start();
        exchange = new DefaultExchange(context);
        leases = StreamLeases.of(context);
        pieces = new Pieces("one", "two", "three");
    }

    @AfterEach
    void closeContext() throws Exception {
        context.close();
    }

    @Test
    void aContextHasOneRegistry() {
        assertThat(StreamLeases.of(context)).isSameAs(leases);
    }

    @Test
    void endsWhenItHasBeenRead() {
        StreamLease lease = lease();

        assertThat(texts(lease)).containsExactly("one", "two", "three");

        assertThat(lease.open()).isFalse();
        assertThat(leases.openCount()).isZero();
        assertThat(pieces.closes).hasValue(1);
        assertThat(lease.hasNext()).isFalse();
        assertThatThrownBy(lease::next).isInstanceOf(NoSuchElementException.class);
    }

    @Test
    void isClosedOnceHoweverOftenItIsClosed() {
        StreamLease lease = lease();

        lease.close();
        lease.close();

        assertThat(pieces.closes).hasValue(1);
        assertThat(lease.hasNext()).isFalse();
        assertThat(leases.openCount()).isZero();
    }

    @Test
    void isClosedOnceByManyThreads() throws Exception {
        StreamLease lease = lease();
        CountDownLatch go = new CountDownLatch(1);
        ExecutorService threads = Executors.newFixedThreadPool(8);
        List<CompletableFuture<Void>> closing = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            closing.add(CompletableFuture.runAsync(
                    () -> {
                        await().until(() -> go.getCount() == 0);
                        lease.close();
                    },
                    threads));
        }
        go.countDown();

        CompletableFuture.allOf(closing.toArray(new CompletableFuture<?>[0])).get(30, TimeUnit.SECONDS);
        threads.shutdown();

        assertThat(pieces.closes).hasValue(1);
        assertThat(leases.openCount()).isZero();
    }

    @Test
    void endsWithAnErrorOfTheStream() {
        pieces.error = new ProtocolException(ErrorCode.STREAM_TRUNCATED, "it broke off");
        StreamLease lease = lease();
        lease.next();
        lease.next();
        lease.next();

        assertThatThrownBy(lease::hasNext).isSameAs(pieces.error);

        assertThat(lease.open()).isFalse();
        assertThat(lease.hasNext()).isFalse();
        assertThat(leases.openCount()).isZero();
    }

    @Test
    void saysThatItWasCutOffWhenTheExchangeEndsFirst() {
        StreamLease lease = lease();
        lease.next();
        exchange.setException(new IllegalStateException("failed"));
        endExchange();

        assertThatThrownBy(lease::hasNext)
                .isInstanceOfSatisfying(
                        InvokeException.class, error -> assertThat(error.code()).isEqualTo(ErrorCode.CANCELLED))
                .hasMessageContaining("openai/gpt");
        assertThatThrownBy(lease::next).isInstanceOf(InvokeException.class);
        assertThat(pieces.closes).hasValue(1);
    }

    @Test
    void endsWithTheExchangeWhenItIsNotItsBodyAnyMore() throws Exception {
        StreamLease lease = lease();
        exchange.getMessage().setBody("something else");
        endExchange();

        assertThat(lease.open()).isFalse();
    }

    @Test
    void isTheCallersWhenItStillIsTheBody() throws Exception {
        StreamLease lease = lease();
        endExchange();

        assertThat(lease.open()).isTrue();
        assertThat(texts(lease)).containsExactly("one", "two", "three");
    }

    @Test
    void isTheCallersWhenAViewOfItIsTheBody() throws Exception {
        StreamLease lease = lease();
        exchange.getMessage().setBody((AnswerView) stream -> stream == lease);
        endExchange();

        assertThat(lease.open()).isTrue();
    }

    @Test
    void isClosedWhenTheCallerDoesNotReadIt() throws Exception {
        leases = new StreamLeases(context, System::nanoTime, Duration.ofMillis(100));
        StreamLease lease = lease();
        endExchange();

        await().until(() -> !lease.open());

        assertThatThrownBy(lease::hasNext).hasMessageContaining("nobody has read it");
        assertThat(pieces.closes).hasValue(1);
        leases.stop();
    }

    @Test
    void staysOpenForACallerWhoReadsSlowly() throws Exception {
        long[] now = {0};
        leases = new StreamLeases(context, () -> now[0], Duration.ofMillis(100));
        StreamLease lease = lease();
        endExchange();

        // by its own clock no time passes between the reads, however long the sweeper waits
        await().pollDelay(Duration.ofMillis(400)).until(lease::open);

        assertThat(lease.next().text()).isEqualTo("one");
        lease.close();
        leases.stop();
    }

    @Test
    void endsWithTheContext() {
        StreamLease lease = lease();

        context.stop();

        assertThat(pieces.closes).hasValue(1);
        assertThatThrownBy(lease::hasNext).hasMessageContaining("the Camel context is stopping");
    }

    @Test
    void cannotBeginWhenTheContextIsStopping() {
        leases.stop();

        StreamLease lease = lease();

        assertThat(lease.open()).isFalse();
        assertThat(pieces.closes).hasValue(1);
    }

    @Test
    void drainsAtOnceWhenNothingIsOpen() {
        assertThat(leases.drain(Duration.ofMinutes(5))).isZero();
    }

    @Test
    void canBeReadAgainAfterItWasPeekedAt() {
        StreamLease lease = lease();
        lease.next();

        assertThat(lease.peekAll().text()).isEqualTo("twothree");
        assertThat(lease.peekAll().text()).isEqualTo("twothree");
        assertThat(texts(lease)).containsExactly("two", "three");
        assertThat(lease.hasNext()).isFalse();
    }

    @Test
    void keepsWhatItHadWhenPeekingFails() {
        pieces.error = new ProtocolException(ErrorCode.STREAM_TRUNCATED, "it broke off");
        StreamLease lease = lease();

        assertThatThrownBy(lease::peekAll).isSameAs(pieces.error);

        assertThat(lease.next().text()).isEqualTo("one");
    }

    @Test
    void printsNothingOfItsContent() {
        assertThat(lease()).hasToString("ModelStream[openai/gpt, open]");
    }

    private StreamLease lease() {
        StreamLease lease = leases.lease(pieces, exchange, "openai/gpt");
        exchange.getMessage().setBody(lease);
        return lease;
    }

    /** Ends the exchange as a producer template does. */
    private void endExchange() {
        exchange.getExchangeExtension().setUnitOfWork(new DefaultUnitOfWork(exchange));
        exchange.getUnitOfWork().done(exchange);
    }

    private static List<String> texts(ModelStream stream) {
        List<String> texts = new ArrayList<>();
        stream.forEachRemaining(chunk -> texts.add(chunk.text()));
        return texts;
    }

    private static final class Pieces implements ModelStream {

        final AtomicInteger closes = new AtomicInteger();
        private final List<String> texts;
        private int position;
        private InvokeException error;

        Pieces(String... texts) {
            this.texts = List.of(texts);
        }

        @Override
        public boolean hasNext() {
            if (position == texts.size() && error != null) {
                throw error;
            }
            return position < texts.size();
        }

        @Override
        public LlmResultChunk next() {
            return new LlmResultChunk(null, "gpt", texts.get(position++), "", List.of(), null, null, null);
        }

        @Override
        public void close() {
            closes.incrementAndGet();
        }
    }
}
