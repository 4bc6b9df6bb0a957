package io.bactrian.core.tool;

import java.util.Iterator;

/**
 * Messages that are all there: whoever reads them waits for nothing, so nothing has to be asked between two of them.
 *
 * @param messages the messages that are left
 */
record ReadyToolStream(Iterator<? extends ToolInvokeMessage> messages) implements ToolStream {

    @Override
    public boolean hasNext() {
        return messages.hasNext();
    }

    @Override
    public ToolInvokeMessage next() {
        return messages.next();
    }

    @Override
    public void close() {
        // nothing is held
    }
}
