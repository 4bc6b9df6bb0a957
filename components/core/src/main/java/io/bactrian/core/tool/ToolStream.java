package io.bactrian.core.tool;

import io.bactrian.core.invoke.AnswerStream;
import java.util.List;

/**
 * What comes of a tool, message by message. {@link #hasNext} waits for the next one and does the work, if the tool is lazy.
 * Read by one thread; {@link #close} may come from any. Ends as a {@link io.bactrian.core.model.ModelStream} does.
 */
public interface ToolStream extends AnswerStream<ToolInvokeMessage> {

    /** Stops the tool, if it is not done yet. Any number of times, by any thread. */
    @Override
    void close();

    /** Whether the tool is done and all its messages are there: reading them neither waits nor fails. */
    default boolean isComplete() {
        return false;
    }

    /** Messages that are there already. */
    static ToolStream of(List<? extends ToolInvokeMessage> messages) {
        return new ReadyToolStream(List.copyOf(messages));
    }

    /** One or a few messages. */
    static ToolStream of(ToolInvokeMessage... messages) {
        return of(List.of(messages));
    }

    /** One text. */
    static ToolStream ofText(String text) {
        return of(new ToolInvokeMessage.Text(text));
    }
}
