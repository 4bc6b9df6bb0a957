package io.bactrian.agent;

import io.bactrian.core.error.InvokeException;
import io.bactrian.core.tenant.RequestId;
import io.bactrian.core.tool.ToolCallback;
import io.bactrian.core.tool.ToolInvokeMessage;
import io.bactrian.core.tool.ToolRequest;
import io.bactrian.core.tool.ToolResult;
import java.util.List;

/**
 * Tells several callbacks.
 *
 * @param all the callbacks
 */
record ToldToAll(List<ToolCallback> all) implements ToolCallback {

    @Override
    public void onToolStart(RequestId call, String tool, ToolRequest request) {
        all.forEach(one -> one.onToolStart(call, tool, request));
    }

    @Override
    public void onToolExecution(RequestId call, String tool, ToolInvokeMessage message) {
        all.forEach(one -> one.onToolExecution(call, tool, message));
    }

    @Override
    public void onToolEnd(RequestId call, String tool, ToolResult result) {
        all.forEach(one -> one.onToolEnd(call, tool, result));
    }

    @Override
    public void onToolError(RequestId call, String tool, InvokeException error) {
        all.forEach(one -> one.onToolError(call, tool, error));
    }
}
