package io.bactrian.core.invoke;

import io.bactrian.core.access.Denials;
import io.bactrian.core.config.AuditEvent;
import io.bactrian.core.config.AuditLog;
import io.bactrian.core.config.Audited;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.tenant.ApiKeyId;
import io.bactrian.core.tenant.AppId;
import io.bactrian.core.tenant.Caller;
import io.bactrian.core.tenant.CallerClaim;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tenant.UserId;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

/**
 * Takes denied calls down: those denied by the phase that it stands at, and by all after it. Where a call enters again for a
 * fallback, what is denied of that is taken down too, though the call may be answered by another.
 */
final class DenialInterceptor implements Interceptor {

    private final Phase phase;
    private final AuditLog audit;
    private final Clock clock;

    DenialInterceptor(Phase phase, AuditLog audit, Clock clock) {
        this.phase = phase;
        this.audit = audit;
        this.clock = clock;
    }

    @Override
    public Phase phase() {
        return phase;
    }

    @Override
    public InvocationReply intercept(Invocation invocation, Next next) {
        try {
            return next.proceed(invocation);
        } catch (InvokeException e) {
            if (Denials.include(e.code()) && invocation.trace().denied(e)) {
                Audited.note(audit, event(invocation, e));
            }
            throw e;
        }
    }

    private AuditEvent event(Invocation invocation, InvokeException denial) {
        InvocationTarget target = invocation.target();
        return new AuditEvent(
                clock.instant(),
                tenant(invocation),
                actor(invocation.claim()),
                AccessInterceptor.permission(target).text(),
                target.toString(),
                denial.code().text());
    }

    /** Whose call it was to be, if that was not settled. */
    private static @Nullable TenantId tenant(Invocation invocation) {
        Caller settled = invocation.callerOrNull();
        CallerClaim claim = invocation.claim();
        if (settled != null) {
            return settled.tenant();
        }
        return claim.tenant() == null ? claim.endpointTenant() : claim.tenant();
    }

    private static String actor(CallerClaim claim) {
        UserId user = claim.user();
        ApiKeyId key = claim.apiKey();
        if (user != null) {
            return key == null ? user.value() : user.value() + " (apikey:" + key.value() + ")";
        }
        if (key != null) {
            return "apikey:" + key.value();
        }
        AppId app = claim.app();
        return app == null ? "route" : "route:" + app.value();
    }
}
