package io.bactrian.engine;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.MisconfiguredException;
import io.bactrian.core.invoke.QuotaParts;
import io.bactrian.core.quota.Alarm;
import io.bactrian.core.quota.BudgetRule;
import io.bactrian.core.quota.Budgets;
import io.bactrian.core.quota.MemoryQuotaLedger;
import io.bactrian.core.quota.ModelCredits;
import io.bactrian.core.quota.QuotaAlerts;
import io.bactrian.core.quota.QuotaLedger;
import io.bactrian.core.rule.RuleSource;
import io.bactrian.core.tenant.TenantId;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What an installation keeps quotas and budgets with: the ledger in the store, or in memory if there is none.
 *
 * @param parts what the chain needs
 */
record QuotaAssembly(QuotaParts parts) implements AutoCloseable {

    static final String ALERTS = "bactrian.quotas.alerts";
    static final String CREDITS = "bactrian.quotas.credits";

    /**
     * Reads the settings and opens the ledger.
     *
     * @param store the store; null if there is none
     * @param kept the budgets that tenants keep
     * @param alerts whom to tell that limits fill up
     * @throws MisconfiguredException naming every setting that is wrong
     */
    static QuotaAssembly of(
            Settings settings,
            @Nullable OpenStore store,
            @Nullable TenantId defaultTenant,
            RuleSource<BudgetRule> kept,
            QuotaAlerts alerts,
            Clock clock,
            LongSupplier nanoClock) {
        List<String> problems = new ArrayList<>();
        List<BudgetRule> budgets = RuleSettings.budgets(settings, defaultTenant, problems);
        Map<String, Long> credits = credits(settings, problems);
        List<Integer> thresholds = thresholds(settings, problems);
        if (!problems.isEmpty()) {
            throw new MisconfiguredException(ErrorCode.MISCONFIGURED, String.join("\n", problems));
        }
        Alarm alarm = new Alarm(alerts, thresholds);
        QuotaLedger ledger =
                store == null ? new MemoryQuotaLedger(alarm, clock, nanoClock) : store.quotas(alarm, nanoClock);
        return new QuotaAssembly(new QuotaParts(ledger, new Budgets(budgets, kept), new ModelCredits(credits)));
    }

    private static List<Integer> thresholds(Settings settings, List<String> problems) {
        String text = settings.find(ALERTS).orElse(null);
        if (text == null) {
            return Alarm.USUAL;
        }
        List<Integer> thresholds = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            String percent = part.strip();
            if (!percent.matches("[1-9][0-9]?|100")) {
                problems.add(ALERTS + ": has to be percentages from 1 to 100 with commas between them, such as 80,100");
                return List.of();
            }
            thresholds.add(Integer.parseInt(percent));
        }
        return thresholds;
    }

    /** {@code PROVIDER/MODEL:CREDITS}, with commas between them; a model's name may hold a colon. */
    private static Map<String, Long> credits(Settings settings, List<String> problems) {
        Map<String, Long> credits = new HashMap<>();
        for (String part : settings.find(CREDITS).orElse("").split(",", -1)) {
            String entry = part.strip();
            int colon = entry.lastIndexOf(':');
            boolean fine = colon > 0
                    && entry.indexOf('/') > 0
                    && entry.indexOf('/') < colon - 1
                    && entry.substring(colon + 1).strip().matches("[0-9]{1,15}");
            if (fine) {
                credits.put(
                        entry.substring(0, colon).strip(),
                        Long.parseLong(entry.substring(colon + 1).strip()));
            } else if (!entry.isEmpty()) {
                problems.add(CREDITS
                        + ": has to be PROVIDER/MODEL:CREDITS with commas between them, such as openai/gpt-4o:20");
            }
        }
        return credits;
    }

    Budgets budgets() {
        return parts.budgets();
    }

    QuotaLedger ledger() {
        return parts.ledger();
    }

    /** Before the store. */
    @Override
    public void close() {
        ledger().close();
    }
}
