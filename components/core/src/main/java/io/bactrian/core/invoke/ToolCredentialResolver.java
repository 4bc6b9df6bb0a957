package io.bactrian.core.invoke;

import io.bactrian.core.config.CredentialUnreadableException;
import io.bactrian.core.credential.CredentialName;
import io.bactrian.core.credential.Credentials;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.provider.ProviderId;
import io.bactrian.core.tenant.Caller;
import io.bactrian.core.tool.ToolAddress;
import io.bactrian.core.tool.ToolCredential;
import io.bactrian.core.tool.ToolCredentialRenewal;
import io.bactrian.core.tool.ToolCredentialSource;
import io.bactrian.core.tool.ToolCredentialType;
import io.bactrian.core.tool.ToolManager;
import io.bactrian.core.tool.ToolProviderController;
import io.bactrian.core.tool.ToolProviderEntity;
import io.bactrian.core.tool.ToolProviderType;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Answers which credential opens a tool's provider: the one that the call names, else the default one, else the oldest. Bound to
 * tenant, provider and caller; fails closed and says why.
 */
final class ToolCredentialResolver {

    /** By kind of tool: most providers need no credential, and say so at every call. */
    private static final Taken[] NOTHING_NEEDED =
            Arrays.stream(ToolProviderType.values()).map(Taken::nothing).toArray(Taken[]::new);

    private final ToolManager tools;
    private final ToolCredentialSource source;
    private final @Nullable ToolCredentialRenewal renewal;
    private final Clock clock;

    ToolCredentialResolver(
            ToolManager tools, ToolCredentialSource source, @Nullable ToolCredentialRenewal renewal, Clock clock) {
        this.tools = tools;
        this.source = source;
        this.renewal = renewal;
        this.clock = clock;
    }

    Resolution resolve(Caller caller, InvocationTarget.Tool target) {
        ToolAddress address = target.address();
        Optional<ToolProviderController> provider = tools.provider(caller.tenant(), address.type(), address.provider());
        if (provider.isEmpty()) {
            return refused(caller, target, ErrorCode.PROVIDER_NOT_FOUND, "the provider of " + address + " is gone");
        }
        return resolve(caller, target, provider.get().entity());
    }

    /** @param entity the provider, as the caller's tenant has it */
    Resolution resolve(Caller caller, InvocationTarget.Tool target, ToolProviderEntity entity) {
        ToolAddress address = target.address();
        if (entity.credentialForm().fields().isEmpty() && !entity.needsCredential()) {
            return nothingNeeded(caller, target);
        }
        List<ToolCredential> usable = source.credentials(caller.tenant(), address.type(), address.provider()).stream()
                .filter(credential -> credential.visibleTo(caller))
                .toList();
        Optional<ToolCredential> chosen = chosen(usable, target.credential());
        if (chosen.isPresent()) {
            return opened(caller, target, entity, chosen.get());
        }
        if (target.credential() == null && !entity.needsCredential()) {
            return nothingNeeded(caller, target);
        }
        return none(caller, target, usable);
    }

    private static Optional<ToolCredential> chosen(List<ToolCredential> usable, @Nullable CredentialName name) {
        if (name != null) {
            return usable.stream()
                    .filter(credential -> credential.stored().name().equals(name)
                            || credential.stored().id().value().equals(name.value()))
                    .findFirst();
        }
        return usable.stream().filter(ToolCredential::isDefault).findFirst().or(() -> usable.stream()
                .findFirst());
    }

    private Resolution opened(
            Caller caller, InvocationTarget.Tool target, ToolProviderEntity entity, ToolCredential chosen) {
        ToolCredential credential = chosen;
        if (renewal != null && chosen.isToBeRenewed(clock.instant())) {
            credential = renewal.renew(caller.tenant(), entity, target.address().type(), chosen, caller.deadline());
        }
        CredentialRef ref = new CredentialRef(
                CredentialSource.CUSTOM_PROVIDER,
                new ProviderId(entity.name()),
                credential.stored().id().value(),
                credential.stored().name().value(),
                credential.stored().version());
        try {
            Candidate candidate = new Candidate(ref, credential.stored().open(), credential.type());
            return Taken.of(candidate, reason(target, credential)).resolution(caller, target);
        } catch (CredentialUnreadableException e) {
            return refused(
                    caller,
                    target,
                    ErrorCode.CREDENTIAL_UNREADABLE,
                    "credential '" + ref.name() + "' of " + target.address().provider()
                            + " cannot be read: check the key with ./bactrian store check, or enter it anew");
        }
    }

    private static String reason(InvocationTarget.Tool target, ToolCredential credential) {
        if (target.credential() != null) {
            return "the credential that the call names";
        }
        return credential.isDefault() ? "the default credential" : "the oldest credential";
    }

    private static Resolution nothingNeeded(Caller caller, InvocationTarget.Tool target) {
        return NOTHING_NEEDED[target.address().type().ordinal()].resolution(caller, target);
    }

    /** The credential that is taken, and why. */
    private record Taken(List<Candidate> candidates, List<CredentialRef> refs, List<ResolutionStep> steps) {

        static Taken of(Candidate candidate, String reason) {
            ResolutionStep step = new ResolutionStep(
                    candidate.ref.source(), ResolutionStep.Outcome.TAKEN, reason, candidate.ref.toString());
            return new Taken(List.of(candidate), List.of(candidate.ref), List.of(step));
        }

        static Taken nothing(ToolProviderType type) {
            CredentialRef ref = new CredentialRef(CredentialSource.NONE_NEEDED, new ProviderId(type.text()), "", "", 0);
            return of(
                    new Candidate(ref, Credentials.NONE, ToolCredentialType.UNAUTHORIZED),
                    "the provider asks for none");
        }

        Resolution resolution(Caller caller, InvocationTarget.Tool target) {
            return Resolution.ofTool(caller.tenant(), target, candidates, refs, steps);
        }
    }

    private static Resolution none(Caller caller, InvocationTarget.Tool target, List<ToolCredential> usable) {
        CredentialName name = target.credential();
        String provider = target.address().provider();
        if (name != null) {
            return refused(
                    caller,
                    target,
                    ErrorCode.CREDENTIAL_NOT_FOUND,
                    "there is no credential '" + name + "' of " + provider + " that this call may use");
        }
        String remedy = ": ./bactrian tool credential add " + provider + " --tenant " + caller.tenant();
        return refused(
                caller,
                target,
                ErrorCode.PROVIDER_NOT_INITIALIZE,
                "tenant '" + caller.tenant() + "' has no credential of " + provider + " that this call may use"
                        + remedy);
    }

    private static Resolution refused(Caller caller, InvocationTarget.Tool target, ErrorCode code, String message) {
        return new Resolution(
                caller.tenant(), target, null, null, List.of(), List.of(), new Resolution.Refusal(code, message));
    }
}
