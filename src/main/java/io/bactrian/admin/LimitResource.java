package io.bactrian.admin;

import io.bactrian.admin.RuleShapes.Limit;
import io.bactrian.admin.RuleShapes.LimitChange;
import io.bactrian.admin.RuleShapes.LimitList;
import io.bactrian.core.access.Permission;
import io.bactrian.core.config.PageOf;
import io.bactrian.core.limit.RateLimitRule;
import io.bactrian.core.manage.LimitManager;
import io.bactrian.core.manage.RuleView;
import java.util.List;
import java.util.Optional;

/** Limits of requests, tokens and calls at once over HTTP. */
final class LimitResource {

    private static final String ALL = TenantResource.ONE + "/limits";
    private static final String ONE = ALL + "/{rule}";

    private final LimitManager manager;

    LimitResource(LimitManager manager) {
        this.manager = manager;
    }

    List<Operation> operations() {
        return List.of(
                Operation.list(
                                "listLimits",
                                ALL,
                                "Lists the limits that a tenant keeps to.",
                                Permission.QUOTA_VIEW,
                                LimitList.class,
                                this::list)
                        .paged(),
                Operation.read("getLimit", ONE, "Shows a limit.", Permission.QUOTA_VIEW, Limit.class, this::current),
                Operation.change(
                        Operation.Method.PUT,
                        "setLimit",
                        ONE,
                        "Sets a limit in place of the one of its name. The operator's are changed by the operator alone.",
                        Permission.QUOTA_MANAGE,
                        LimitChange.class,
                        Limit.class,
                        this::current,
                        request -> Reply.of(Limit.of(manager.set(
                                request.actor(),
                                request.tenant(),
                                request.variable("rule"),
                                request.body(LimitChange.class).fields())))),
                Operation.remove(
                        "removeLimit", ONE, "Removes a limit.", Permission.QUOTA_MANAGE, this::current, request -> {
                            manager.remove(request.actor(), request.tenant(), request.variable("rule"));
                            return Reply.done();
                        }));
    }

    private Reply list(AdminRequest request) {
        PageOf<RuleView<RateLimitRule>> page = Paging.ofListed(
                manager.list(request.actor(), request.tenant()),
                view -> view.rule().name(),
                request.page());
        return Reply.of(new LimitList(page.items().stream().map(Limit::of).toList(), AdminRequest.cursor(page.next())));
    }

    private Optional<Limit> current(AdminRequest request) {
        return manager.find(request.actor(), request.tenant(), request.variable("rule"))
                .map(Limit::of);
    }
}
