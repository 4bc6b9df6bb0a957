package io.bactrian.core.quota;

import io.bactrian.core.rule.DurationText;
import io.bactrian.core.rule.RuleFields;
import io.bactrian.core.tenant.AppId;
import io.bactrian.core.tenant.TenantId;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Budgets as they are written: {@code app}, {@code unit}, {@code currency}, {@code limit}, {@code period}, {@code zone}. The one
 * place that reads them, for settings, files, the command line and HTTP.
 */
public final class BudgetFields {

    /** What a budget is called. */
    public static final String KIND = "budget";

    /** The fields, but for the tenant. */
    public static final Set<String> FIELDS = Set.of("app", "unit", "currency", "limit", "period", "zone");

    private static final String MONEY = "money";
    private static final String USUAL_CURRENCY = "USD";
    private static final String LIMIT = "has to be a number from 0, such as 1000000, or 12.50 of money, or -1 for none";
    private static final String UNIT = "has to be tokens, money, times or credits";
    private static final String PERIOD = "has to be hour, day, week or month of the calendar, total for one that never"
            + " ends, or the length of a rolling one, such as 24h or PT24H";
    private static final BigDecimal MOST = BigDecimal.valueOf(Long.MAX_VALUE);

    private BudgetFields() {}

    /**
     * The budget of a tenant.
     *
     * @param name its name
     * @param texts its fields
     * @throws io.bactrian.core.error.BadRequestException with {@code invalid_param}, saying all that is wrong
     */
    public static BudgetRule of(TenantId tenant, String name, Map<String, String> texts) {
        RuleFields fields = RuleFields.of(KIND, name, texts);
        fields.knows(FIELDS);
        return fields.orRefuse(read(fields, tenant));
    }

