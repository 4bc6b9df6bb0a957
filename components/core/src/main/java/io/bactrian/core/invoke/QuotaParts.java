package io.bactrian.core.invoke;

import io.bactrian.core.quota.Budgets;
import io.bactrian.core.quota.ModelCredits;
import io.bactrian.core.quota.QuotaLedger;

/**
 * What quotas and budgets are kept with.
 *
 * @param ledger keeps the accounts
 * @param budgets what tenants and apps may spend
 * @param credits what calls of models cost in credits
 */
public record QuotaParts(QuotaLedger ledger, Budgets budgets, ModelCredits credits) {}
