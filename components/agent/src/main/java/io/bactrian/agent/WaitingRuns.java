package io.bactrian.agent;

import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.json.JsonCodec;
import io.bactrian.core.tenant.Caller;
import io.bactrian.core.tool.Approval;
import io.bactrian.core.tool.ApprovalStore;
import java.time.Clock;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The runs of one agent that wait for a person. What it takes to go on is kept beside each of the approvals that a run waits for;
 * it goes on once, whichever of them it is resumed by.
 */
final class WaitingRuns {

    private final ApprovalStore approvals;
    private final JsonCodec json;
    private final Clock clock;
    private final AgentSettings settings;
    private final Set<String> goingOn;

    /** @param goingOn the runs of this process that are just being taken up, of all agents */
    WaitingRuns(ApprovalStore approvals, JsonCodec json, Clock clock, AgentSettings settings, Set<String> goingOn) {
        this.approvals = approvals;
        this.json = json;
        this.clock = clock;
        this.settings = settings;
        this.goingOn = goingOn;
    }

    /** Keeps a run beside each of its approvals. */
    void keep(Caller caller, Continuation run) {
        String kept = run.write(settings.name(), json);
        for (String id : run.approvals()) {
            replace(caller, id, kept);
        }
    }

    /** An approval that has expired may have been removed: nobody can go on by it. */
    private void replace(Caller caller, String id, String kept) {
        if (approvals.find(caller.tenant(), id).isPresent()) {
            approvals.keepContinuation(caller.tenant(), id, kept);
        }
    }

    /**
     * Whether a run may wait for an approval that another run has asked for: if that one is of the same conversation, it takes its
     * place, since the same thing was asked for again. Otherwise the two would get mixed up.
     */
    boolean takesThePlaceOfWhoAsked(Caller caller, Approval approval, Continuation run) {
        if (run.approvals().contains(approval.id())) {
            return true;
        }
        AgentMemory.Conversation conversation = run.prompt().conversation();
        return kept(caller, approval.id())
                .filter(kept -> kept.isOf(settings.name()) && !kept.goneOn())
                .filter(kept -> kept.conversation()
                        .equals(Optional.ofNullable(conversation).map(AgentMemory.Conversation::id)))
                .isPresent();
    }

    /**
     * Takes a run up that waited for a person. Nobody can take it up again, unless it is kept again.
     *
     * @param id one of the approvals that it waited for
     * @throws BadRequestException with {@code invalid_param} if this caller has no such run here, or it has gone on
     */
    Continuation take(Caller caller, String id) {
        Approval approval = approvals
                .find(caller.tenant(), id)
                .filter(found -> Objects.equals(found.user(), caller.user()))
                .filter(found -> Objects.equals(found.app(), caller.app()))
                .orElseThrow(() -> notThere(caller));
        if (approval.expired(clock.instant())) {
            throw refused("approval " + id + " expired at " + approval.expiresAt() + ": ask again");
        }
        String run = caller.tenant() + "/" + waiting(caller, id).run();
        if (!goingOn.add(run)) {
            throw goneOn(id);
        }
        try {
            // once more: it may have been taken between the look and the claim
            Continuation taken = waiting(caller, id).continuation(settings, caller);
            markTaken(caller, taken, id);
            return taken;
        } finally {
            goingOn.remove(run);
        }
    }

    private Continuation.Kept waiting(Caller caller, String id) {
        Continuation.Kept kept = kept(caller, id)
                .orElseThrow(() -> refused("no agent waits for approval " + id
                        + ": once it is approved, the call goes through when it is made again"));
        if (!kept.isOf(settings.name())) {
            throw refused("the run that waits for approval " + id + " is not one of agent '" + settings.name()
                    + "': resume the agent that asked for it");
        }
        if (kept.goneOn()) {
            throw goneOn(id);
        }
        return kept;
    }

    private Optional<Continuation.Kept> kept(Caller caller, String id) {
        return approvals.continuation(caller.tenant(), id).map(text -> Continuation.Kept.parse(text, json));
    }

    /** The one it was asked for by comes last: if the store fails before, it can be asked for again. */
    private void markTaken(Caller caller, Continuation run, String id) {
        String mark = run.goneOn(settings.name(), json);
        for (String other : run.approvals()) {
            if (!other.equals(id)) {
                replace(caller, other, mark);
            }
        }
        approvals.keepContinuation(caller.tenant(), id, mark);
    }

    private static BadRequestException goneOn(String id) {
        return refused("the run that waited for approval " + id + " has gone on already");
    }

    private static BadRequestException notThere(Caller caller) {
        return refused("tenant '" + caller.tenant()
                + "' has no such approval of this user and app: a run is resumed on behalf of whoever began it");
    }

    private static BadRequestException refused(String why) {
        return new BadRequestException(ErrorCode.INVALID_PARAM, why);
    }
}
