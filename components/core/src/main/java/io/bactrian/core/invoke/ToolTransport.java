package io.bactrian.core.invoke;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeTimeoutException;
import io.bactrian.core.tenant.Caller;
import io.bactrian.core.tool.Tool;
import io.bactrian.core.tool.ToolFileMessageTransformer;
import io.bactrian.core.tool.ToolInvokeFrom;
import io.bactrian.core.tool.ToolLimits;
import io.bactrian.core.tool.ToolProviderType;
import io.bactrian.core.tool.ToolRequest;
import io.bactrian.core.tool.ToolRuntime;
import java.time.Duration;

/** Makes one attempt at a tool: forks it with the caller and the chosen credential, and has it do its work. */
final class ToolTransport {

    private final ToolFileMessageTransformer transformer;
    private final ToolLimits limits;

    ToolTransport(ToolFileMessageTransformer transformer, ToolLimits limits) {
        this.transformer = transformer;
        this.limits = limits;
    }

    InvocationReply send(Invocation invocation) {
        if (!(invocation.request() instanceof ToolRequest request) || request.resolved() == null) {
            throw new IllegalStateException("the tenant phase finds tools and checks their arguments");
        }
        Tool tool = request.resolved().tool();
        Caller caller = spending(limited(invocation.caller(), timeout(tool)), tool, invocation);
        Candidate candidate = invocation.resolution().candidate(invocation.candidate());
        ToolRuntime runtime = new ToolRuntime(
                caller,
                request.invokeFrom(),
                candidate.credentials,
                candidate.toolCredentialType,
                request.formValues());
        invocation.trace().attempt();
        return transformer.invoke(
                tool.forkToolRuntime(runtime), request.resolved().bound().arguments(), limits);
    }

    /** A route that calls a builtin tool knows what that calls; all others are told what the tool's own calls have cost. */
    private static Caller spending(Caller caller, Tool tool, Invocation invocation) {
        boolean untold = tool.toolProviderType() == ToolProviderType.BUILTIN
                && ((ToolRequest) invocation.request()).invokeFrom() == ToolInvokeFrom.WORKFLOW;
        return untold
                ? caller
                : caller.spending(
                        invocation.trace().spendingWithin(caller.path().spending()));
    }

    private static Caller limited(Caller caller, Duration timeout) {
        long left = caller.deadline().remainingNanos();
        if (left == 0) {
            throw new InvokeTimeoutException(
                    ErrorCode.DEADLINE_EXCEEDED, "the call's time was up before the tool was called");
        }
        return caller.within(timeout, left);
    }

    private Duration timeout(Tool tool) {
        Duration own = tool.entity().timeout();
        return own == null ? limits.timeout() : own;
    }
}
