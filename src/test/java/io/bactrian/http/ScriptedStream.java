package io.bactrian.http;

import io.bactrian.core.model.FinishReason;
import io.bactrian.core.model.LlmResultChunk;
import io.bactrian.core.model.ModelStream;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A stream whose pieces come when the test says so. */
final class ScriptedStream implements ModelStream {

    private static final Object END = new Object();

    private final LinkedBlockingQueue<Object> script = new LinkedBlockingQueue<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final AtomicInteger taken = new AtomicInteger();
    private @Nullable Object next;

    ScriptedStream text(String text) {
        script.add(chunk(text, null));
        return this;
    }

    ScriptedStream end() {
        script.add(chunk("", FinishReason.STOP));
        script.add(END);
        return this;
    }

    ScriptedStream fail(RuntimeException failure) {
        script.add(failure);
        return this;
    }

    static LlmResultChunk chunk(String text, @Nullable FinishReason finish) {
        return new LlmResultChunk("chat-1", "scripted", text, "", List.of(), finish, null, null);
    }

    boolean awaitClosed(int seconds) throws InterruptedException {
        return closed.await(seconds, TimeUnit.SECONDS);
    }

    int taken() {
        return taken.get();
    }

    @Override
    public boolean hasNext() {
        if (next != null) {
            return next != END;
        }
        try {
            Object come = script.take();
            if (come instanceof RuntimeException failure) {
                throw failure;
            }
            next = come;
            return come != END;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public LlmResultChunk next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        Object come = next;
        next = null;
        taken.incrementAndGet();
        if (come instanceof LlmResultChunk chunk) {
            return chunk;
        }
        throw new NoSuchElementException();
    }

    @Override
    public void close() {
        closed.countDown();
        script.add(END);
    }
}
