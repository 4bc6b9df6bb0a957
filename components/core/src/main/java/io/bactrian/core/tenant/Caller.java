package io.bactrian.core.tenant;

import java.time.Duration;
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
 * @param path the agents and tools that the call is nested in
 * @param apiKey the API key that the call was made with; null for none
 */
public record Caller(
        TenantId tenant,
        @Nullable UserId user,
        @Nullable AppId app,
        @Nullable Role role,
        InvokeSource source,
        int depth,
        RequestId requestId,
        Deadline deadline,
        CallPath path,
        @Nullable ApiKeyId apiKey) {

    /** A caller without an API key. */
    public Caller(
            TenantId tenant,
            @Nullable UserId user,
            @Nullable AppId app,
            @Nullable Role role,
            InvokeSource source,
            int depth,
            RequestId requestId,
            Deadline deadline,
            CallPath path) {
        this(tenant, user, app, role, source, depth, requestId, deadline, path, null);
    }

    /** A caller that is no agent and no tool. */
    public Caller(
            TenantId tenant,
            @Nullable UserId user,
            @Nullable AppId app,
            @Nullable Role role,
            InvokeSource source,
            int depth,
            RequestId requestId,
            Deadline deadline) {
        this(tenant, user, app, role, source, depth, requestId, deadline, CallPath.NONE);
    }

    /** The same caller with the role that was looked up. */
    public Caller withRole(@Nullable Role found) {
        return new Caller(tenant, user, app, found, source, depth, requestId, deadline, path, apiKey);
    }

    /** The same caller in a call that must be over sooner. */
    public Caller within(Duration limit) {
        return by(deadline.within(limit));
    }

    /**
     * The same caller in a call that must be over sooner.
     *
     * @param remainingNanos what is left to it, as {@link Deadline#remainingNanos} has said
     */
    public Caller within(Duration limit, long remainingNanos) {
        return by(deadline.within(limit, remainingNanos));
    }

    /** The same caller, whose nested calls are added up elsewhere. */
    public Caller spending(Spending spending) {
        return new Caller(tenant, user, app, role, source, depth, requestId, deadline, path.spending(spending), apiKey);
    }

    private Caller by(Deadline sooner) {
        return sooner == deadline
                ? this
                : new Caller(tenant, user, app, role, source, depth, requestId, sooner, path, apiKey);
    }

    /**
     * The claim of a call that an agent or a tool makes on this caller's behalf: the same tenant, user, app, API key and
     * deadline, one level deeper.
     *
     * @param step the agent or tool
     * @param id the id of the nested call
     */
    public CallerClaim nested(String step, RequestId id) {
        return new CallerClaim(
                null, tenant, user, app, null, InvokeSource.NESTED, depth + 1, id, deadline, path.enter(step), apiKey);
    }
}
