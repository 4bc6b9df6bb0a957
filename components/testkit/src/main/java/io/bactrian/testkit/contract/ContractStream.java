package io.bactrian.testkit.contract;

import io.bactrian.core.tenant.CallerClaim;
import io.bactrian.core.tool.ToolInvokeMessage;
import io.bactrian.core.tool.ToolStream;
import java.time.Duration;
import java.util.NoSuchElementException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;

/** What a scene streams: made message by message, counted, and with its close noted. */
final class ContractStream implements ToolStream {

    private final int all;
    private final IntFunction<ToolInvokeMessage> message;
    private final AtomicInteger made = new AtomicInteger();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final CountDownLatch close;

    /**
     * @param all how many messages there are
     * @param message makes the one of a number, from 1; waits, or throws, as the test has it
     */
    ContractStream(int all, IntFunction<ToolInvokeMessage> message) {
        this(all, message, new CountDownLatch(1));
    }

    /** @param close counted down when it is closed */
    ContractStream(int all, IntFunction<ToolInvokeMessage> message, CountDownLatch close) {
        this.all = all;
        this.message = message;
        this.close = close;
    }

    static ToolInvokeMessage text(int number) {
        return new ToolInvokeMessage.Text("message " + number);
    }

    /** How many were made. */
    int made() {
        return made.get();
    }

    boolean closed() {
        return closed.get();
    }

    @Override
    public boolean hasNext() {
        return !closed.get() && made.get() < all;
    }

    @Override
    public ToolInvokeMessage next() {
        if (!hasNext()) {
            throw new NoSuchElementException("there are no more messages");
        }
        return message.apply(made.incrementAndGet());
    }

    @Override
    public void close() {
        closed.set(true);
        close.countDown();
    }

    /** Waits as a tool does: for so long at most, and not any more once its thread is interrupted. */
    static boolean await(CountDownLatch latch, Duration most) {
        try {
            return latch.await(most.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while it waited", e);
        }
    }

    /** Lets the time of a call pass. */
    static void outlast(CallerClaim call) {
        while (!call.deadline().expired()) {
            await(new CountDownLatch(1), call.deadline().remaining().plusMillis(1));
        }
    }
}
