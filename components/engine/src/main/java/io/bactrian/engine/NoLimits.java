package io.bactrian.engine;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.MisconfiguredException;
import io.bactrian.core.limit.RateLimitRule;
import io.bactrian.core.rule.RuleRecord;
import io.bactrian.core.rule.RuleStore;
import io.bactrian.core.tenant.TenantId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The limits of tenants where no call is asked about any: one that was set would not be in force, and is refused. */
final class NoLimits implements RuleStore<RateLimitRule> {

    @Override
    public List<RuleRecord<RateLimitRule>> rules(TenantId tenant) {
        return List.of();
    }

    @Override
    public RuleRecord<RateLimitRule> put(
            TenantId tenant, RuleRecord<RateLimitRule> wanted, @Nullable RuleRecord<RateLimitRule> read) {
        throw new MisconfiguredException(
                ErrorCode.MISCONFIGURED,
                "limits that are set while it runs need a database: set " + OpenStore.ENABLED
                        + ", or declare them in properties or in the workspace's file");
    }

    @Override
    public boolean remove(TenantId tenant, RuleRecord<RateLimitRule> read) {
        return false;
    }
}
