package io.bactrian.core.invoke;

import io.bactrian.core.access.AccessControl;
import io.bactrian.core.access.Permission;
import io.bactrian.core.config.ApiKeyRecord;
import io.bactrian.core.config.ConfigurationSource;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.error.RefusedException;
import io.bactrian.core.provider.ModelType;
import io.bactrian.core.tenant.ApiKeyId;
import io.bactrian.core.tenant.Caller;
import io.bactrian.core.tenant.Role;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tenant.UserId;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets through whose role and whose API key allow the call, and then whom the installation's policies let through. Both are looked
 * up at each call: what was taken away no longer counts, also for calls within calls and for those that wait in a queue. A call of
 * a route's own, with neither user nor key, is the operator's, who wrote the route.
 */
final class AccessInterceptor implements Interceptor {

    private static final Logger LOG = LoggerFactory.getLogger(AccessInterceptor.class);

    private final ConfigurationSource source;
    private final List<AccessPolicy> policies;
    private final Clock clock;

    AccessInterceptor(ConfigurationSource source, List<AccessPolicy> policies, Clock clock) {
        this.source = source;
        this.policies = List.copyOf(policies);
        this.clock = clock;
    }

    @Override
    public Phase phase() {
        return Phase.ACCESS;
    }

    @Override
    public InvocationReply intercept(Invocation invocation, Next next) {
        Caller caller = admitted(invocation.caller(), invocation.target());
        for (AccessPolicy policy : policies) {
            denialOf(policy, caller, invocation.target()).ifPresent(reason -> {
                throw AccessControl.denied(reason);
            });
        }
        return next.proceed(caller == invocation.caller() ? invocation : invocation.withCaller(caller));
    }

    /** The caller with the role that they call by, which holds the call. */
    private Caller admitted(Caller caller, InvocationTarget target) {
        UserId user = caller.user();
        Role role = user == null ? caller.role() : role(caller.tenant(), user, caller.role());
        ApiKeyId key = caller.apiKey();
        if (key != null) {
            role = roleByKey(caller, key, role, target);
        }
        if (role == null) {
            return caller;
        }
        refuse(AccessControl.denial(role, caller.tenant(), permission(target)));
        return role == caller.role() ? caller : caller.withRole(role);
    }

    /** The role of a user now; that which they are said to have where the tenant keeps no list of its members. */
    private @Nullable Role role(TenantId tenant, UserId user, @Nullable Role said) {
        if (!source.managesMembers(tenant)) {
            return said;
        }
        return source.role(tenant, user)
                .orElseThrow(() -> new RefusedException(
                        ErrorCode.ACCESS_DENIED,
                        "the user is not a member of tenant '" + tenant + "': add them with ./bactrian member add USER"
                                + " --tenant " + tenant));
    }

    /** What is left of a role when the call is made with a key. */
    private Role roleByKey(Caller caller, ApiKeyId id, @Nullable Role ofUser, InvocationTarget target) {
        TenantId tenant = caller.tenant();
        ApiKeyRecord key = source.apiKey(tenant, id)
                .filter(found -> found.inForce(clock.instant()))
                .orElseThrow(() -> AccessControl.denied("the API key " + id + " is not in force in tenant '" + tenant
                        + "': it was withdrawn, has expired, or is another tenant's"));
        refuse(outOfScope(key, target));
        Role role = ofUser == null ? key.role() : key.role().lesser(ofUser);
        UserId account = key.user();
        if (account == null || account.equals(caller.user())) {
            return role;
        }
        Role ofAccount = role(tenant, account, null);
        return ofAccount == null ? role : role.lesser(ofAccount);
    }

    private static Optional<String> outOfScope(ApiKeyRecord key, InvocationTarget target) {
        if (target instanceof InvocationTarget.Model model) {
            return AccessControl.denialOfModel(key.scopes(), model.provider(), model.model());
        }
        if (target instanceof InvocationTarget.Tool tool) {
            return AccessControl.denialOfTool(key.scopes(), tool.address());
        }
        throw new IllegalStateException("the tenant phase looks default models and named tools up, not " + target);
    }

    /** What a call of a target takes. */
    static Permission permission(InvocationTarget target) {
        if (target instanceof InvocationTarget.Model model) {
            return permission(model.type());
        }
        return target instanceof InvocationTarget.DefaultModel any ? permission(any.type()) : Permission.TOOL_INVOKE;
    }

    private static Permission permission(ModelType type) {
        return switch (type) {
            case TEXT_EMBEDDING, RERANK -> Permission.MODEL_EMBED;
            case LLM, SPEECH2TEXT, MODERATION, TTS -> Permission.MODEL_INVOKE;
        };
    }

    private static void refuse(Optional<String> denial) {
        if (denial.isPresent()) {
            throw AccessControl.denied(denial.get());
        }
    }

    private static Optional<String> denialOf(AccessPolicy policy, Caller caller, InvocationTarget target) {
        try {
            return policy.denial(caller, target);
        } catch (InvokeException e) {
            throw e;
        } catch (RuntimeException e) {
            // a check that cannot run refuses
            LOG.warn(
                    "access policy {} failed, the call is refused",
                    policy.getClass().getName(),
                    e);
            return Optional.of("an access policy could not be asked");
        }
    }
}
