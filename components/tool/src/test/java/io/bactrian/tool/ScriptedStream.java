package io.bactrian.tool;

import io.bactrian.core.error.InvokeException;
import io.bactrian.core.tool.ToolInvokeMessage;
import io.bactrian.core.tool.ToolStream;
import java.util.NoSuchElementException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** A stream whose messages come when the test puts them in. */
final class ScriptedStream implements ToolStream {

    private static final Object OVER = new Object();

    final AtomicInteger closes = new AtomicInteger();
    final AtomicInteger read = new AtomicInteger();
    private final BlockingQueue<Object> messages = new LinkedBlockingQueue<>();
    private ToolInvokeMessage next;
    private boolean over;

    /** A stream that has all its messages already. */
    static ScriptedStream of(String... texts) {
        ScriptedStream stream = new ScriptedStream();
        for (String text : texts) {
            stream.put(text);
        }
        stream.finish();
        return stream;
    }

    void put(String text) {
        messages.add(new ToolInvokeMessage.Text(text));
    }

    void finish() {
        messages.add(OVER);
    }

    void fail(InvokeException error) {
        messages.add(error);
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
        Object message;
        try {
            message = messages.take();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        if (message instanceof InvokeException error) {
            over = true;
            throw error;
        }
        if (message == OVER) {
            over = true;
            return false;
        }
        next = (ToolInvokeMessage) message;
        return true;
    }

    @Override
    public ToolInvokeMessage next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        ToolInvokeMessage message = next;
        next = null;
        read.incrementAndGet();
        return message;
    }

    @Override
    public void close() {
        closes.incrementAndGet();
        messages.clear();
        messages.add(OVER);
    }
}
