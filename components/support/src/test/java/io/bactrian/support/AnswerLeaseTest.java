package io.bactrian.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.invoke.AnswerStream;
import io.bactrian.core.tool.ToolInvokeMessage;
import io.bactrian.core.tool.ToolStream;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.impl.engine.DefaultUnitOfWork;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Streams of any kind are leased by the rules that hold for models' (StreamLeaseTest). */
class AnswerLeaseTest {

    private DefaultCamelContext context;
    private Exchange exchange;
    private StreamLeases leases;

    @BeforeEach
    void startContext() {
        context = new DefaultCamelContext();
        context.start();
        exchange = new DefaultExchange(context);
        leases = StreamLeases.of(context);
    }

    @AfterEach
    void closeContext() throws Exception {
        context.close();
    }

    @Test
    void aToolsStreamIsLeasedAsOne() {
        ToolStream lease = leases.lease(ToolStream.ofText("hello"), exchange, "tool:echo");

        assertThat(lease).hasToString("ToolStream[tool:echo, open]");
        assertThat(leases.openCount()).isEqualTo(1);
        assertThat(lease.next()).isEqualTo(new ToolInvokeMessage.Text("hello"));
        assertThat(lease.hasNext()).isFalse();
        assertThat(lease).hasToString("ToolStream[tool:echo, ended]");
        assertThat(leases.openCount()).isZero();
    }

    @Test
    void anyStreamIsLeasedAndCutOffWithItsExchange() {
        Numbers numbers = new Numbers();
        AnswerLease<Integer> lease = leases.lease((AnswerStream<Integer>) numbers, exchange, "agent:a");
        exchange.getMessage().setBody(lease);
        assertThat(lease.next()).isEqualTo(1);

        exchange.setException(new IllegalStateException("failed"));
        endExchange();

        assertThat(numbers.closes).hasValue(1);
        assertThat(lease).hasToString("AnswerStream[agent:a, ended]");
        assertThatThrownBy(lease::hasNext)
                .isInstanceOfSatisfying(
                        InvokeException.class, error -> assertThat(error.code()).isEqualTo(ErrorCode.CANCELLED))
                .hasMessage("the answer of agent:a was cut off: its exchange has ended");
    }

    @Test
    void aReaderWhoWaitsIsReading() throws Exception {
        CountDownLatch waiting = new CountDownLatch(1);
        CountDownLatch piece = new CountDownLatch(1);
        AnswerLease<Integer> lease = leases.lease(new SlowStream(waiting, piece), exchange, "agent:a");
        assertThat(lease.idleNanos()).as("nobody reads").isPositive();
        Thread reader = new Thread(lease::hasNext);
        reader.start();
        waiting.await();

        assertThat(lease.idleNanos()).as("somebody waits").isZero();

        piece.countDown();
        reader.join();
        assertThat(lease.idleNanos()).as("nobody reads any more").isPositive();
    }

    /** Brings nothing, and that only after a while. */
    private record SlowStream(CountDownLatch waiting, CountDownLatch piece) implements AnswerStream<Integer> {

        @Override
        public boolean hasNext() {
            waiting.countDown();
            try {
                piece.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return false;
        }

        @Override
        public Integer next() {
            throw new NoSuchElementException();
        }

        @Override
        public void close() {
            piece.countDown();
        }
    }

    @Test
    void aStreamOfItsOwnTypeStaysOfThatType() {
        NumberStream lease = leases.lease(new Numbers(), exchange, "numbers", NumberLease::new);
        exchange.getMessage().setBody(lease);
        endExchange();

        // it is the body: whoever gets the exchange reads on
        List<Integer> read = new ArrayList<>();
        lease.forEachRemaining(read::add);
        assertThat(read).containsExactly(1, 2, 3);
        assertThat(lease).hasToString("NumberStream[numbers, ended]");
    }

    @Test
    void aViewKeepsAnyStreamAlive() {
        NumberLease lease = leases.lease(new Numbers(), exchange, "numbers", NumberLease::new);
        exchange.getMessage().setBody((AnswerView) stream -> stream == lease);
        endExchange();

        assertThat(lease.open()).isTrue();
        lease.close();
    }

    @Test
    void canBeReadAgainAfterItWasPeekedAt() {
        NumberLease lease = leases.lease(new Numbers(), exchange, "numbers", NumberLease::new);
        assertThat(lease.next()).isEqualTo(1);

        for (int i = 0; i < 2; i++) {
            List<Integer> seen = new ArrayList<>();
            lease.peekEach(seen::add);
            assertThat(seen).containsExactly(2, 3);
        }
        assertThat(lease.next()).isEqualTo(2);
        assertThat(lease.next()).isEqualTo(3);
        assertThat(lease.hasNext()).isFalse();
    }

    @Test
    void streamsOfAllKindsAreCountedAndEndWithTheContext() {
        Numbers numbers = new Numbers();
        leases.lease(ToolStream.ofText("hello"), exchange, "tool:echo");
        leases.lease(numbers, exchange, "numbers", NumberLease::new);
        assertThat(leases.openCount()).isEqualTo(2);

        context.stop();

        assertThat(leases.openCount()).isZero();
        assertThat(numbers.closes).hasValue(1);
    }

    /** Ends the exchange as a producer template does. */
    private void endExchange() {
        exchange.getExchangeExtension().setUnitOfWork(new DefaultUnitOfWork(exchange));
        exchange.getUnitOfWork().done(exchange);
    }

    private interface NumberStream extends AnswerStream<Integer> {}

    private static final class NumberLease extends AnswerLease<Integer> implements NumberStream {
        NumberLease(Terms<Integer> terms) {
            super(terms);
        }

        @Override
        protected String kind() {
            return "NumberStream";
        }
    }

    private static final class Numbers implements NumberStream {

        final AtomicInteger closes = new AtomicInteger();
        private final Iterator<Integer> numbers = List.of(1, 2, 3).iterator();

        @Override
        public boolean hasNext() {
            return numbers.hasNext();
        }

        @Override
        public Integer next() {
            return numbers.next();
        }

        @Override
        public void close() {
            closes.incrementAndGet();
        }
    }
}
