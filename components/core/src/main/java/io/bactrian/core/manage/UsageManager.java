package io.bactrian.core.manage;

import io.bactrian.core.access.AccessControl;
import io.bactrian.core.access.Actor;
import io.bactrian.core.access.Permission;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.MisconfiguredException;
import io.bactrian.core.usage.UsageQuery;
import io.bactrian.core.usage.UsageReport;
import io.bactrian.core.usage.UsageStore;
import org.jspecify.annotations.Nullable;

/** What calls have used, for those who may see it. */
public final class UsageManager {

    private final @Nullable UsageStore usage;
    private final AccessControl access;

    /**
     * @param usage where it is kept; null if it is not
     * @param access decides who may see it
     */
    public UsageManager(@Nullable UsageStore usage, AccessControl access) {
        this.usage = usage;
        this.access = access;
    }

    /**
     * Sums a tenant's usage up.
     *
     * @throws MisconfiguredException if none is kept
     */
    public UsageReport report(Actor actor, UsageQuery query) {
        access.require(actor, query.tenant(), Permission.USAGE_VIEW, "usage");
        if (usage == null) {
            throw new MisconfiguredException(
                    ErrorCode.MISCONFIGURED,
                    "usage is kept in the database, and there is none: set bactrian.store.enabled");
        }
        return usage.report(query);
    }
}
