package io.bactrian.core.tool;

import io.bactrian.core.error.ErrorCode;

/** What came of a call that a model made. */
public sealed interface ToolOutcome {

    /** Time, sizes, and what went wrong. */
    ToolInvokeMeta meta();

    /**
     * It was done.
     *
     * @param result what came of it
     */
    record Success(ToolResult result) implements ToolOutcome {
        @Override
        public ToolInvokeMeta meta() {
            return result.meta();
        }
    }

    /**
     * The arguments were wrong, or there is no such tool: the model may correct itself.
     *
     * @param code the stable code
     * @param message what is wrong and what is accepted
     * @param meta time and sizes
     */
    record ArgumentError(ErrorCode code, String message, ToolInvokeMeta meta) implements ToolOutcome {}

    /**
     * The tool could not do it.
     *
     * @param code the stable code
     * @param message why, safe to show
     * @param retriable whether the same call may succeed later
     * @param meta time and sizes
     */
    record ExecutionError(ErrorCode code, String message, boolean retriable, ToolInvokeMeta meta)
            implements ToolOutcome {}

    /**
     * It may not be done.
     *
     * @param code the stable code
     * @param message why
     * @param meta time and sizes
     */
    record Denied(ErrorCode code, String message, ToolInvokeMeta meta) implements ToolOutcome {}

    /**
     * A person has to approve it first.
     *
     * @param approval what was asked for
     * @param meta time and sizes
     */
    record Pending(Approval approval, ToolInvokeMeta meta) implements ToolOutcome {}
}
