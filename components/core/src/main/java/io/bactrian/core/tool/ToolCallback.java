package io.bactrian.core.tool;

import io.bactrian.core.error.InvokeException;
import io.bactrian.core.tenant.RequestId;

/** Learns of each call of a tool that the engine makes. Thread-safe; must not throw. What it need not know it leaves out. */
public interface ToolCallback {

    /** Learns nothing. */
    ToolCallback NONE = new ToolCallback() {};

    /** A call begins. The arguments may hold anything a model came up with: they are for the result, not for logs. */
    default void onToolStart(RequestId call, String tool, ToolRequest request) {}

    /** A message has come. */
    default void onToolExecution(RequestId call, String tool, ToolInvokeMessage message) {}

    /** A call has ended well. */
    default void onToolEnd(RequestId call, String tool, ToolResult result) {}

    /** A call was refused or failed. */
    default void onToolError(RequestId call, String tool, InvokeException error) {}
}
