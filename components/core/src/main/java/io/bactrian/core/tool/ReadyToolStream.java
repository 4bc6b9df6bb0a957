package io.bactrian.core.tool;

import io.bactrian.core.tenant.Deadline;
import java.util.List;
import java.util.NoSuchElementException;

/** Messages that are all there: whoever reads them waits for nothing, and reading them does not fail. Not thread-safe. */
final class ReadyToolStream implements ToolStream {

    private final List<? extends ToolInvokeMessage> messages;
    private int next;
    private boolean timed;
    private long doneAt;

    /** @param messages the messages; not to be changed any more */
    ReadyToolStream(List<? extends ToolInvokeMessage> messages) {
        this.messages = messages;
    }

    /** The messages, those included that were read. */
    List<? extends ToolInvokeMessage> messages() {
        return messages;
    }

    /** Notes what the clock of the call's deadline said when they all were there. */
    void doneAt(long nanoTime) {
        timed = true;
        doneAt = nanoTime;
    }

    /** What the clock of the call's deadline said when they all were there, or says now if nobody has noted it. */
    long doneAt(Deadline deadline) {
        return timed ? doneAt : deadline.nanoTime();
    }

    @Override
    public boolean isComplete() {
        return true;
    }

    @Override
    public boolean hasNext() {
        return next < messages.size();
    }

    @Override
    public ToolInvokeMessage next() {
        int at = next;
        if (at >= messages.size()) {
            throw new NoSuchElementException("the tool has no more messages");
        }
        next = at + 1;
        return messages.get(at);
    }

    @Override
    public void close() {
        next = messages.size();
    }
}
