package io.bactrian.admin;

import io.bactrian.admin.AuditShapes.AuditList;
import io.bactrian.admin.AuditShapes.Entry;
import io.bactrian.core.access.Permission;
import io.bactrian.core.config.AuditEntry;
import io.bactrian.core.config.AuditQuery;
import io.bactrian.core.config.Page;
import io.bactrian.core.config.PageOf;
import io.bactrian.core.manage.AuditManager;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The audit log over HTTP: of a tenant, and for the operator of all of them. */
final class AuditResource {

    private static final Parameter ACTION = Parameter.text("action", "Only this action, such as credential.update.");
    private static final Parameter OUTCOME = Parameter.text("outcome", "Only this outcome: done, or a code.");
    private static final Parameter SINCE =
            Parameter.text("since", "Only what happened then or later, such as 2026-01-31T12:00:00Z.");

    private final AuditManager manager;

    AuditResource(AuditManager manager) {
        this.manager = manager;
    }

    List<Operation> operations() {
        return List.of(
                Operation.list(
                                "listAudit",
                                TenantResource.ONE + "/audit",
                                "Reads the audit log of a tenant, the newest first.",
                                Permission.AUDIT_VIEW,
                                AuditList.class,
                                request -> shown(manager.list(request.actor(), request.tenant(), query(request))))
                        .paged()
                        .with(ACTION, OUTCOME, SINCE),
                Operation.list(
                                "listAuditOfAll",
                                "/admin/audit",
                                "Reads the audit log of all tenants and of the installation, the newest first.",
                                Permission.TENANT_MANAGE,
                                AuditList.class,
                                request -> shown(manager.listAll(request.actor(), query(request))))
                        .paged()
                        .with(ACTION, OUTCOME, SINCE));
    }

    private static Reply shown(PageOf<AuditEntry> page) {
        return Reply.of(new AuditList(page.items().stream().map(Entry::of).toList(), AdminRequest.cursor(page.next())));
    }

    private static AuditQuery query(AdminRequest request) {
        Page page = request.page();
        Optional<String> outcome = request.parameter("outcome");
        return new AuditQuery(
                number(page.after()),
                page.most(),
                request.parameter("action").orElse(null),
                outcome.map(Set::of).orElse(Set.of()),
                since(request));
    }

    private static @Nullable Long number(@Nullable String place) {
        if (place == null) {
            return null;
        }
        if (!place.matches("[0-9]{1,18}")) {
            throw Page.noPlace();
        }
        return Long.valueOf(place);
    }

    private static @Nullable Instant since(AdminRequest request) {
        try {
            return request.parameter("since").map(Instant::parse).orElse(null);
        } catch (DateTimeException e) {
            throw Problems.invalid("the parameter 'since' has to be a moment such as 2026-01-31T12:00:00Z");
        }
    }
}
