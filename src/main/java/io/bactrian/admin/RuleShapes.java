package io.bactrian.admin;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.bactrian.core.limit.LimitFields;
import io.bactrian.core.limit.RateLimitRule;
import io.bactrian.core.manage.BudgetView;
import io.bactrian.core.manage.RuleView;
import io.bactrian.core.quota.BudgetFields;
import io.bactrian.core.quota.BudgetRule;
import io.bactrian.core.quota.QuotaUnit;
import io.bactrian.core.quota.QuotaUsage;
import io.bactrian.core.rule.NamedRule;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Budgets and limits in JSON, by the fields that they have in settings. */
final class RuleShapes {

    private RuleShapes() {}

    /** What a tenant or an app may spend. */
    @Shape
    @Schema(name = "Budget")
    record Budget(
            @JsonProperty(required = true) String name,

            @Schema(description = "Whose calls: one app's, * each app's by itself; left out: all together.") @Nullable
            String app,

            @JsonProperty(required = true) @Schema(allowableValues = {"tokens", "money", "times", "credits"})
            String unit,

            @Nullable String currency,

            @JsonProperty(required = true) @Schema(description = "How many; -1 for no limit.")
            String limit,

            @JsonProperty(required = true)
            @Schema(description = "hour, day, week, month, total, or the length of a rolling one.")
            String period,

            @Nullable String zone,
            @JsonProperty(required = true) Origin origin) {

        static Budget of(RuleView<BudgetRule> view) {
            Map<String, String> fields = BudgetFields.of(view.rule());
            return new Budget(
                    view.rule().name(),
                    fields.get("app"),
                    String.valueOf(fields.get("unit")),
                    fields.get("currency"),
                    String.valueOf(fields.get("limit")),
                    String.valueOf(fields.get("period")),
                    fields.get("zone"),
                    Origin.of(view));
        }
    }

    /** Who has set a rule, and where it is changed. */
    @Shape
    @Schema(name = "RuleOrigin")
    record Origin(
            @JsonProperty(required = true) @Schema(allowableValues = {"operator", "tenant"})
            String setBy,

            @Schema(description = "The property that declares it: it is changed there alone.") @Nullable
            String property,

            @Schema(description = "The file that declares it, and is applied again at the next start.") @Nullable
            String managedBy,

            @JsonProperty(required = true) @Schema(description = "Counts its changes; 0 for one of properties.")
            long version) {

        static Origin of(RuleView<? extends NamedRule> view) {
            return new Origin(
                    view.setBy().text(),
                    view.property().orElse(null),
                    view.managedBy().orElse(null),
                    view.version());
        }
    }

    /** A budget with its use at this moment. */
    @Shape
    @Schema(name = "BudgetUse")
    record BudgetUse(
            @JsonProperty(required = true) Budget budget,

            @Schema(description = "What has been used of it in the present period.") @Nullable
            String used,

            @Schema(description = "What is reserved for calls under way.") @Nullable
            String held,

            @Schema(description = "What is left of it.") @Nullable
            String left,

            @Schema(description = "When it begins anew, if it does.") @Nullable
            Instant resetsAt) {

        static BudgetUse of(BudgetView view) {
            Budget budget = Budget.of(view.budget());
            QuotaUsage usage = view.usage().orElse(null);
            if (usage == null) {
                return new BudgetUse(budget, null, null, null, null);
            }
            QuotaUnit unit = view.budget().rule().unit();
            return new BudgetUse(
                    budget,
                    BudgetFields.amount(unit, usage.used()),
                    BudgetFields.amount(unit, usage.held()),
                    BudgetFields.amount(unit, usage.left()),
                    usage.resetsAt());
        }
    }

    /** A budget to be set. */
    @Shape
    @Schema(name = "BudgetChange")
    record BudgetChange(
            @Schema(description = "Whose calls: one app's, * each app's by itself; by default all together.") @Nullable
            String app,

            @JsonProperty(required = true) @Schema(allowableValues = {"tokens", "money", "times", "credits"})
            String unit,

            @Schema(description = "Of money; by default USD.", example = "EUR") @Nullable
            String currency,

            @JsonProperty(required = true) @Schema(description = "How many; -1 for no limit.", example = "12.50")
            String limit,

            @JsonProperty(required = true)
            @Schema(description = "hour, day, week, month, total, or the length of a rolling one, such as 24h.")
            String period,

            @Schema(description = "Of the calendar; by default UTC.", example = "Europe/Berlin") @Nullable
            String zone) {

        Map<String, String> fields() {
            Map<String, String> fields = new LinkedHashMap<>();
            put(fields, "app", app);
            put(fields, "unit", unit);
            put(fields, "currency", currency);
            put(fields, "limit", limit);
            put(fields, "period", period);
            put(fields, "zone", zone);
            return fields;
        }
    }

    /** Some of the budgets. */
    @Shape
    @Schema(name = "BudgetList")
    record BudgetList(
            @JsonProperty(required = true) List<BudgetUse> data,

            @Schema(description = "Where the next page begins, if there is one.") @Nullable
            String next) {}

    /** How many calls and tokens there may be in a time, and how many calls at once. */
    @Shape
    @Schema(name = "Limit")
    record Limit(
            @JsonProperty(required = true) String name,
            @Nullable String app,
            @Nullable String model,
            @Nullable String apiKey,
            @Nullable Long requests,
            @Nullable Long tokens,
            @Nullable Long concurrent,
            @Nullable String per,
            @JsonProperty(required = true) Origin origin) {

        static Limit of(RuleView<RateLimitRule> view) {
            Map<String, String> fields = LimitFields.of(view.rule());
            return new Limit(
                    view.rule().name(),
                    fields.get("app"),
                    fields.get("model"),
                    fields.get("api-key"),
                    number(fields.get("requests")),
                    number(fields.get("tokens")),
                    number(fields.get("concurrent")),
                    fields.get("per"),
                    Origin.of(view));
        }

        private static @Nullable Long number(@Nullable String text) {
            return text == null ? null : Long.valueOf(text);
        }
    }

    /** A limit to be set. */
    @Shape
    @Schema(name = "LimitChange")
    record LimitChange(
            @Schema(description = "Whose calls: one app's, * each app's by itself; by default all together.") @Nullable
            String app,

            @Schema(description = "PROVIDER, PROVIDER/*, PROVIDER/MODEL or *; by default all together.") @Nullable
            String model,

            @Schema(description = "The id of an API key, * each by itself; by default all together.") @Nullable
            String apiKey,

            @Schema(description = "How many calls in the time.") @Nullable
            Long requests,

            @Schema(description = "How many tokens in the time.") @Nullable
            Long tokens,

            @Schema(description = "How many calls at once.") @Nullable
            Long concurrent,

            @Schema(description = "In which time; by default 1m.", example = "1m") @Nullable
            String per) {

        Map<String, String> fields() {
            Map<String, String> fields = new LinkedHashMap<>();
            put(fields, "app", app);
            put(fields, "model", model);
            put(fields, "api-key", apiKey);
            put(fields, "requests", requests);
            put(fields, "tokens", tokens);
            put(fields, "concurrent", concurrent);
            put(fields, "per", per);
            return fields;
        }
    }

    /** Some of the limits. */
    @Shape
    @Schema(name = "LimitList")
    record LimitList(
            @JsonProperty(required = true) List<Limit> data,

            @Schema(description = "Where the next page begins, if there is one.") @Nullable
            String next) {}

    private static void put(Map<String, String> fields, String name, @Nullable Object value) {
        if (value != null) {
            fields.put(name, value.toString());
        }
    }
}
