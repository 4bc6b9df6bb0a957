package io.bactrian.tool.workflow;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.ErrorDetails;
import io.bactrian.core.error.InvokeTimeoutException;
import io.bactrian.core.error.UnavailableException;
import io.bactrian.core.tenant.Deadline;
import io.bactrian.core.tool.ToolErrors;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What a publisher brings, asked for one by one: nothing is asked for before it is wanted. Read by one thread, closed by any.
 */
final class PublishedPieces implements Iterator<Object>, AutoCloseable {

    // one piece is asked for at a time; a publisher that sends more than it was asked for breaks its contract
    private static final int MOST_UNASKED = 64;

    private static final Object END = new Object();

    private final Flow.Publisher<?> publisher;
    private final Deadline deadline;
    private final BlockingQueue<Object> arrived = new ArrayBlockingQueue<>(MOST_UNASKED + 2);
    private volatile Flow.@Nullable Subscription subscription;
    private volatile boolean closed;
    private boolean subscribed;
    private @Nullable Object next;

    private record Failure(Throwable thrown) {}

    PublishedPieces(Flow.Publisher<?> publisher, Deadline deadline) {
        this.publisher = publisher;
        this.deadline = deadline;
    }

    @Override
    public boolean hasNext() {
        if (next == null && !closed) {
            ask();
            next = arrival();
        }
        if (next instanceof Failure failure) {
            close();
            throw failure.thrown() instanceof RuntimeException e ? e : new CompletionException(failure.thrown());
        }
        return next != null && next != END;
    }

    private void ask() {
        Flow.Subscription open = subscription;
        if (open != null) {
            open.request(1);
        } else if (!subscribed) {
            subscribed = true;
            publisher.subscribe(new Arrivals());
        }
    }

    private Object arrival() {
        try {
            Object arrival = arrived.poll(deadline.remainingNanos(), TimeUnit.NANOSECONDS);
            if (arrival != null) {
                return arrival;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            close();
            throw new UnavailableException(
                    ErrorCode.CANCELLED, "the call was cancelled while it waited for a piece", ErrorDetails.NONE, e);
        }
        close();
        throw new InvokeTimeoutException(
                ErrorCode.DEADLINE_EXCEEDED, "the call's time was up before the publisher had its next piece");
    }

    @Override
    public Object next() {
        if (!hasNext()) {
            throw new NoSuchElementException("the publisher has no more pieces");
        }
        Object piece = next;
        next = null;
        return piece == null ? END : piece;
    }

    @Override
    public void close() {
        closed = true;
        cancel();
        // whoever waits is woken
        arrived.offer(END);
    }

    private void cancel() {
        Flow.Subscription open = subscription;
        if (open != null) {
            open.cancel();
        }
    }

    private final class Arrivals implements Flow.Subscriber<Object> {

        @Override
        public void onSubscribe(Flow.Subscription given) {
            if (subscription != null || closed) {
                given.cancel();
                return;
            }
            subscription = given;
            given.request(1);
        }

        @Override
        public void onNext(Object piece) {
            if (arrived.size() >= MOST_UNASKED) {
                cancel();
                arrived.clear();
                arrived.offer(new Failure(ToolErrors.failed("the publisher sends more than it is asked for")));
                return;
            }
            arrived.offer(piece);
        }

        @Override
        public void onError(Throwable thrown) {
            arrived.offer(new Failure(thrown));
        }

        @Override
        public void onComplete() {
            arrived.offer(END);
        }
    }
}
