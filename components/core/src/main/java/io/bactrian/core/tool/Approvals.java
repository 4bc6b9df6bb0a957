package io.bactrian.core.tool;

import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.tenant.TenantId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The rules of approvals that every store of them keeps to. */
public final class Approvals {

    /** How many characters a continuation may have. */
    public static final int LONGEST_CONTINUATION = 1_000_000;

    private Approvals() {}

    /**
     * Refuses a decision that cannot be made.
     *
     * @throws BadRequestException with {@code invalid_param} if the approval is not there, was decided on already, or has expired
     */
    public static Approval checkDecidable(
            @Nullable Approval known, Approval.Status status, Instant now, String id, TenantId tenant) {
        if (status != Approval.Status.APPROVED && status != Approval.Status.DENIED) {
            throw new IllegalArgumentException("a decision is to approve or to deny");
        }
        if (known == null) {
            throw notThere(id, tenant);
        }
        if (known.status() != Approval.Status.PENDING) {
            throw new BadRequestException(
                    ErrorCode.INVALID_PARAM,
                    "approval " + id + " is " + known.status().text() + " already");
        }
        if (known.expired(now)) {
            throw new BadRequestException(
                    ErrorCode.INVALID_PARAM,
                    "approval " + id + " expired at " + known.expiresAt() + ": have the call made again");
        }
        return known;
    }

    /** The refusal of an id that a tenant has no approval of. */
    public static BadRequestException notThere(String id, TenantId tenant) {
        return new BadRequestException(
                ErrorCode.INVALID_PARAM,
                "tenant '" + tenant + "' has no such approval: ./bactrian approval list --tenant " + tenant
                        + " shows those that wait");
    }

    /**
     * Refuses a continuation that is too long.
     *
     * @throws BadRequestException with {@code request_too_large}
     */
    public static void checkContinuation(String continuation) {
        if (continuation.length() > LONGEST_CONTINUATION) {
            throw new BadRequestException(
                    ErrorCode.REQUEST_TOO_LARGE,
                    "the conversation is too long to be kept until a person has decided (more than "
                            + LONGEST_CONTINUATION + " characters)");
        }
    }
}
