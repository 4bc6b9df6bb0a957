package io.bactrian.core.invoke;

import io.bactrian.core.error.InvokeException;
import io.bactrian.core.tool.ToolInvokeMessage;
import io.bactrian.core.tool.ToolRequest;
import io.bactrian.core.tool.ToolStream;

/** Calls tools again that say of themselves that they may be, as long as nothing of theirs has been handed on. */
final class ToolRetries {

    private final RetryPolicy policy;
    private final Pauses pauses;

    ToolRetries(RetryPolicy policy, Pauses pauses) {
        this.policy = policy;
        this.pauses = pauses;
    }

    InvocationReply intercept(Invocation invocation, Interceptor.Next next) {
        boolean retriable = invocation.request() instanceof ToolRequest request
                && request.resolved() != null
                && request.resolved().tool().entity().retriable();
        if (!retriable) {
            return next.proceed(invocation);
        }
        for (int again = 0; ; again++) {
            try {
                return begun((ToolStream) next.proceed(invocation));
            } catch (InvokeException e) {
                pauses.pause(policy.pauseForTool(e, again, invocation.caller().deadline())
                        .orElseThrow(() -> e));
            }
        }
    }

    /** The tool's messages once the first of them is there: before that it can still be called again. */
    private static ToolStream begun(ToolStream stream) {
        boolean begun = false;
        try {
            boolean any = stream.hasNext();
            begun = true;
            return any ? stream : new Ended(stream);
        } finally {
            if (!begun) {
                stream.close();
            }
        }
    }

    /** A stream that was found empty is not asked again. */
    private record Ended(ToolStream stream) implements ToolStream {

        @Override
        public boolean hasNext() {
            return false;
        }

        @Override
        public ToolInvokeMessage next() {
            return stream.next();
        }

        @Override
        public void close() {
            stream.close();
        }
    }
}
