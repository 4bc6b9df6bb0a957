package io.bactrian.core.invoke;

import io.bactrian.core.config.CredentialUnreadableException;
import io.bactrian.core.config.StoredCredential;
import io.bactrian.core.config.SystemProvider;
import io.bactrian.core.error.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * What a walk along the priority chain comes to: candidates, or why there are none. A level that cannot be used ends it, unless the
 * tenant opted in to descending. Not thread-safe.
 */
final class WalkOutcome {

    private final CandidateList found;
    private final ResolutionTexts texts;
    private final boolean descends;
    private Resolution.@Nullable Refusal refusal;
    private Resolution.@Nullable Refusal lastResort;

    WalkOutcome(CandidateList found, ResolutionTexts texts, boolean descends) {
        this.found = found;
        this.texts = texts;
        this.descends = descends;
    }

    /** Why no credential may pay; null as long as one may, or is looked for. */
    Resolution.@Nullable Refusal refusal() {
        return refusal;
    }

    boolean refused() {
        return refusal != null;
    }

    void refuse(ErrorCode code, String message) {
        refusal = new Resolution.Refusal(code, message);
    }

    /** Says why, should nothing else be found. */
    void refuseAtLast(ErrorCode code, String message) {
        lastResort = new Resolution.Refusal(code, message);
    }

    /** Ends the walk: refused it is if nothing was found. */
    void end(String notInitialized) {
        if (!found.isEmpty() || refused()) {
            return;
        }
        refusal = lastResort != null
                ? lastResort
                : new Resolution.Refusal(ErrorCode.PROVIDER_NOT_INITIALIZE, notInitialized);
    }

    /** Opens a credential and makes it a candidate, at a level of its own. Whether the walk goes on. */
    boolean take(
            CredentialSource source,
            StoredCredential stored,
            String wireModel,
            SystemProvider.@Nullable HostingQuota quota,
            String where) {
        try {
            found.open(source, stored, wireModel, quota, where, 1);
        } catch (CredentialUnreadableException e) {
            return stop(source, ErrorCode.CREDENTIAL_UNREADABLE, texts.unreadable(stored, e), where);
        }
        found.nextLevel();
        return descends;
    }

    /** Meets a level that is configured and cannot be used. Whether the walk goes on. */
    boolean stop(CredentialSource source, ErrorCode code, String message, String lookedAt) {
        if (descends) {
            refuseAtLast(code, message);
            return found.passOver(source, message + " (the tenant descends)", lookedAt);
        }
        found.stopAt(source, message, lookedAt);
        if (found.isEmpty()) {
            refuse(code, message);
        }
        return false;
    }
}
