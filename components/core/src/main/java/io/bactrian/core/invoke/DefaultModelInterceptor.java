package io.bactrian.core.invoke;

import io.bactrian.core.config.ConfigurationSource;
import io.bactrian.core.config.ModelReference;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.MisconfiguredException;
import io.bactrian.core.tenant.TenantId;

/** Looks up the tenant's default model for a call that names none. Reads only: nothing is chosen or stored. */
final class DefaultModelInterceptor implements Interceptor {

    private final ConfigurationSource source;

    DefaultModelInterceptor(ConfigurationSource source) {
        this.source = source;
    }

    @Override
    public Phase phase() {
        return Phase.TENANT;
    }

    @Override
    public InvocationReply intercept(Invocation invocation, Next next) {
        if (!(invocation.target() instanceof InvocationTarget.DefaultModel wanted)) {
            return next.proceed(invocation);
        }
        TenantId tenant = invocation.caller().tenant();
        ModelReference model = source.defaultModel(tenant, wanted.type())
                .orElseThrow(() -> new MisconfiguredException(
                        ErrorCode.DEFAULT_MODEL_NOT_SET,
                        "tenant '" + tenant + "' has no default model of type " + wanted.type()
                                + ": set bactrian.default-model." + wanted.type()
                                + "=PROVIDER/MODEL and a credential for it"
                                + " (bactrian.credentials.NAME.provider=PROVIDER, bactrian.credentials.NAME.api_key=…"
                                + " or base_url=…), or run"
                                + " ./bactrian model default PROVIDER/MODEL --type " + wanted.type()
                                + " --tenant " + tenant));
        return next.proceed(
                invocation.withTarget(InvocationTarget.Model.of(model.provider(), model.model(), wanted.type())));
    }
}
