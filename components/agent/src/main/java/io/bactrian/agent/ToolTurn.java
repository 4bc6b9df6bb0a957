package io.bactrian.agent;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.error.UnavailableException;
import io.bactrian.core.model.PromptMessage;
import io.bactrian.core.tenant.CallerClaim;
import io.bactrian.core.tenant.Deadline;
import io.bactrian.core.tool.ToolAddress;
import io.bactrian.core.tool.ToolInvokeMeta;
import io.bactrian.core.tool.ToolObservation;
import io.bactrian.core.tool.ToolOutcome;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The calls of one turn: so many run at a time, each until its own deadline; one that overruns it is interrupted and given up.
 * Driven by the thread that reads the run: {@link #begin} and {@link #next} in turns, until there is nothing more of either.
 * {@link #cancel} may come from any thread.
 */
final class ToolTurn {

    private static final Logger LOG = LoggerFactory.getLogger(ToolTurn.class);

    /**
     * A call that is to be made.
     *
     * @param call what the model wants
     * @param tool the address of the tool; null if there is no such tool
     * @param claim who makes it
     * @param timeout how long it may take, from when it begins
     */
    record Wanted(PromptMessage.ToolCall call, @Nullable ToolAddress tool, CallerClaim claim, Duration timeout) {}

    /**
     * A call that has ended.
     *
     * @param wanted the call
     * @param observation what came of it
     */
    record Done(Wanted wanted, ToolObservation observation) {}

    /** Said by a thread that made a call; of no call if the turn was cancelled. */
    private record Ended(int index, @Nullable ToolObservation observation) {}

    private final List<Wanted> wanted;
    private final int parallel;
    private final Deadline deadline;
    private final ToolThreads threads;
    private final Function<Wanted, ToolObservation> work;
    private final BlockingQueue<Ended> ended = new LinkedBlockingQueue<>();
    private final Queue<Integer> waiting = new ArrayDeque<>();
    private final Map<Integer, Future<?>> running = new ConcurrentHashMap<>();
    private final Map<Integer, Deadline> deadlines = new LinkedHashMap<>();
    private final Map<Integer, Done> done = new TreeMap<>();
    private volatile boolean cancelled;

    /**
     * @param wanted the calls, in the model's order
     * @param parallel how many run at a time
     * @param deadline until when all of them may take
     * @param threads run them
     * @param work makes a call
     */
    ToolTurn(
            List<Wanted> wanted,
            int parallel,
            Deadline deadline,
            ToolThreads threads,
            Function<Wanted, ToolObservation> work) {
        this.wanted = List.copyOf(wanted);
        this.parallel = parallel;
        this.deadline = deadline;
        this.threads = threads;
        this.work = work;
        IntStream.range(0, wanted.size()).forEach(waiting::add);
    }

    /**
     * Begins as many calls as may run.
     *
     * @return those that were begun by this
     * @throws UnavailableException with {@code cancelled} if the run was stopped
     */
    List<Wanted> begin() {
        checkGoingOn();
        List<Wanted> begun = new ArrayList<>();
        while (deadlines.size() < parallel && !waiting.isEmpty()) {
            int index = waiting.remove();
            deadlines.put(index, deadline.within(wanted.get(index).timeout()));
            start(index);
            begun.add(wanted.get(index));
        }
        return begun;
    }

    private void start(int index) {
        Future<?> call;
        try {
            call = threads.submit(() -> ended.add(new Ended(index, made(wanted.get(index)))));
        } catch (UnavailableException e) {
            ended.add(new Ended(index, failed(wanted.get(index), e.code(), e.getMessage(), Duration.ZERO)));
            return;
        }
        running.put(index, call);
        if (cancelled) {
            // by another thread, which may not have seen this one
            call.cancel(true);
        }
    }

    private ToolObservation made(Wanted call) {
        try {
            return work.apply(call);
        } catch (InvokeException e) {
            return failed(call, e.code(), e.getMessage(), Duration.ZERO);
        } catch (RuntimeException | Error e) {
            // the turn would wait for it until its time is up; the message may quote anything
            StackTraceElement[] trace = e.getStackTrace();
            LOG.error(
                    "a call of {} ended by {} at {}",
                    call.tool(),
                    e.getClass().getName(),
                    trace.length == 0 ? "an unknown place" : trace[0]);
            return failed(
                    call,
                    ErrorCode.TOOL_INVOKE_ERROR,
                    "the tool failed (" + e.getClass().getSimpleName() + ")",
                    Duration.ZERO);
        }
    }

    /**
     * Waits for the next of the calls that run to end.
     *
     * @return that call; empty if none runs
     * @throws UnavailableException with {@code cancelled} if the run was stopped meanwhile
     */
    Optional<Done> next() {
        while (!deadlines.isEmpty()) {
            Ended one = await();
            checkGoingOn();
            Optional<Done> result = one == null ? overrun() : taken(one);
            if (result.isPresent()) {
                return result;
            }
        }
        checkGoingOn();
        return Optional.empty();
    }

    private void checkGoingOn() {
        if (cancelled) {
            throw new UnavailableException(ErrorCode.CANCELLED, "the run was stopped while its tools were working");
        }
    }

    private @Nullable Ended await() {
        long nanos = deadlines.values().stream()
                .mapToLong(Deadline::remainingNanos)
                .min()
                .orElse(0);
        try {
            return ended.poll(Math.max(nanos, 1), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            cancel();
            return null;
        }
    }

    private Optional<Done> taken(Ended one) {
        ToolObservation observation = one.observation();
        // one that was given up before may still end
        if (observation == null || deadlines.remove(one.index()) == null) {
            return Optional.empty();
        }
        running.remove(one.index());
        return Optional.of(keep(one.index(), observation));
    }

    private Optional<Done> overrun() {
        Iterator<Map.Entry<Integer, Deadline>> each = deadlines.entrySet().iterator();
        while (each.hasNext()) {
            Map.Entry<Integer, Deadline> one = each.next();
            if (one.getValue().expired()) {
                each.remove();
                return Optional.of(givenUp(one.getKey()));
            }
        }
        return Optional.empty();
    }

    private Done givenUp(int index) {
        Future<?> future = running.remove(index);
        if (future != null) {
            future.cancel(true);
        }
        Wanted call = wanted.get(index);
        String limit = deadline.expired() ? "the run has left" : call.timeout().toMillis() + " ms";
        return keep(
                index,
                failed(
                        call,
                        ErrorCode.DEADLINE_EXCEEDED,
                        "it took longer than " + limit + " and was given up",
                        call.timeout()));
    }

    private static ToolObservation failed(Wanted call, ErrorCode code, String why, Duration time) {
        return new ToolObservation(
                "The call did not succeed: " + why,
                List.of(),
                new ToolOutcome.ExecutionError(
                        code, why, code.retriable(), new ToolInvokeMeta(call.tool(), time, code, 0, 0, List.of())));
    }

    private Done keep(int index, ToolObservation observation) {
        Done result = new Done(wanted.get(index), observation);
        done.put(index, result);
        return result;
    }

    /** The calls that have ended, in the model's order. */
    List<Done> inOrder() {
        return List.copyOf(done.values());
    }

    /** Stops the calls that run and starts no more. */
    void cancel() {
        cancelled = true;
        running.values().forEach(call -> call.cancel(true));
        ended.add(new Ended(-1, null));
    }
}
