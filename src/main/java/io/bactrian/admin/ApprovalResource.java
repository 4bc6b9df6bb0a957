package io.bactrian.admin;

import io.bactrian.admin.ApprovalShapes.Approval;
import io.bactrian.admin.ApprovalShapes.ApprovalList;
import io.bactrian.core.access.Permission;
import io.bactrian.core.config.PageOf;
import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.manage.ApprovalManager;
import java.util.List;
import java.util.Optional;

/** Calls of tools that wait for a person, over HTTP. */
final class ApprovalResource {

    private static final String ALL = TenantResource.ONE + "/approvals";
    private static final String ONE = ALL + "/{approval}";

    /** More are not waited for by any person; those beyond are seen when some of these are decided on. */
    private static final int MOST = 1_000;

    private final ApprovalManager manager;

    ApprovalResource(ApprovalManager manager) {
        this.manager = manager;
    }

    List<Operation> operations() {
        return List.of(
                Operation.list(
                                "listApprovals",
                                ALL,
                                "Lists the calls of tools that wait for a person, oldest first, the first 1,000 of them.",
                                Permission.APPROVAL_VIEW,
                                ApprovalList.class,
                                this::list)
                        .paged(),
                Operation.read(
                        "getApproval",
                        ONE,
                        "Shows a call of a tool that waits, or was decided on.",
                        Permission.APPROVAL_VIEW,
                        Approval.class,
                        this::current),
                Operation.act(
                                "approve",
                                ONE + "/approve",
                                "Lets a call be made, once, before the approval expires.",
                                Permission.APPROVAL_DECIDE,
                                null,
                                Approval.class,
                                request -> Reply.of(Approval.of(manager.approve(
                                        request.actor(), request.tenant(), request.variable("approval")))))
                        .on(this::current),
                Operation.act(
                                "deny",
                                ONE + "/deny",
                                "Refuses a call, and the same call again until the approval expires.",
                                Permission.APPROVAL_DECIDE,
                                null,
                                Approval.class,
                                request -> Reply.of(Approval.of(
                                        manager.deny(request.actor(), request.tenant(), request.variable("approval")))))
                        .on(this::current));
    }

    private Reply list(AdminRequest request) {
        // by age and id, so that a page goes on where it was also if its last one was decided on meanwhile
        PageOf<io.bactrian.core.tool.Approval> page = Paging.ofSorted(
                manager.pending(request.actor(), request.tenant(), MOST), ApprovalResource::place, request.page());
        return Reply.of(
                new ApprovalList(page.items().stream().map(Approval::of).toList(), AdminRequest.cursor(page.next())));
    }

    private static String place(io.bactrian.core.tool.Approval approval) {
        // of a fixed width, so that texts are in the order of time
        String millis = Long.toString(approval.requestedAt().toEpochMilli());
        String nanos = Integer.toString(1_000_000_000 + approval.requestedAt().getNano());
        return "0".repeat(19 - millis.length()) + millis + nanos + approval.id();
    }

    private Optional<Approval> current(AdminRequest request) {
        try {
            return Optional.of(
                    Approval.of(manager.get(request.actor(), request.tenant(), request.variable("approval"))));
        } catch (BadRequestException e) {
            if (e.code() == ErrorCode.INVALID_PARAM) {
                return Optional.empty();
            }
            throw e;
        }
    }
}
