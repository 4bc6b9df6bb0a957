package io.bactrian.core.tool;

import io.bactrian.core.error.InvokeException;
import io.bactrian.core.tenant.RequestId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells a callback, and goes on if it throws: a call does not fail because somebody who looks on does.
 *
 * @param callback who is told
 */
record GuardedCallback(ToolCallback callback) implements ToolCallback {

    private static final Logger LOG = LoggerFactory.getLogger(GuardedCallback.class);

    static ToolCallback of(ToolCallback callback) {
        return callback == NONE || callback instanceof GuardedCallback ? callback : new GuardedCallback(callback);
    }

    @Override
    public void onToolStart(RequestId call, String tool, ToolRequest request) {
        guarded(() -> callback.onToolStart(call, tool, request));
    }

    @Override
    public void onToolExecution(RequestId call, String tool, ToolInvokeMessage message) {
        guarded(() -> callback.onToolExecution(call, tool, message));
    }

    @Override
    public void onToolEnd(RequestId call, String tool, ToolResult result) {
        guarded(() -> callback.onToolEnd(call, tool, result));
    }

    @Override
    public void onToolError(RequestId call, String tool, InvokeException error) {
        guarded(() -> callback.onToolError(call, tool, error));
    }

    private void guarded(Runnable telling) {
        try {
            telling.run();
        } catch (RuntimeException e) {
            LOG.warn("tool callback {} failed", callback.getClass().getName(), Unquoted.of(e));
        }
    }
}
