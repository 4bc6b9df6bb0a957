package io.bactrian.engine;

import io.bactrian.core.quota.BudgetRule;
import io.bactrian.core.quota.QuotaLimit;
import io.bactrian.core.quota.QuotaPeriod;
import io.bactrian.core.quota.QuotaUnit;
import io.bactrian.core.tenant.AppId;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.support.Durations;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The budgets in properties: {@code bactrian.budgets.NAME.tenant}, {@code app}, {@code unit}, {@code currency}, {@code limit},
 * {@code period}, {@code zone}.
 */
final class BudgetSettings {

    static final String PREFIX = "bactrian.budgets.";

    private static final Set<String> FIELDS = Set.of("tenant", "app", "unit", "currency", "limit", "period", "zone");
    private static final String USUAL_CURRENCY = "USD";
    private static final String EACH = "*";
    private static final BigDecimal MOST = BigDecimal.valueOf(Long.MAX_VALUE);

    private final @Nullable TenantId defaultTenant;
    private final List<String> problems;

    private BudgetSettings(@Nullable TenantId defaultTenant, List<String> problems) {
        this.defaultTenant = defaultTenant;
        this.problems = problems;
    }

    /** Reads the budgets; what is wrong goes to {@code problems}. */
    static List<BudgetRule> read(Settings settings, @Nullable TenantId defaultTenant, List<String> problems) {
        BudgetSettings reader = new BudgetSettings(defaultTenant, problems);
        List<BudgetRule> rules = new ArrayList<>();
        NamedSettings.read(settings, PREFIX, problems)
                .forEach((name, fields) -> reader.rule(name, fields).ifPresent(rules::add));
        return rules;
    }

    private Optional<BudgetRule> rule(String name, Map<String, String> fields) {
        String prefix = PREFIX + name + ".";
        for (String field : fields.keySet()) {
            if (!FIELDS.contains(field)) {
                problems.add(prefix + field + ": is not known; a budget has "
                        + FIELDS.stream().sorted().toList());
                return Optional.empty();
            }
        }
        try {
            QuotaUnit unit = unit(fields);
            return Optional.of(
                    new BudgetRule(name, tenant(fields), apps(fields), unit, limit(unit, fields), period(fields)));
        } catch (IllegalArgumentException | DateTimeException e) {
            problems.add(prefix + "*: " + e.getMessage());
            return Optional.empty();
        }
    }

    private @Nullable TenantId tenant(Map<String, String> fields) {
        String tenant = text(fields, "tenant").orElse(null);
        if (EACH.equals(tenant)) {
            return null;
        }
        if (tenant != null) {
            return new TenantId(tenant);
        }
        if (defaultTenant == null) {
            throw new IllegalArgumentException("set tenant, to '*' for each tenant, as there is no default one");
        }
        return defaultTenant;
    }

    private static BudgetRule.Apps apps(Map<String, String> fields) {
        return text(fields, "app")
                .<BudgetRule.Apps>map(
                        app -> EACH.equals(app) ? new BudgetRule.Apps.Each() : new BudgetRule.Apps.One(new AppId(app)))
                .orElseGet(BudgetRule.Apps.All::new);
    }

    private static QuotaUnit unit(Map<String, String> fields) {
        String unit = text(fields, "unit")
                .orElseThrow(() -> new IllegalArgumentException("set unit, to tokens, money, times or credits"));
        if ("money".equals(unit)) {
            return new QuotaUnit.Money(text(fields, "currency").orElse(USUAL_CURRENCY));
        }
        if (fields.containsKey("currency")) {
            throw new IllegalArgumentException("currency is for the unit money");
        }
        return QuotaUnit.counted(unit)
                .orElseThrow(() -> new IllegalArgumentException("unit has to be tokens, money, times or credits"));
    }

    private static long limit(QuotaUnit unit, Map<String, String> fields) {
        String rule = "limit has to be a number from 0, such as 1000000, or 12.50 of money, or -1 for none";
        String text = text(fields, "limit").orElseThrow(() -> new IllegalArgumentException(rule));
        try {
            BigDecimal number = new BigDecimal(text);
            if (number.compareTo(BigDecimal.valueOf(QuotaLimit.UNLIMITED)) == 0) {
                return QuotaLimit.UNLIMITED;
            }
            BigDecimal units = unit instanceof QuotaUnit.Money
                    ? number.multiply(BigDecimal.valueOf(QuotaUnit.Money.MICROS))
                    : number;
            if (units.signum() < 0 || units.compareTo(MOST) > 0) {
                throw new IllegalArgumentException(rule);
            }
            return units.setScale(0, RoundingMode.UNNECESSARY).longValueExact();
        } catch (ArithmeticException | NumberFormatException e) {
            throw new IllegalArgumentException(rule, e);
        }
    }

    private static QuotaPeriod period(Map<String, String> fields) {
        String rule = "period has to be hour, day, week or month of the calendar, total for one that never ends, or the"
                + " length of a rolling one, such as 24h or PT24H";
        String text = text(fields, "period").orElseThrow(() -> new IllegalArgumentException(rule));
        Optional<ZoneId> zone = text(fields, "zone").map(ZoneId::of);
        for (QuotaPeriod.Calendar.Unit unit : QuotaPeriod.Calendar.Unit.values()) {
            if (unit.toString().equals(text.toLowerCase(Locale.ROOT))) {
                return new QuotaPeriod.Calendar(unit, zone.orElse(ZoneOffset.UTC));
            }
        }
        if (zone.isPresent()) {
            throw new IllegalArgumentException("zone is for the periods hour, day, week and month");
        }
        if ("total".equals(text)) {
            return new QuotaPeriod.Unbounded();
        }
        try {
            return new QuotaPeriod.Rolling(Durations.of(text));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(rule + ", from 1 second to 366 days", e);
        }
    }

    private static Optional<String> text(Map<String, String> fields, String field) {
        return Optional.ofNullable(fields.get(field)).map(String::strip).filter(text -> !text.isEmpty());
    }
}
