package io.bactrian.core.invoke;

import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tool.ToolAddress;
import io.bactrian.core.tool.ToolManager;
import io.bactrian.core.tool.ToolProviderController;
import io.bactrian.core.tool.ToolRequest;

/** Finds the tenant's tool that a call names, and checks its arguments, before anybody is asked whether it may be made. */
final class ToolInterceptor implements Interceptor {

    private final ToolManager tools;

    ToolInterceptor(ToolManager tools) {
        this.tools = tools;
    }

    @Override
    public Phase phase() {
        return Phase.TENANT;
    }

    @Override
    public InvocationReply intercept(Invocation invocation, Next next) {
        TenantId tenant = invocation.caller().tenant();
        if (invocation.target() instanceof InvocationTarget.Tool target) {
            return next.proceed(found(invocation, target.address()));
        }
        if (invocation.target() instanceof InvocationTarget.NamedTool named) {
            ToolAddress address = tools.named(tenant, named.name());
            return next.proceed(
                    found(invocation.withTarget(new InvocationTarget.Tool(address, named.credential())), address));
        }
        return next.proceed(invocation);
    }

    private Invocation found(Invocation invocation, ToolAddress address) {
        if (!(invocation.request() instanceof ToolRequest request)) {
            throw new IllegalStateException("a tool is asked a ToolRequest");
        }
        ToolProviderController provider = tools.provider(invocation.caller().tenant(), address);
        return invocation.withRequest(request.resolvedTo(ToolManager.toolOf(provider, address), provider.entity()));
    }
}
