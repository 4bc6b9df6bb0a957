package io.bactrian.cli;

import io.bactrian.core.manage.BudgetManager;
import io.bactrian.core.manage.BudgetView;
import io.bactrian.core.manage.RuleView;
import io.bactrian.core.quota.BudgetFields;
import io.bactrian.core.quota.BudgetRule;
import io.bactrian.core.quota.QuotaUnit;
import io.bactrian.core.quota.QuotaUsage;
import io.bactrian.core.tenant.AppId;
import io.bactrian.core.tenant.TenantId;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code bactrian quota}. */
@Command(
        name = "quota",
        description = "Budgets: what a tenant and its apps may spend in a period.",
        synopsisSubcommandLabel = "COMMAND")
final class QuotaCommands extends CommandGroup {

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private RootCommand root;

    @Command(
            name = "set",
            description = {
                "Sets a budget, in place of the one of its name. It is in force at once, and within a second on every other",
                "node. What was used of it in the present period stays used."
            })
    int set(
            @Parameters(paramLabel = "NAME", description = "Its name: 1 to 63 letters, digits, '-' and '_'.")
                    String name,
            @Option(
                            names = "--limit",
                            paramLabel = "AMOUNT",
                            description = "How many units; of money in its main unit; -1: none.")
                    @Nullable
                    String limit,
            @Option(names = "--unit", paramLabel = "UNIT", description = "tokens, money, times or credits.") @Nullable
                    String unit,
            @Option(names = "--currency", paramLabel = "CODE", description = "Of money; by default USD.") @Nullable
                    String currency,
            @Option(
                            names = "--period",
                            paramLabel = "PERIOD",
                            description = {
                                "hour, day, week or month of the calendar, total for one that never ends, or the",
                                "length of a rolling one, such as 24h."
                            })
                    @Nullable
                    String period,
            @Option(names = "--zone", paramLabel = "ZONE", description = "Of the calendar; by default UTC.") @Nullable
                    String zone,
            @Option(
                            names = "--app",
                            paramLabel = "APP",
                            description = "For calls of that app alone; '*' for each app with an amount of its own.")
                    @Nullable
                    String app,
            @Mixin TenantOption option) {
        Map<String, String> fields = Rules.given(
                "limit", limit, "unit", unit, "currency", currency, "period", period, "zone", zone, "app", app);
        return root.session.with(installation -> {
            Rules.requireStore(installation);
            TenantId tenant = option.in(installation);
            BudgetManager budgets = installation.budgetManager();
            String afterwards = Rules.afterwards(budgets.find(Session.OPERATOR, tenant, name));
            BudgetRule rule =
                    budgets.set(Session.OPERATOR, tenant, name, fields).rule();
            return done(root, BudgetFields.KIND, name, "set: " + summary(rule) + afterwards);
        });
    }

    @Command(name = "list", description = "Lists the budgets that a tenant keeps to, with their use at this moment.")
    int list(
            @Option(
                            names = "--app",
                            paramLabel = "APP",
                            description = "Those for calls of that app, with its use where each app has an amount.")
                    @Nullable
                    AppId app,
            @Mixin TenantOption option) {
        return root.session.with(installation -> {
            List<BudgetView> views = installation.budgetManager().list(Session.OPERATOR, option.in(installation), app);
            if (root.json) {
                root.session.printJson(views.stream().map(QuotaCommands::json).toList());
                return CommandLineTool.DONE;
            }
            Table table =
                    new Table("budget", "app", "limit", "used", "held", "left", "period", "resets at", "set by", "in");
            views.forEach(view -> table.row(cells(view)));
            return table.print(root.session, false);
        });
    }

    private static @Nullable Object[] cells(BudgetView view) {
        BudgetRule rule = view.budget().rule();
        Optional<QuotaUsage> usage = view.usage();
        return new @Nullable Object[] {
            rule.name(),
            BudgetFields.text(rule.apps()),
            amount(rule),
            usage.map(known -> BudgetFields.amount(rule.unit(), known.used())).orElse(null),
            usage.map(known -> BudgetFields.amount(rule.unit(), known.held())).orElse(null),
            usage.map(known -> BudgetFields.amount(rule.unit(), known.left())).orElse(null),
            BudgetFields.text(rule.period()),
            usage.map(QuotaUsage::resetsAt).orElse(null),
            view.budget().setBy(),
            Rules.declaredIn(view.budget())
        };
    }

    private static Map<String, Object> json(BudgetView view) {
        BudgetRule rule = view.budget().rule();
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("name", rule.name());
        BudgetFields.of(rule)
                .forEach((field, text) -> shown.put(field, "limit".equals(field) ? new BigDecimal(text) : text));
        view.usage().ifPresent(usage -> {
            shown.put("used", number(rule.unit(), usage.used()));
            shown.put("held", number(rule.unit(), usage.held()));
            shown.put("left", number(rule.unit(), usage.left()));
            if (usage.resetsAt() != null) {
                shown.put("resets_at", usage.resetsAt().toString());
            }
        });
        Rules.describe(view.budget(), shown);
        return shown;
    }

    private static BigDecimal number(QuotaUnit unit, long amount) {
        return new BigDecimal(BudgetFields.amount(unit, amount));
    }

    private static String amount(BudgetRule rule) {
        String unit = rule.unit() instanceof QuotaUnit.Money money
                ? money.currency()
                : rule.unit().text();
        return rule.limit() < 0 ? "none" : BudgetFields.amount(rule.unit(), rule.limit()) + " " + unit;
    }

    private static String summary(BudgetRule rule) {
        String app = BudgetFields.text(rule.apps());
        String whose = app == null ? "" : "*".equals(app) ? " for each app" : " for app '" + app + "'";
        return amount(rule) + ", " + BudgetFields.text(rule.period()) + whose;
    }

    @Command(
            name = "remove",
            description =
                    "Removes a budget. What was used of it in the present period is known if one is set in its place.")
    int remove(@Parameters(paramLabel = "NAME", description = "The budget.") String name, @Mixin TenantOption option) {
        return root.session.with(installation -> {
            Rules.requireStore(installation);
            TenantId tenant = option.in(installation);
            BudgetManager budgets = installation.budgetManager();
            Optional<RuleView<BudgetRule>> known = budgets.find(Session.OPERATOR, tenant, name);
            if (!budgets.remove(Session.OPERATOR, tenant, name)) {
                throw Rules.unknown(BudgetFields.KIND, "quota", tenant);
            }
            return done(root, BudgetFields.KIND, name, "removed" + Rules.afterwards(known));
        });
    }
}