    /**
     * Reads a budget; what is wrong is told to the fields. Which fields there are has been looked at.
     *
     * @param tenant whose it is; null for each tenant's
     */
    public static Optional<BudgetRule> read(RuleFields fields, @Nullable TenantId tenant) {
        BudgetRule.Apps apps = apps(fields.read("app", AppText::of).orElse(null));
        Optional<QuotaUnit> unit = unit(fields);
        Optional<Long> limit = unit.flatMap(known -> limit(fields, known));
        Optional<QuotaPeriod> period = period(fields);
        if (!fields.fine() || unit.isEmpty() || limit.isEmpty() || period.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new BudgetRule(fields.name(), tenant, apps, unit.get(), limit.get(), period.get()));
        } catch (IllegalArgumentException e) {
            fields.problem(null, String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    /** The fields of a budget, as they are written. */
    public static Map<String, String> of(BudgetRule rule) {
        Map<String, String> texts = new LinkedHashMap<>();
        String app = text(rule.apps());
        if (app != null) {
            texts.put("app", app);
        }
        texts.put(
                "unit",
                rule.unit() instanceof QuotaUnit.Money ? MONEY : rule.unit().text());
        if (rule.unit() instanceof QuotaUnit.Money money) {
            texts.put("currency", money.currency());
        }
        texts.put("limit", amount(rule.unit(), rule.limit()));
        texts.put("period", text(rule.period()));
        if (rule.period() instanceof QuotaPeriod.Calendar calendar) {
            texts.put("zone", calendar.zone().getId());
        }
        return texts;
    }

    /** An amount as it is written: of money in its main unit. */
    public static String amount(QuotaUnit unit, long amount) {
        return unit instanceof QuotaUnit.Money && amount != QuotaLimit.UNLIMITED
                ? BigDecimal.valueOf(amount, 6).stripTrailingZeros().toPlainString()
                : Long.toString(amount);
    }

    /** An app as it is written, not yet told from all. */
    private record AppText(@Nullable AppId app) {
        static AppText of(String text) {
            return new AppText(RuleFields.EACH.equals(text) ? null : new AppId(text));
        }
    }

    private static BudgetRule.Apps apps(@Nullable AppText text) {
        if (text == null) {
            return new BudgetRule.Apps.All();
        }
        return text.app() == null ? new BudgetRule.Apps.Each() : new BudgetRule.Apps.One(text.app());
    }

    /**
     * Which calls a text means: null all, {@code *} those of each app by itself, else those of one app.
     *
     * @throws IllegalArgumentException if it is no app
     */
    public static BudgetRule.Apps apps(@Nullable String text) {
        return apps(text == null ? null : AppText.of(text));
    }

    /** As {@link #apps(String)} reads it. */
    public static @Nullable String text(BudgetRule.Apps apps) {
        if (apps instanceof BudgetRule.Apps.One one) {
            return one.app().value();
        }
        return apps instanceof BudgetRule.Apps.Each ? RuleFields.EACH : null;
    }

    private static Optional<QuotaUnit> unit(RuleFields fields) {
        String text = fields.text("unit").orElse("");
        if (MONEY.equals(text)) {
            return fields.text("currency").isEmpty()
                    ? Optional.of(new QuotaUnit.Money(USUAL_CURRENCY))
                    : fields.read("currency", QuotaUnit.Money::new);
        }
        if (fields.text("currency").isPresent()) {
            fields.problem("currency", "is for the unit money");
        }
        Optional<QuotaUnit> unit = QuotaUnit.counted(text);
        if (unit.isEmpty()) {
            fields.problem("unit", UNIT);
        }
        return unit;
    }

    private static Optional<Long> limit(RuleFields fields, QuotaUnit unit) {
        if (fields.text("limit").isEmpty()) {
            fields.problem("limit", LIMIT);
        }
        return fields.read("limit", text -> limit(text, unit));
    }

    private static long limit(String text, QuotaUnit unit) {
        try {
            BigDecimal number = new BigDecimal(text);
            if (number.compareTo(BigDecimal.valueOf(QuotaLimit.UNLIMITED)) == 0) {
                return QuotaLimit.UNLIMITED;
            }
            BigDecimal units = unit instanceof QuotaUnit.Money
                    ? number.multiply(BigDecimal.valueOf(QuotaUnit.Money.MICROS))
                    : number;
            if (units.signum() < 0 || units.compareTo(MOST) > 0) {
                throw new IllegalArgumentException(LIMIT);
            }
            return units.setScale(0, RoundingMode.UNNECESSARY).longValueExact();
        } catch (ArithmeticException | NumberFormatException e) {
            throw new IllegalArgumentException(LIMIT, e);
        }
    }

    private static Optional<QuotaPeriod> period(RuleFields fields) {
        if (fields.text("period").isEmpty()) {
            fields.problem("period", PERIOD);
            return Optional.empty();
        }
        Optional<ZoneId> zone = fields.read("zone", BudgetFields::zone);
        Optional<QuotaPeriod> period = fields.read(
                "period", text -> period(text, zone.map(ZoneId::getId).orElse(null)));
        boolean calendar = period.stream().anyMatch(known -> known instanceof QuotaPeriod.Calendar);
        if (period.isPresent() && !calendar && fields.text("zone").isPresent()) {
            fields.problem("zone", "is for the periods hour, day, week and month");
        }
        return period;
    }

    private static ZoneId zone(String text) {
        try {
            return ZoneId.of(text);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    "has to be a time zone, such as Europe/Berlin or UTC, and not '" + text + "'", e);
        }
    }

    /**
     * The period of a text.
     *
     * @param zone the time zone of one of the calendar; null for UTC. Of no account for others
     * @throws IllegalArgumentException if it is none
     */
    public static QuotaPeriod period(String text, @Nullable String zone) {
        for (QuotaPeriod.Calendar.Unit unit : QuotaPeriod.Calendar.Unit.values()) {
            if (unit.toString().equals(text.toLowerCase(Locale.ROOT))) {
                return new QuotaPeriod.Calendar(unit, zone == null ? ZoneOffset.UTC : zone(zone));
            }
        }
        if ("total".equals(text)) {
            return new QuotaPeriod.Unbounded();
        }
        try {
            return new QuotaPeriod.Rolling(DurationText.of(text));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(PERIOD + ", from 1 second to 366 days", e);
        }
    }

    /** As {@link #period(String, String)} reads it. */
    public static String text(QuotaPeriod period) {
        return period instanceof QuotaPeriod.Rolling rolling ? rolling.length().toString() : period.text();
    }
}
