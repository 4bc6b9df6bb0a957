package io.bactrian.tool.workflow;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.ErrorDetails;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.error.InvokeTimeoutException;
import io.bactrian.core.error.UnavailableException;
import io.bactrian.core.tenant.Deadline;
import io.bactrian.core.tool.ToolErrors;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.spi.ReactiveExecutor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One exchange on its way through a route. Its unit of work is ours: it ends when what the route left has been read, not when the
 * route is through. A route that goes on elsewhere, on other threads, is waited for until the call's time is up; it is then
 * left to itself, and what it leaves is let go of.
 */
final class RouteRun implements AsyncCallback {

    private static final Logger LOG = LoggerFactory.getLogger(RouteRun.class);

    private final WorkflowConsumer consumer;
    private final Exchange exchange;
    private final String tool;
    private final Deadline deadline;
    private final CountDownLatch through = new CountDownLatch(1);
    private final AtomicReference<State> state = new AtomicReference<>(State.RUNNING);
    private final AtomicBoolean ended = new AtomicBoolean();

    private enum State {
        RUNNING,
        THROUGH,
        ABANDONED
    }

    private RouteRun(WorkflowConsumer consumer, Exchange exchange, String tool, Deadline deadline) {
        this.consumer = consumer;
        this.exchange = exchange;
        this.tool = tool;
        this.deadline = deadline;
    }

    /** Begins with an exchange that is ready to be sent. */
    static RouteRun begin(WorkflowConsumer consumer, Exchange exchange, String tool, Deadline deadline) {
        try {
            // a pooled exchange brings its last unit of work along, which the route would otherwise begin and end
            consumer.createUoW(exchange).onPrepare(exchange);
        } catch (Exception e) {
            throw RouteFailures.of(e, tool);
        }
        return new RouteRun(consumer, exchange, tool, deadline);
    }

    Exchange exchange() {
        return exchange;
    }

    String tool() {
        return tool;
    }

    Deadline deadline() {
        return deadline;
    }

    /**
     * Sends the exchange through the route.
     *
     * @throws InvokeException if the route fails, or is not through in time; the exchange has ended then
     */
    void process() {
        try {
            consumer.getAsyncProcessor().process(exchange, this);
            if (through.getCount() > 0) {
                await();
            }
        } catch (RuntimeException e) {
            throw state.get() == State.ABANDONED ? e : failed(e);
        }
        Exception failure = exchange.getException();
        if (failure != null) {
            throw failed(failure);
        }
        if (exchange.isRollbackOnly()) {
            throw failed(ToolErrors.failed("the route of " + tool + " was rolled back"));
        }
    }

    private InvokeException failed(Exception failure) {
        InvokeException told = RouteFailures.of(exchange, failure, tool);
        end(failure);
        return told;
    }

    /** Does what Camel has queued for this thread, which may be the rest of the route, and then waits. */
    private void await() {
        ReactiveExecutor queue =
                exchange.getContext().getCamelContextExtension().getReactiveExecutor();
        boolean queued = true;
        while (through.getCount() > 0 && queued) {
            queued = queue.executeFromQueue();
        }
        try {
            if (through.await(deadline.remainingNanos(), TimeUnit.NANOSECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            abandon(new UnavailableException(
                    ErrorCode.CANCELLED, "the call of " + tool + " was cancelled", ErrorDetails.NONE, e));
            return;
        }
        abandon(new InvokeTimeoutException(
                ErrorCode.DEADLINE_EXCEEDED, "the call's time was up before the route of " + tool + " was through"));
    }

    private void abandon(InvokeException reason) {
        if (state.compareAndSet(State.RUNNING, State.ABANDONED)) {
            // on whatever thread it goes on, it goes no further than the step it is at
            exchange.setRouteStop(true);
            throw reason;
        }
        // it got through at the last moment
    }

    @Override
    public void done(boolean doneSync) {
        boolean awaited = state.compareAndSet(State.RUNNING, State.THROUGH);
        through.countDown();
        if (!awaited) {
            closeBody();
            end(exchange.getException());
        }
    }

    private void closeBody() {
        if (exchange.getMessage().getBody() instanceof AutoCloseable unread) {
            close(unread);
        }
    }

    /** Closes what a route left; that this fails changes nothing for anybody. */
    static void close(AutoCloseable unread) {
        try {
            unread.close();
        } catch (Exception e) {
            LOG.debug("what a route left could not be closed", e);
        }
    }

    /**
     * Ends the exchange and its unit of work; the first time only.
     *
     * @param failure why it has failed; null if it has not
     */
    void end(@Nullable Throwable failure) {
        if (finish(failure)) {
            // nobody has it any more
            consumer.releaseExchange(exchange, false);
        }
    }

    /** As {@link #end}, of an exchange that somebody may still be reading from: it is not used again. */
    void endStream(@Nullable Throwable failure) {
        finish(failure);
    }

    private boolean finish(@Nullable Throwable failure) {
        if (!ended.compareAndSet(false, true)) {
            return false;
        }
        if (failure != null && exchange.getException() == null) {
            exchange.setException(failure);
        }
        consumer.doneUoW(exchange);
        return true;
    }
}
