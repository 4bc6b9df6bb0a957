package io.bactrian.core.invoke;

import io.bactrian.core.config.ConfigurationSource;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.error.UnauthorizedException;
import io.bactrian.core.tenant.TenantId;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gets calls past the rotation of a credential. When the provider refuses one: the values it had before, within their period
 * of grace; then what another node has put in its place meanwhile (CACHE-01). Each is tried once, and never another
 * credential, which would be another purse. Nothing is done twice: who refuses a credential has done nothing.
 */
final class RotationInterceptor implements Interceptor {

    private static final Logger LOG = LoggerFactory.getLogger(RotationInterceptor.class);

    private final ConfigurationSource source;
    private final CredentialResolver resolver;
    private final CredentialInterceptor credentials;

    RotationInterceptor(ConfigurationSource source, CredentialResolver resolver, CredentialInterceptor credentials) {
        this.source = source;
        this.resolver = resolver;
        this.credentials = credentials;
    }

    @Override
    public Phase phase() {
        return Phase.BALANCE;
    }

    @Override
    public InvocationReply intercept(Invocation invocation, Next next) {
        try {
            return next.proceed(invocation);
        } catch (UnauthorizedException refused) {
            if (elsewhere(invocation)) {
                throw refused;
            }
            return again(invocation, next, refused);
        }
    }

    /** Whether a link behind this one has sent the call to another target since: then that one's credential was refused. */
    private static boolean elsewhere(Invocation invocation) {
        return invocation
                .trace()
                .current()
                .filter(last -> last.reentries() == invocation.reentries()
                        && last.target().equals(invocation.target()))
                .isEmpty();
    }

    private InvocationReply again(Invocation invocation, Next next, UnauthorizedException refused) {
        UnauthorizedException last = refused;
        if (hasPrevious(invocation)) {
            try {
                LOG.debug("{}: refused, the values it had before are tried", tried(invocation));
                return next.proceed(invocation.withCandidate(invocation.candidate() + 1));
            } catch (UnauthorizedException both) {
                last = both;
            }
        }
        Resolution newer = newer(invocation);
        if (newer == invocation.resolution() || newer.candidates().isEmpty() || overtime(invocation)) {
            throw last;
        }
        LOG.debug("{}: refused, what has replaced it is tried", tried(invocation));
        Invocation fresh = invocation.withResolution(newer);
        try {
            return next.proceed(fresh);
        } catch (UnauthorizedException e) {
            if (!hasPrevious(fresh)) {
                throw e;
            }
            return next.proceed(fresh.withCandidate(1));
        }
    }

    private static CredentialRef tried(Invocation invocation) {
        return invocation.resolution().candidates().get(invocation.candidate());
    }

    private static boolean hasPrevious(Invocation invocation) {
        List<CredentialRef> refs = invocation.resolution().candidates();
        int next = invocation.candidate() + 1;
        return next < refs.size()
                && refs.get(next).previous()
                && refs.get(next).id().equals(tried(invocation).id())
                && !overtime(invocation);
    }

    private static boolean overtime(Invocation invocation) {
        return invocation.caller().deadline().expired();
    }

    /** The resolution by what is configured now; the same as before if the credential was not replaced. */
    private Resolution newer(Invocation invocation) {
        Resolution before = invocation.resolution();
        TenantId tenant = invocation.caller().tenant();
        try {
            source.refresh(tenant);
            Resolution now = credentials.allowed(resolver.resolve(tenant, before.target()), invocation.caller());
            CredentialRef first = now.candidates().get(0);
            CredentialRef tried = before.candidates().get(0);
            boolean replaced = !first.id().equals(tried.id()) || first.version() != tried.version();
            // system and hosted credentials are told apart by their source: what was custom stays custom
            return replaced && first.source() == tried.source() ? now : before;
        } catch (InvokeException e) {
            // the provider's answer tells more than that there is none any more
            return before;
        }
    }
}
