package io.bactrian.agent;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.UnavailableException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/** The threads that an agent's tools run on, counted: a tool that does not let itself be interrupted holds one for good. */
final class ToolThreads {

    private static final int MOST = 4_096;

    private final ExecutorService threads;
    private final AtomicInteger running;

    /** @param running counts the calls that run; shared by whoever wants to know */
    ToolThreads(ExecutorService threads, AtomicInteger running) {
        this.threads = threads;
        this.running = running;
    }

    /** @throws UnavailableException if too many calls run, or the agent is being stopped */
    Future<?> submit(Runnable call) {
        if (running.get() >= MOST) {
            throw new UnavailableException(
                    ErrorCode.OVERLOADED, "more than " + MOST + " calls of tools are running: some may not end at all");
        }
        try {
            return threads.submit(() -> counted(call));
        } catch (RejectedExecutionException e) {
            throw new UnavailableException(ErrorCode.CANCELLED, "the agent is being stopped");
        }
    }

    private void counted(Runnable call) {
        running.incrementAndGet();
        try {
            call.run();
        } finally {
            running.decrementAndGet();
        }
    }
}
