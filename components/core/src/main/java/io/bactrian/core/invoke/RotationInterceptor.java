package io.bactrian.core.invoke;

import io.bactrian.core.config.ConfigurationSource;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.error.UnauthorizedException;
import io.bactrian.core.tenant.TenantId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
    private final CredentialInterceptor credentials;

    RotationInterceptor(ConfigurationSource source, CredentialInterceptor credentials) {
        this.source = source;
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
            return again(invocation, next, refused);
        }
    }

    private InvocationReply again(Invocation first, Next next, UnauthorizedException refused) {
        List<CredentialRef> tried = new ArrayList<>(List.of(tried(first)));
        Invocation last = first;
        UnauthorizedException reason = refused;
        boolean looked = false;
        while (!elsewhere(last) && !last.caller().deadline().expired()) {
            Optional<Invocation> following = untried(last, tried);
            if (following.isEmpty() && !looked) {
                looked = true;
                following = replaced(last).flatMap(fresh -> untried(fresh, tried));
            }
            if (following.isEmpty()) {
                break;
            }
            last = following.get();
            tried.add(tried(last));
            LOG.debug("{} is tried after a refusal", tried(last));
            try {
                return next.proceed(last);
            } catch (UnauthorizedException e) {
                reason = e;
            }
        }
        throw reason;
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

    private static CredentialRef tried(Invocation invocation) {
        return invocation.resolution().candidates().get(invocation.candidate());
    }

    /** The call with values of its credential, in force or in their period of grace, that the provider was not shown yet. */
    private static Optional<Invocation> untried(Invocation invocation, List<CredentialRef> tried) {
        String id = tried(invocation).id();
        List<CredentialRef> refs = invocation.resolution().candidates();
        for (int i = 0; i < refs.size(); i++) {
            CredentialRef ref = refs.get(i);
            boolean shown = tried.stream().anyMatch(one -> one.id().equals(ref.id()) && one.version() == ref.version());
            if (ref.id().equals(id) && !shown) {
                return Optional.of(invocation.withCandidate(i));
            }
        }
        return Optional.empty();
    }

    /**
     * Where the same credential stands now. Where it was the only one, what has been put in its place counts too, if it is of the
     * same purse; one of several is the next attempt's business.
     */
    private static int placeOf(CredentialRef refused, List<CredentialRef> now, List<CredentialRef> before) {
        for (int i = 0; i < now.size(); i++) {
            if (now.get(i).id().equals(refused.id()) && !now.get(i).previous()) {
                return i;
            }
        }
        boolean alone = before.stream().allMatch(ref -> ref.id().equals(refused.id()));
        return alone && now.get(0).source() == refused.source() ? 0 : -1;
    }

    /** The call with what is configured now; empty if that is of another purse, or there is none any more. */
    private Optional<Invocation> replaced(Invocation invocation) {
        Resolution before = invocation.resolution();
        TenantId tenant = invocation.caller().tenant();
        try {
            source.refresh(tenant);
            Resolution now =
                    credentials.allowed(credentials.resolve(invocation.caller(), before.target()), invocation.caller());
            // system and hosted credentials are told apart by their source: what was custom stays custom
            int place = placeOf(tried(invocation), now.candidates(), before.candidates());
            return place < 0
                    ? Optional.empty()
                    : Optional.of(invocation.withResolution(now).withCandidate(place));
        } catch (InvokeException e) {
            // the provider's answer tells more than that there is none any more
            return Optional.empty();
        }
    }
}
