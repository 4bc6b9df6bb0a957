package io.bactrian.core.invoke;

import io.bactrian.core.config.ConfigurationSource;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.error.RefusedException;
import io.bactrian.core.tenant.Caller;
import io.bactrian.core.tenant.Role;
import io.bactrian.core.tenant.UserId;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets members of the tenant through, and then whom the installation's policies let through. */
final class AccessInterceptor implements Interceptor {

    private static final Logger LOG = LoggerFactory.getLogger(AccessInterceptor.class);

    private final ConfigurationSource source;
    private final List<AccessPolicy> policies;

    AccessInterceptor(ConfigurationSource source, List<AccessPolicy> policies) {
        this.source = source;
        this.policies = List.copyOf(policies);
    }

    @Override
    public Phase phase() {
        return Phase.ACCESS;
    }

    @Override
    public InvocationReply intercept(Invocation invocation, Next next) {
        Caller caller = withRole(invocation.caller());
        for (AccessPolicy policy : policies) {
            denialOf(policy, caller, invocation.target()).ifPresent(reason -> {
                throw new RefusedException(ErrorCode.ACCESS_DENIED, reason);
            });
        }
        return next.proceed(caller == invocation.caller() ? invocation : invocation.withCaller(caller));
    }

    /** Looks the role up at each call: one that was taken away no longer counts. */
    private Caller withRole(Caller caller) {
        UserId user = caller.user();
        if (user == null || !source.managesMembers(caller.tenant())) {
            return caller;
        }
        Role role = source.role(caller.tenant(), user)
                .orElseThrow(() -> new RefusedException(
                        ErrorCode.ACCESS_DENIED,
                        "the user is not a member of tenant '" + caller.tenant()
                                + "': add them with ./bactrian member add USER --tenant " + caller.tenant()));
        return caller.withRole(role);
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
