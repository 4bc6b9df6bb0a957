package io.bactrian.core.invoke;

import io.bactrian.core.json.JsonCodec;
import io.bactrian.core.tool.ApprovalStore;
import io.bactrian.core.tool.ToolCredentialRenewal;
import io.bactrian.core.tool.ToolCredentialSource;
import io.bactrian.core.tool.ToolFileMessageTransformer;
import io.bactrian.core.tool.ToolLimits;
import io.bactrian.core.tool.ToolManager;
import io.bactrian.core.tool.ToolPolicy;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a chain needs to call tools.
 *
 * @param manager finds them
 * @param credentials the tenants' credentials for their providers
 * @param renewal renews OAuth 2 tokens; null where there are none
 * @param policies which tools a person has to approve
 * @param approvals keeps what a person has to approve
 * @param approvalExpiry how long an approval can be given and used
 * @param transformer makes stored files of bytes
 * @param limits what tools may do at most
 * @param json writes arguments for the person who approves
 * @param approvalIds makes ids for approvals
 * @param clock the clock of the installation
 */
public record ToolParts(
        ToolManager manager,
        ToolCredentialSource credentials,
        @Nullable ToolCredentialRenewal renewal,
        List<ToolPolicy> policies,
        ApprovalStore approvals,
        Duration approvalExpiry,
        ToolFileMessageTransformer transformer,
        ToolLimits limits,
        JsonCodec json,
        Supplier<String> approvalIds,
        Clock clock) {

    /** Copies the list. */
    public ToolParts {
        policies = List.copyOf(policies);
    }

    ToolCredentialResolver credentialResolver() {
        return new ToolCredentialResolver(manager, credentials, renewal, clock);
    }

    ToolApprovalInterceptor approvalInterceptor() {
        return new ToolApprovalInterceptor(policies, approvals, approvalExpiry, json, approvalIds, clock);
    }
}
