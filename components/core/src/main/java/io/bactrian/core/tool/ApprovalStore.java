package io.bactrian.core.tool;

import io.bactrian.core.tenant.TenantId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Keeps approvals. Each method is one transaction. Thread-safe, and safe among several nodes.
 *
 * <p>Errors: {@link io.bactrian.core.error.BadRequestException} with {@code invalid_param} for an approval that is not there, was
 * decided on already, or has expired; {@link io.bactrian.core.error.UnavailableException} with {@code store_unavailable}.
 */
public interface ApprovalStore {

    /**
     * Asks for an approval. If one for the same tenant, user, app, tool and arguments is there that has not expired and was not
     * used, that one is it: asking again does not ask twice.
     *
     * @param wanted the approval, pending, with a new id
     * @return the approval as it is kept
     */
    Approval request(Approval wanted);

    /** A tenant's approval of that id. */
    Optional<Approval> find(TenantId tenant, String id);

    /** A tenant's approvals that wait for a person and have not expired, oldest first, at most so many. */
    List<Approval> pending(TenantId tenant, Instant now, int most);

    /**
     * Decides.
     *
     * @param status {@code APPROVED} or {@code DENIED}
     * @param by who decides
     */
    Approval decide(TenantId tenant, String id, Approval.Status status, String by, Instant now);

    /** Uses an approval up: true for exactly one of all who try, and only if it was given and has not expired. */
    boolean use(TenantId tenant, String id, Instant now);

    /**
     * Keeps beside an approval what it takes to go on once it is decided on: JSON, encrypted at rest where the rest is.
     *
     * @param continuation at most a million characters
     */
    void keepContinuation(TenantId tenant, String id, String continuation);

    /** What was kept beside an approval. */
    Optional<String> continuation(TenantId tenant, String id);

    /** Removes what expired before then. How many that were. */
    int removeExpired(Instant before);
}
