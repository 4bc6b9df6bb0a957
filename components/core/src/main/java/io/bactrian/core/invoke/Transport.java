package io.bactrian.core.invoke;

import org.jspecify.annotations.Nullable;

/** Makes one attempt, at a model or at a tool. */
final class Transport implements Interceptor {

    private final ModelTransport models;
    private final @Nullable ToolTransport tools;

    Transport(ModelTransport models, @Nullable ToolTransport tools) {
        this.models = models;
        this.tools = tools;
    }

    @Override
    public Phase phase() {
        return Phase.TRANSPORT;
    }

    @Override
    public InvocationReply intercept(Invocation invocation, Next next) {
        return tools != null && invocation.target() instanceof InvocationTarget.Tool
                ? tools.send(invocation)
                : models.send(invocation);
    }
}
