package io.bactrian.core.tenant;

import org.jspecify.annotations.Nullable;

/**
 * What is known of a caller when a call enters the chain, before the tenant phase has decided who it is.
 *
 * @param endpointTenant the tenant that the endpoint is fixed to, which wins
 * @param tenant the tenant that route code or an authenticating surface named
 * @param user who asks
 * @param app the application the call is for
 * @param role the role that an authenticating surface established; null when it is to be looked up
 * @param source the door the call came in by
 * @param depth how many calls this one is nested in; 0 for a call from outside
 * @param requestId the id of the call
 * @param deadline when the call must be over
 * @param path the agents and tools that the call is nested in
 * @param apiKey the API key that an authenticating surface has recognized; null for none
 */
public record CallerClaim(
        @Nullable TenantId endpointTenant,
        @Nullable TenantId tenant,
        @Nullable UserId user,
        @Nullable AppId app,
        @Nullable Role role,
        InvokeSource source,
        int depth,
        RequestId requestId,
        Deadline deadline,
        CallPath path,
        @Nullable ApiKeyId apiKey) {

    /** @throws IllegalArgumentException if the depth is negative */
    public CallerClaim {
        if (depth < 0) {
            throw new IllegalArgumentException("depth counts from 0");
        }
    }

    /** The claim of a call without an API key. */
    public CallerClaim(
            @Nullable TenantId endpointTenant,
            @Nullable TenantId tenant,
            @Nullable UserId user,
            @Nullable AppId app,
            @Nullable Role role,
            InvokeSource source,
            int depth,
            RequestId requestId,
            Deadline deadline,
            CallPath path) {
        this(endpointTenant, tenant, user, app, role, source, depth, requestId, deadline, path, null);
    }

    /** The claim of a call that no agent and no tool makes. */
    public CallerClaim(
            @Nullable TenantId endpointTenant,
            @Nullable TenantId tenant,
            @Nullable UserId user,
            @Nullable AppId app,
            @Nullable Role role,
            InvokeSource source,
            int depth,
            RequestId requestId,
            Deadline deadline) {
        this(endpointTenant, tenant, user, app, role, source, depth, requestId, deadline, CallPath.NONE);
    }

    /** The claim of a call that names its tenant and nothing else. */
    public static CallerClaim ofTenant(
            @Nullable TenantId tenant, InvokeSource source, RequestId requestId, Deadline deadline) {
        return new CallerClaim(null, tenant, null, null, null, source, 0, requestId, deadline);
    }
}
