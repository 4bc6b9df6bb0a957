package io.bactrian.admin;

import io.bactrian.admin.TenantShapes.NewTenant;
import io.bactrian.admin.TenantShapes.Tenant;
import io.bactrian.admin.TenantShapes.TenantChange;
import io.bactrian.admin.TenantShapes.TenantList;
import io.bactrian.core.access.Permission;
import io.bactrian.core.config.PageOf;
import io.bactrian.core.config.TenantRecord;
import io.bactrian.core.manage.TenantManager;
import io.bactrian.core.tenant.TenantId;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Tenants over HTTP: the operator's business, but that members see their own. */
final class TenantResource {

    static final String ALL = "/admin/tenants";
    static final String ONE = ALL + "/{tenant}";

    private final TenantManager manager;

    TenantResource(TenantManager manager) {
        this.manager = manager;
    }

    List<Operation> operations() {
        return List.of(
                Operation.list(
                                "listTenants",
                                ALL,
                                "Lists the tenants.",
                                Permission.TENANT_MANAGE,
                                TenantList.class,
                                this::list)
                        .paged(),
                Operation.create(
                        "createTenant",
                        ALL,
                        "Adds a tenant.",
                        Permission.TENANT_MANAGE,
                        NewTenant.class,
                        Tenant.class,
                        this::create),
                Operation.read(
                        "getTenant", ONE, "Shows a tenant.", Permission.MEMBER_VIEW, Tenant.class, this::current),
                Operation.change(
                        Operation.Method.PATCH,
                        "updateTenant",
                        ONE,
                        "Renames a tenant, or switches its calls on or off.",
                        Permission.TENANT_MANAGE,
                        TenantChange.class,
                        Tenant.class,
                        this::current,
                        this::update),
                Operation.remove(
                        "removeTenant",
                        ONE,
                        "Removes a tenant with all it has.",
                        Permission.TENANT_MANAGE,
                        this::current,
                        request -> {
                            manager.remove(request.actor(), request.tenant());
                            return Reply.done();
                        }));
    }

    private Reply list(AdminRequest request) {
        PageOf<TenantRecord> page = manager.list(request.actor(), request.page());
        return Reply.of(
                new TenantList(page.items().stream().map(Tenant::of).toList(), AdminRequest.cursor(page.next())));
    }

    private Optional<Tenant> current(AdminRequest request) {
        return Optional.of(Tenant.of(manager.get(request.actor(), request.tenant())));
    }

    private Reply create(AdminRequest request) {
        NewTenant given = request.body(NewTenant.class);
        TenantId id = Inputs.field("id", given.id(), TenantId::new);
        boolean enabled = Objects.requireNonNullElse(given.enabled(), true);
        TenantRecord wanted = Inputs.field(
                "name",
                Objects.requireNonNullElse(given.name(), id.value()),
                name -> new TenantRecord(id, name, enabled));
        return Reply.created(ALL + "/" + id, Tenant.of(manager.create(request.actor(), wanted)));
    }

    private Reply update(AdminRequest request) {
        TenantChange change = request.body(TenantChange.class);
        return Reply.of(Tenant.of(manager.update(request.actor(), request.tenant(), change.name(), change.enabled())));
    }
}
