package io.bactrian.core.tool;

/**
 * What a tool does. Thread-safe; one instance serves all calls, and keeps nothing of them. Blocking and plain: it watches the
 * deadline of its caller, and ends when its thread is interrupted.
 */
@FunctionalInterface
public interface ToolFunction {

    /**
     * Does it.
     *
     * @param arguments checked and coerced: every declared parameter that has a value, and nothing else
     * @param runtime who calls, with what
     * @return what comes of it; whoever gets the stream closes it
     * @throws io.bactrian.core.error.InvokeException whose message is safe to show to a model: {@link ToolErrors} makes the
     *     usual ones. Anything else that is thrown is told by its class alone
     */
    ToolStream invoke(ToolArguments arguments, ToolRuntime runtime);
}
