package io.bactrian.engine;

import io.bactrian.core.access.Actor;
import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.limit.LimitFields;
import io.bactrian.core.manage.BudgetManager;
import io.bactrian.core.manage.LimitManager;
import io.bactrian.core.manage.RuleView;
import io.bactrian.core.quota.BudgetFields;
import io.bactrian.core.quota.BudgetRule;
import io.bactrian.core.rule.NamedRule;
import io.bactrian.core.rule.RuleAuthor;
import io.bactrian.core.tenant.TenantId;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a tenant's budgets and limits to what a file declares. What was set by hand under a name that the file speaks of gives
 * way to the file; what was set under others is left alone.
 */
final class RuleApplier {

    private static final Logger LOG = LoggerFactory.getLogger(RuleApplier.class);

    private final BudgetManager budgets;
    private final LimitManager limits;

    RuleApplier(BudgetManager budgets, LimitManager limits) {
        this.budgets = budgets;
        this.limits = limits;
    }

    void apply(WorkspaceFile file) {
        TenantId tenant = file.tenant().id();
        Actor actor = new Actor.File(file.file());
        List<RuleView<BudgetRule>> presentBudgets = budgets.rules(actor, tenant);
        apply(
                file,
                BudgetFields.KIND,
                file.budgets(),
                presentBudgets,
                (name, rule) -> budgets.set(actor, tenant, name, BudgetFields.of(rule)),
                name -> budgets.remove(actor, tenant, name));
        apply(
                file,
                LimitFields.KIND,
                file.limits(),
                limits.list(actor, tenant),
                (name, rule) -> limits.set(actor, tenant, name, LimitFields.of(rule)),
                name -> limits.remove(actor, tenant, name));
    }

    private static <R extends NamedRule> void apply(
            WorkspaceFile file,
            String kind,
            List<R> declared,
            List<RuleView<R>> present,
            BiConsumer<String, R> setter,
            Consumer<String> remover) {
        Set<String> names = new HashSet<>();
        for (R rule : declared) {
            names.add(rule.name());
            boolean same = present.stream().anyMatch(view -> view.rule().equals(rule) && by(file, view));
            if (!same) {
                set(file, kind, rule, setter);
            }
        }
        for (RuleView<R> view : present) {
            String name = view.rule().name();
            if (by(file, view) && !names.contains(name)) {
                remover.accept(name);
                LOG.info("{}: {} '{}' is no longer declared and was removed", file.file(), kind, name);
            }
        }
    }

    private static <R extends NamedRule> void set(
            WorkspaceFile file, String kind, R rule, BiConsumer<String, R> setter) {
        try {
            setter.accept(rule.name(), rule);
        } catch (BadRequestException e) {
            throw new BadRequestException(
                    e.code(), file.file() + ": " + kind + " '" + rule.name() + "': " + e.getMessage());
        }
    }

    private static boolean by(WorkspaceFile file, RuleView<?> view) {
        return view.managedBy().equals(Optional.of(file.file())) && view.setBy() == RuleAuthor.OPERATOR;
    }
}
