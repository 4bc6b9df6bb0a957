package io.bactrian.core.tenant;

import org.jspecify.annotations.Nullable;

/**
 * Who makes a call and on whose account, as settled by the tenant phase.
 *
 * @param tenant who pays
 * @param user who asks; null when the route itself does
 * @param app the application the call is for; null when nobody named one
 * @param role the user's role in the tenant; null without a user, or until the access phase has looked it up
 * @param source the door the call came in by
 * @param depth how many calls this one is nested in; 0 for a call from outside
 * @param requestId the id of the call
 * @param deadline when the call must be over
 */
public record Caller(
        TenantId tenant,
        @Nullable UserId user,
        @Nullable AppId app,
        @Nullable Role role,
        InvokeSource source,
        int depth,
        RequestId requestId,
        Deadline deadline) {

    /** The same caller with the role that was looked up. */
    public Caller withRole(@Nullable Role found) {
        return new Caller(tenant, user, app, found, source, depth, requestId, deadline);
    }
}
