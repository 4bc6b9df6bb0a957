package io.bactrian.store;

import io.bactrian.core.config.CredentialUnreadableException;
import io.bactrian.core.tenant.TenantId;
import java.time.Clock;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code approvals}, encrypted anew. */
final class ApprovalRewrap implements SealedRows {

    private static final Logger LOG = LoggerFactory.getLogger(ApprovalRewrap.class);

    private final Database database;
    private final ApprovalTable approvals;
    private final Clock clock;

    ApprovalRewrap(Database database, ApprovalTable approvals, Clock clock) {
        this.database = database;
        this.approvals = approvals;
        this.clock = clock;
    }

    @Override
    public long countBehind() {
        return database.answer(() -> database.sql(ApprovalStatements.COUNT_APPROVALS_BEHIND)
                .query(Long.class)
                .single());
    }

    @Override
    public long countOf(TenantId tenant, int keyVersion) {
        return database.sql(ApprovalStatements.COUNT_APPROVALS_OF_KEY)
                .param("tenant", tenant.value())
                .param("keyVersion", keyVersion)
                .query(Long.class)
                .single();
    }

    @Override
    public void forgetExpired(TenantId tenant) {
        approvals.forgetExpired(tenant, clock.instant());
    }

    @Override
    public Batch rewrap(TenantId tenant, Keys keys, String after, int most) {
        List<ApprovalRows.Row> behind = approvals.behind(tenant, keys.newest().version(), after, most);
        int done = 0;
        for (ApprovalRows.Row row : behind) {
            try {
                approvals.seal(row, keys.newest());
                done++;
            } catch (CredentialUnreadableException e) {
                LOG.warn("not rewrapped: {}", e.reason());
            }
        }
        String last = behind.isEmpty()
                ? after
                : behind.get(behind.size() - 1).approval().id();
        return new Batch(behind.size(), done, last);
    }
}
