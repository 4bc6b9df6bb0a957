package io.bactrian.core.tool;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.error.InvokeTimeoutException;
import io.bactrian.core.error.ProtocolException;
import io.bactrian.core.tenant.Deadline;
import java.util.NoSuchElementException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What comes of a tool, bounded and made safe to read. */
final class GuardedToolStream implements ToolStream {

    private static final Logger LOG = LoggerFactory.getLogger(GuardedToolStream.class);

    private final Tool tool;
    private final ToolStream stream;
    private final ToolFileMessageTransformer.Call transformer;
    private final ToolLimits limits;
    private final Deadline deadline;
    private int messages;
    private long characters;
    private volatile boolean closed;
    private boolean over;
    private @Nullable ToolInvokeMessage next;

    GuardedToolStream(
            Tool tool,
            ToolStream stream,
            ToolFileMessageTransformer.Call transformer,
            ToolLimits limits,
            Deadline deadline) {
        this.tool = tool;
        this.stream = stream;
        this.transformer = transformer;
        this.limits = limits;
        this.deadline = deadline;
    }

    @Override
    public boolean hasNext() {
        if (closed || over) {
            return false;
        }
        if (next != null) {
            return true;
        }
        try {
            next = following();
        } catch (RuntimeException | StackOverflowError | LinkageError e) {
            if (closed && !Thread.currentThread().isInterrupted()) {
                // cut off by whoever closed it, who wants no more of it
                return false;
            }
            over = true;
            throw ended(e);
        }
        over = next == null;
        return !over;
    }

    private InvokeException ended(Throwable thrown) {
        InvokeException error = ToolFailures.safe(thrown, tool.address().toString());
        closeQuietly();
        return error;
    }

    /** What came of the tool is as good as it was: that it cannot let go of something is for the log. */
    private void closeQuietly() {
        try {
            stream.close();
        } catch (RuntimeException e) {
            LOG.warn("the stream of tool {} could not be closed", tool.address(), Unquoted.of(e));
        }
    }

    private @Nullable ToolInvokeMessage following() {
        while (stream.hasNext()) {
            ToolInvokeMessage message = stream.next();
            check(message);
            ToolInvokeMessage transformed = transformer.transform(message);
            if (transformed != null) {
                return transformed;
            }
        }
        if (!closed) {
            transformer.end();
        }
        return null;
    }

    private void check(ToolInvokeMessage message) {
        messages++;
        characters += MessageSizes.characters(message);
        if (messages > limits.mostMessages() || characters > limits.mostCharacters()) {
            throw new ProtocolException(
                    ErrorCode.RESPONSE_TOO_LARGE,
                    "the tool " + tool.address() + " brings more than " + limits.mostMessages() + " messages or "
                            + limits.mostCharacters() + " characters");
        }
        // a tool that gave all its messages at once was done when it gave the first
        if ((messages == 1 || !(stream instanceof ReadyToolStream)) && deadline.expired()) {
            throw new InvokeTimeoutException(
                    ErrorCode.DEADLINE_EXCEEDED,
                    "the call's time was up before the tool " + tool.address() + " was done");
        }
    }

    @Override
    public ToolInvokeMessage next() {
        if (!hasNext()) {
            throw new NoSuchElementException("the tool has no more messages");
        }
        ToolInvokeMessage message = next;
        next = null;
        return Objects.requireNonNull(message);
    }

    @Override
    public void close() {
        closed = true;
        closeQuietly();
    }
}
