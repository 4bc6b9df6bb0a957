package io.bactrian.core.tool;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.error.UnavailableException;
import io.bactrian.core.tenant.RequestId;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/** Tells a callback what is read of a stream, and how it ended, once: well, by an error, or closed before its end. */
final class ToldToolStream implements ToolStream {

    private final ToolStream stream;
    private final ToolCallback callback;
    private final RequestId call;
    private final String tool;
    private final Function<Sizes, ToolInvokeMeta> meta;
    private final ToolResult.Collector collector = new ToolResult.Collector();
    private final AtomicBoolean over = new AtomicBoolean();
    private long characters;
    private long fileBytes;

    /** What has come so far. */
    record Sizes(long characters, long fileBytes) {}

    ToldToolStream(
            ToolStream stream,
            ToolCallback callback,
            RequestId call,
            String tool,
            Function<Sizes, ToolInvokeMeta> meta) {
        this.stream = stream;
        this.callback = callback;
        this.call = call;
        this.tool = tool;
        this.meta = meta;
    }

    @Override
    public boolean hasNext() {
        boolean more;
        try {
            more = stream.hasNext();
        } catch (RuntimeException e) {
            throw failed(e);
        }
        if (!more && over.compareAndSet(false, true)) {
            callback.onToolEnd(call, tool, collector.result(meta.apply(new Sizes(characters, fileBytes))));
        }
        return more;
    }

    @Override
    public ToolInvokeMessage next() {
        ToolInvokeMessage message;
        try {
            message = stream.next();
        } catch (InvokeException e) {
            throw failed(e);
        }
        characters += MessageSizes.characters(message);
        fileBytes += MessageSizes.fileBytes(message);
        collector.add(message);
        callback.onToolExecution(call, tool, message);
        return message;
    }

    private InvokeException failed(RuntimeException thrown) {
        InvokeException error = ToolFailures.safe(thrown, tool);
        if (over.compareAndSet(false, true)) {
            callback.onToolError(call, tool, error);
        }
        return error;
    }

    @Override
    public void close() {
        stream.close();
        if (over.compareAndSet(false, true)) {
            callback.onToolError(
                    call,
                    tool,
                    new UnavailableException(
                            ErrorCode.CANCELLED, "the call of " + tool + " was closed before its end"));
        }
    }
}
