package io.bactrian.core.error;

import java.io.Serial;

/** A person has to approve the call first. Once that is done, the same call goes through, once. */
public final class ApprovalRequiredException extends InvokeException {

    @Serial
    private static final long serialVersionUID = 1;

    private final String approvalId;

    /**
     * @param approvalId the id of what was asked for
     * @param message safe to show: names the tool and the remedy
     */
    public ApprovalRequiredException(String approvalId, String message) {
        super(ErrorCode.TOOL_APPROVAL_REQUIRED, message, ErrorDetails.NONE, null);
        this.approvalId = approvalId;
    }

    /** The id of what was asked for. */
    public String approvalId() {
        return approvalId;
    }
}
