package io.bactrian.core.manage;

import io.bactrian.core.quota.BudgetRule;
import io.bactrian.core.quota.QuotaUsage;
import java.util.Optional;

/**
 * A budget that a tenant keeps to, with its use at this moment.
 *
 * @param budget the budget
 * @param usage how much of it is used; empty for one without a number, and for one of each app where none was named
 */
public record BudgetView(RuleView<BudgetRule> budget, Optional<QuotaUsage> usage) {}
