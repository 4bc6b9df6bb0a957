package io.bactrian.core.invoke;

import io.bactrian.core.config.ConfigurationSource;
import io.bactrian.core.config.TenantRecord;
import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.MisconfiguredException;
import io.bactrian.core.error.RefusedException;
import io.bactrian.core.tenant.CallPath;
import io.bactrian.core.tenant.Caller;
import io.bactrian.core.tenant.CallerClaim;
import io.bactrian.core.tenant.InvokeSource;
import io.bactrian.core.tenant.TenantId;
import org.jspecify.annotations.Nullable;

/** Settles whose call it is: the endpoint's tenant, else the exchange's, else the default; with none, refused. */
final class TenantInterceptor implements Interceptor {

    /** How deep calls may be nested unless an installation says otherwise. */
    static final int DEEPEST = 16;

    private final ConfigurationSource source;
    private final @Nullable TenantId defaultTenant;
    private final int deepest;

    TenantInterceptor(ConfigurationSource source, @Nullable TenantId defaultTenant, int deepest) {
        this.source = source;
        this.defaultTenant = defaultTenant;
        this.deepest = deepest;
    }

    @Override
    public Phase phase() {
        return Phase.TENANT;
    }

    @Override
    public InvocationReply intercept(Invocation invocation, Next next) {
        return next.proceed(invocation.withCaller(settle(invocation.claim())));
    }

    /** Who a claim's call is by. */
    Caller settle(CallerClaim claim) {
        if (claim.depth() > deepest) {
            throw tooDeep(claim.path());
        }
        TenantId tenant = tenantOf(claim);
        checkServed(tenant);
        return new Caller(
                tenant,
                claim.user(),
                claim.app(),
                claim.role(),
                claim.source(),
                claim.depth(),
                claim.requestId(),
                claim.deadline(),
                claim.path(),
                claim.apiKey());
    }

    private BadRequestException tooDeep(CallPath path) {
        String where = path.circle()
                .map(step -> ": they go round in a circle at " + step + " (" + path + ")")
                .orElse(path.steps().isEmpty() ? ": do they form a circle?" : " (" + path + ")");
        return new BadRequestException(
                ErrorCode.DEPTH_EXCEEDED, "calls are nested more than " + deepest + " deep" + where);
    }

    private TenantId tenantOf(CallerClaim claim) {
        TenantId fixed = claim.endpointTenant();
        if (fixed == null) {
            TenantId named = claim.tenant() == null ? defaultTenant : claim.tenant();
            if (named == null) {
                throw new MisconfiguredException(
                        ErrorCode.TENANT_REQUIRED,
                        "no tenant: set the endpoint option tenant=, the exchange property BactrianTenant, or bactrian.tenant.default");
            }
            return named;
        }
        // an endpoint's options may come from a message (toD): they never move an authenticated caller elsewhere
        boolean settled = claim.source() == InvokeSource.HTTP || claim.source() == InvokeSource.NESTED;
        if (settled && claim.tenant() != null && !fixed.equals(claim.tenant())) {
            throw new RefusedException(
                    ErrorCode.ACCESS_DENIED, "the endpoint option tenant= names another tenant than the caller's");
        }
        return fixed;
    }

    private void checkServed(TenantId tenant) {
        TenantRecord record = source.tenant(tenant)
                .orElseThrow(() -> new MisconfiguredException(
                        ErrorCode.TENANT_NOT_FOUND,
                        "there is no tenant '" + tenant + "': add it with ./bactrian tenant add " + tenant
                                + ", or in config/workspaces/" + tenant + ".yaml"));
        if (!record.enabled()) {
            throw new RefusedException(ErrorCode.ACCESS_DENIED, "the tenant '" + tenant + "' is switched off");
        }
    }
}
