package io.bactrian.store;

import io.bactrian.core.limit.LimitFields;
import io.bactrian.core.limit.RateLimitRule;
import io.bactrian.core.limit.RateResource;
import io.bactrian.core.limit.RateSelector;
import io.bactrian.core.provider.ProviderId;
import io.bactrian.core.quota.BudgetFields;
import io.bactrian.core.quota.BudgetRule;
import io.bactrian.core.quota.QuotaPeriod;
import io.bactrian.core.quota.QuotaUnit;
import io.bactrian.core.rule.NamedRule;
import io.bactrian.core.tenant.ApiKeyId;
import io.bactrian.core.tenant.AppId;
import io.bactrian.core.tenant.TenantId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;

/** How rules of a kind are written in rows. */
interface RuleRows<R extends NamedRule> {

    /** What a rule is called. */
    String kind();

    /** All of a tenant's. */
    String select();

    String insert();

    String update();

    String delete();

    /** Binds what the rule says, apart from its tenant and name. */
    StatementSpec bind(StatementSpec statement, R rule);

    /**
     * What a row says.
     *
     * @throws IllegalArgumentException if it is not understood
     */
    R rule(TenantId tenant, ResultSet row) throws SQLException;

    /** {@code quota_budgets}. */
    final class OfBudgets implements RuleRows<BudgetRule> {

        @Override
        public String kind() {
            return BudgetFields.KIND;
        }

        @Override
        public String select() {
            return RuleStatements.BUDGETS;
        }

        @Override
        public String insert() {
            return RuleStatements.ADD_BUDGET;
        }

        @Override
        public String update() {
            return RuleStatements.UPDATE_BUDGET;
        }

        @Override
        public String delete() {
            return RuleStatements.REMOVE_BUDGET;
        }

        @Override
        public StatementSpec bind(StatementSpec statement, BudgetRule rule) {
            return statement
                    .param("app", BudgetFields.text(rule.apps()))
                    .param("unit", rule.unit().text())
                    .param("amount", rule.limit())
                    .param("period", BudgetFields.text(rule.period()))
                    .param(
                            "zone",
                            rule.period() instanceof QuotaPeriod.Calendar calendar
                                    ? calendar.zone().getId()
                                    : null);
        }

        @Override
        public BudgetRule rule(TenantId tenant, ResultSet row) throws SQLException {
            String unit = row.getString("unit");
            return new BudgetRule(
                    row.getString("name"),
                    tenant,
                    BudgetFields.apps(Rows.textOrNull(row, "app_id")),
                    QuotaUnit.of(unit).orElseThrow(() -> new IllegalArgumentException("unit " + unit)),
                    row.getLong("amount"),
                    BudgetFields.period(row.getString("period"), Rows.textOrNull(row, "zone")));
        }
    }

    /** {@code rate_limit_rules}. */
    final class OfLimits implements RuleRows<RateLimitRule> {

        @Override
        public String kind() {
            return LimitFields.KIND;
        }

        @Override
        public String select() {
            return RuleStatements.LIMITS;
        }

        @Override
        public String insert() {
            return RuleStatements.ADD_LIMIT;
        }

        @Override
        public String update() {
            return RuleStatements.UPDATE_LIMIT;
        }

        @Override
        public String delete() {
            return RuleStatements.REMOVE_LIMIT;
        }

        @Override
        public StatementSpec bind(StatementSpec statement, RateLimitRule rule) {
            return statement
                    .param("app", LimitFields.text(rule.app()))
                    .param("provider", LimitFields.text(rule.provider()))
                    .param("model", LimitFields.text(rule.model()))
                    .param("apiKey", LimitFields.text(rule.apiKey()))
                    .param("requests", orNull(rule.amount(RateResource.REQUESTS)))
                    .param("tokens", orNull(rule.amount(RateResource.TOKENS)))
                    .param("concurrent", orNull(rule.amount(RateResource.CONCURRENT)))
                    .param("period", rule.per().toString());
        }

        private static @Nullable Long orNull(long amount) {
            return amount == 0 ? null : amount;
        }

        @Override
        public RateLimitRule rule(TenantId tenant, ResultSet row) throws SQLException {
            return new RateLimitRule(
                    row.getString("name"),
                    RateSelector.only(tenant),
                    LimitFields.selector(Rows.textOrNull(row, "app_id"), AppId::new),
                    LimitFields.selector(Rows.textOrNull(row, "provider_name"), ProviderId::new),
                    LimitFields.selector(Rows.textOrNull(row, "model_name"), name -> name),
                    LimitFields.selector(Rows.textOrNull(row, "api_key_id"), ApiKeyId::new),
                    // null is read as 0: any number
                    row.getLong("max_requests"),
                    row.getLong("max_tokens"),
                    row.getInt("max_concurrent"),
                    Duration.parse(row.getString("period")));
        }
    }
}
