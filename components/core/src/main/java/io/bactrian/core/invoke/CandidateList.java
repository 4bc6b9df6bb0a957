package io.bactrian.core.invoke;

import io.bactrian.core.config.CredentialUnreadableException;
import io.bactrian.core.config.StoredCredential;
import io.bactrian.core.config.SystemProvider;
import io.bactrian.core.credential.CredentialId;
import io.bactrian.core.credential.Credentials;
import io.bactrian.core.provider.ProviderId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The candidates that a walk finds, in levels, and the steps that it takes. Not thread-safe. */
final class CandidateList {

    private final ProviderId provider;
    private final Instant now;
    private final List<ResolutionStep> steps = new ArrayList<>();
    private final List<Candidate> candidates = new ArrayList<>();
    private int level;

    CandidateList(ProviderId provider, Instant now) {
        this.provider = provider;
        this.now = now;
    }

    List<ResolutionStep> steps() {
        return steps;
    }

    List<Candidate> candidates() {
        return candidates;
    }

    boolean isEmpty() {
        return candidates.isEmpty();
    }

    int size() {
        return candidates.size();
    }

    Candidate first() {
        return candidates.get(0);
    }

    boolean has(CredentialId id) {
        return candidates.stream().anyMatch(taken -> taken.ref.id().equals(id.value()));
    }

    /** What is taken from now on is for when none of what was taken before is left. */
    void nextLevel() {
        level++;
    }

    /** Takes the one candidate that needs no credential. */
    void takeWithoutCredential(Credentials values, String wireModel) {
        steps.add(new ResolutionStep(
                CredentialSource.NONE_NEEDED,
                ResolutionStep.Outcome.TAKEN,
                "the provider asks for no credential",
                "declaration of " + provider));
        candidates.add(new Candidate(
                new CredentialRef(CredentialSource.NONE_NEEDED, provider, "", "", 0),
                values,
                wireModel,
                null,
                level,
                1));
    }

    /** Opens a credential and takes it, with the values before a rotation behind it. */
    void open(
            CredentialSource source,
            StoredCredential stored,
            String wireModel,
            SystemProvider.@Nullable HostingQuota quota,
            String where,
            int weight)
            throws CredentialUnreadableException {
        CredentialRef ref = new CredentialRef(
                source, provider, stored.id().value(), stored.name().value(), stored.version());
        candidates.add(new Candidate(ref, stored.open(), wireModel, quota, level, weight));
        steps.add(new ResolutionStep(
                source,
                ResolutionStep.Outcome.TAKEN,
                "credential '" + stored.name() + "', id " + stored.id() + ", version " + stored.version(),
                where));
        stored.previous().ifPresent(previous -> takePrevious(ref, previous, wireModel, quota, where));
    }

    /** The values before a rotation come after those in force: the provider may not know the new ones yet. */
    private void takePrevious(
            CredentialRef ref,
            StoredCredential.Previous previous,
            String wireModel,
            SystemProvider.@Nullable HostingQuota quota,
            String where) {
        String what = "the values that credential '" + ref.name() + "', id " + ref.id() + ", had before it was rotated";
        if (!previous.validAt(now)) {
            passOver(ref.source(), what + " were valid until " + previous.until(), where);
            return;
        }
        try {
            Credentials values = previous.open();
            CredentialRef older = new CredentialRef(
                    ref.source(), ref.provider(), ref.id(), ref.name(), ref.version() - 1, previous.until());
            candidates.add(new Candidate(older, values, wireModel, quota, level, 1));
            steps.add(new ResolutionStep(
                    ref.source(),
                    ResolutionStep.Outcome.TAKEN,
                    what + ", valid until " + previous.until() + ", to be tried after its new ones",
                    where));
        } catch (CredentialUnreadableException e) {
            // the new values pay: the call does not depend on these
            passOver(ref.source(), what + " cannot be read (" + e.reason() + ")", where);
        }
    }

    /** Passes a step over. True, as the walk goes on. */
    boolean passOver(CredentialSource source, String reason, String lookedAt) {
        steps.add(new ResolutionStep(source, ResolutionStep.Outcome.PASSED_OVER, reason, lookedAt));
        return true;
    }

    void stopAt(CredentialSource source, String reason, String lookedAt) {
        steps.add(new ResolutionStep(source, ResolutionStep.Outcome.STOPPED, reason, lookedAt));
    }
}
