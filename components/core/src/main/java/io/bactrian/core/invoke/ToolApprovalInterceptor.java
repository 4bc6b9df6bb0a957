package io.bactrian.core.invoke;

import io.bactrian.core.error.ApprovalRequiredException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.RefusedException;
import io.bactrian.core.json.JsonCodec;
import io.bactrian.core.json.JsonObject;
import io.bactrian.core.tenant.Caller;
import io.bactrian.core.tool.Approval;
import io.bactrian.core.tool.ApprovalStore;
import io.bactrian.core.tool.Tool;
import io.bactrian.core.tool.ToolApproval;
import io.bactrian.core.tool.ToolInvokeFrom;
import io.bactrian.core.tool.ToolParameter;
import io.bactrian.core.tool.ToolPolicy;
import io.bactrian.core.tool.ToolRequest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds calls that a person has to approve. A call that a model or a plugin makes waits where the tool, a policy or the agent
 * says so; a route's own call does not, since whoever wrote the route has decided. What is denied is denied to all.
 */
final class ToolApprovalInterceptor implements Interceptor {

    private static final Logger LOG = LoggerFactory.getLogger(ToolApprovalInterceptor.class);

    private final List<ToolPolicy> policies;
    private final ApprovalStore approvals;
    private final Duration expiry;
    private final JsonCodec json;
    private final Supplier<String> ids;
    private final Clock clock;

    ToolApprovalInterceptor(
            List<ToolPolicy> policies,
            ApprovalStore approvals,
            Duration expiry,
            JsonCodec json,
            Supplier<String> ids,
            Clock clock) {
        this.policies = List.copyOf(policies);
        this.approvals = approvals;
        this.expiry = expiry;
        this.json = json;
        this.ids = ids;
        this.clock = clock;
    }

    @Override
    public Phase phase() {
        return Phase.ACCESS;
    }

    @Override
    public InvocationReply intercept(Invocation invocation, Next next) {
        if (!(invocation.request() instanceof ToolRequest request) || request.resolved() == null) {
            return next.proceed(invocation);
        }
        Tool tool = request.resolved().tool();
        ToolApproval needed = needed(invocation.caller(), tool, request);
        if (needed == ToolApproval.DENY) {
            throw new RefusedException(ErrorCode.TOOL_DENIED, "the tool " + tool.address() + " may not be called here");
        }
        if (needed == ToolApproval.ASK && request.invokeFrom() != ToolInvokeFrom.WORKFLOW) {
            useApproval(invocation.caller(), tool, request.resolved());
        }
        return next.proceed(invocation);
    }

    private ToolApproval needed(Caller caller, Tool tool, ToolRequest request) {
        ToolApproval needed = tool.entity().approval().stricter(request.approval());
        for (ToolPolicy policy : policies) {
            needed = needed.stricter(asked(policy, caller, tool));
        }
        return needed;
    }

    private static ToolApproval asked(ToolPolicy policy, Caller caller, Tool tool) {
        try {
            return policy.approval(caller, tool);
        } catch (RuntimeException e) {
            // a check that cannot run refuses
            LOG.warn("tool policy {} failed, {} is denied", policy.getClass().getName(), tool.address(), e);
            return ToolApproval.DENY;
        }
    }

    private void useApproval(Caller caller, Tool tool, ToolRequest.Resolved resolved) {
        Instant now = clock.instant();
        Approval approval = requested(caller, tool, resolved, now);
        if (approval.status() == Approval.Status.APPROVED && !approvals.use(caller.tenant(), approval.id(), now)) {
            // another call was quicker, and one approval is for one call: a person is asked for this one
            approval = requested(caller, tool, resolved, now);
            if (approval.status() == Approval.Status.APPROVED) {
                throw pending(approval, tool);
            }
        }
        switch (approval.status()) {
            case PENDING, USED -> throw pending(approval, tool);
            case DENIED ->
                throw new RefusedException(
                        ErrorCode.TOOL_DENIED, "this call of " + tool.address() + " was denied by a person");
            case APPROVED -> LOG.debug("approval {} is used for {}", approval.id(), tool.address());
        }
    }

    private Approval requested(Caller caller, Tool tool, ToolRequest.Resolved resolved, Instant now) {
        return approvals.request(new Approval(
                ids.get(),
                caller.tenant(),
                caller.user(),
                caller.app(),
                tool.address().toString(),
                json.write(inOrder(tool, resolved.bound().arguments().values())),
                caller.requestId().value(),
                Approval.Status.PENDING,
                now,
                now.plus(expiry),
                null,
                null));
    }

    /** As the tool declares them: a model that asks again in another order asks the same. */
    private static JsonObject inOrder(Tool tool, JsonObject arguments) {
        JsonObject.Builder ordered = JsonObject.builder(arguments.members().size());
        for (ToolParameter declared : tool.entity().parameters()) {
            arguments.find(declared.name()).ifPresent(value -> ordered.put(declared.name(), value));
        }
        return ordered.build();
    }

    private static ApprovalRequiredException pending(Approval approval, Tool tool) {
        return new ApprovalRequiredException(
                approval.id(),
                "a person has to approve this call of " + tool.address() + ": ./bactrian approval approve "
                        + approval.id() + " --tenant " + approval.tenant() + ", before " + approval.expiresAt());
    }
}
