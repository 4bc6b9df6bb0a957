package io.bactrian.admin;

import io.bactrian.admin.RuleShapes.Budget;
import io.bactrian.admin.RuleShapes.BudgetChange;
import io.bactrian.admin.RuleShapes.BudgetList;
import io.bactrian.admin.RuleShapes.BudgetUse;
import io.bactrian.core.access.Permission;
import io.bactrian.core.config.PageOf;
import io.bactrian.core.manage.BudgetManager;
import io.bactrian.core.manage.BudgetView;
import java.util.List;
import java.util.Optional;

/** Budgets over HTTP. */
final class BudgetResource {

    private static final String ALL = TenantResource.ONE + "/budgets";
    private static final String ONE = ALL + "/{rule}";

    private final BudgetManager manager;

    BudgetResource(BudgetManager manager) {
        this.manager = manager;
    }

    List<Operation> operations() {
        return List.of(
                Operation.list(
                                "listBudgets",
                                ALL,
                                "Lists the budgets that a tenant keeps to, with their use at this moment.",
                                Permission.QUOTA_VIEW,
                                BudgetList.class,
                                this::list)
                        .paged(),
                Operation.read("getBudget", ONE, "Shows a budget.", Permission.QUOTA_VIEW, Budget.class, this::current),
                Operation.change(
                        Operation.Method.PUT,
                        "setBudget",
                        ONE,
                        "Sets a budget in place of the one of its name. The operator's are changed by the operator alone.",
                        Permission.QUOTA_MANAGE,
                        BudgetChange.class,
                        Budget.class,
                        this::current,
                        request -> Reply.of(Budget.of(manager.set(
                                request.actor(),
                                request.tenant(),
                                request.variable("rule"),
                                request.body(BudgetChange.class).fields())))),
                Operation.remove(
                        "removeBudget", ONE, "Removes a budget.", Permission.QUOTA_MANAGE, this::current, request -> {
                            manager.remove(request.actor(), request.tenant(), request.variable("rule"));
                            return Reply.done();
                        }));
    }

    private Reply list(AdminRequest request) {
        PageOf<BudgetView> page = Paging.ofListed(
                manager.list(request.actor(), request.tenant(), null),
                view -> view.budget().rule().name(),
                request.page());
        return Reply.of(
                new BudgetList(page.items().stream().map(BudgetUse::of).toList(), AdminRequest.cursor(page.next())));
    }

    private Optional<Budget> current(AdminRequest request) {
        return manager.find(request.actor(), request.tenant(), request.variable("rule"))
                .map(Budget::of);
    }
}
