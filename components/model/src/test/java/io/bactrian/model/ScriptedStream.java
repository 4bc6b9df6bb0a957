package io.bactrian.model;

import io.bactrian.core.error.InvokeException;
import io.bactrian.core.model.LlmResultChunk;
import io.bactrian.core.model.ModelStream;
import java.util.NoSuchElementException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** A stream whose pieces come when the test puts them in. */
final class ScriptedStream implements ModelStream {

    private static final Object OVER = new Object();

    final AtomicInteger closes = new AtomicInteger();
    final AtomicInteger read = new AtomicInteger();
    private final BlockingQueue<Object> pieces = new LinkedBlockingQueue<>();
    private LlmResultChunk next;
    private boolean over;

    /** A stream that has all its pieces already. */
    static ScriptedStream of(String... texts) {
        ScriptedStream stream = new ScriptedStream();
        for (String text : texts) {
            stream.put(text);
        }
        stream.finish();
        return stream;
    }

    void put(String text) {
        pieces.add(ScriptedDialect.chunk(text));
    }

    void finish() {
        pieces.add(ScriptedDialect.end());
        pieces.add(OVER);
    }

    void fail(InvokeException error) {
        pieces.add(error);
    }

    boolean closed() {
        return closes.get() > 0;
    }

    @Override
    public boolean hasNext() {
        if (next != null) {
            return true;
        }
        if (over) {
            return false;
        }
        Object piece;
        try {
            piece = pieces.take();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        if (piece instanceof InvokeException error) {
            over = true;
            throw error;
        }
        if (piece == OVER) {
            over = true;
            return false;
        }
        next = (LlmResultChunk) piece;
        return true;
    }

    @Override
    public LlmResultChunk next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        LlmResultChunk piece = next;
        next = null;
        read.incrementAndGet();
        return piece;
    }

    @Override
    public void close() {
        closes.incrementAndGet();
        pieces.clear();
        pieces.add(OVER);
    }
}
