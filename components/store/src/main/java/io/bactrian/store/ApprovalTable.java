package io.bactrian.store;

import io.bactrian.core.config.CredentialUnreadableException;
import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.MisconfiguredException;
import io.bactrian.core.tenant.AppId;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tenant.UserId;
import io.bactrian.core.tool.Approval;
import io.bactrian.core.tool.ApprovalStore;
import io.bactrian.core.tool.Approvals;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * {@code approvals}. What a call is made with, and what it takes to go on, is encrypted by the tenant's data key. Whoever asks
 * holds the tenant's lock meanwhile: two who ask for the same call, on whatever nodes, get the same approval. An approval is no
 * configuration: none of this counts as a change of the tenant.
 */
final class ApprovalTable implements ApprovalStore {

    private static final Logger LOG = LoggerFactory.getLogger(ApprovalTable.class);

    /** How many approvals a tenant may have that have not expired. */
    static final int MOST = 10_000;

    private static final int LONGEST_PAGE = 1_000;
    private static final int NO_KEY = 0;
    private static final int LONGEST_ID = 64;
    private static final int LONGEST_TOOL = 512;
    private static final int LONGEST_NAME = 300;
    private static final int LONGEST_ARGUMENTS = 1_000_000;

    private final Database database;
    private final Changes changes;
    private final DataKeyTable dataKeys;
    private final DataKeys keys;
    private final ApprovalRows rows;

    ApprovalTable(Database database, Changes changes, DataKeyTable dataKeys, DataKeys keys, ApprovalRows rows) {
        this.database = database;
        this.changes = changes;
        this.dataKeys = dataKeys;
        this.keys = keys;
        this.rows = rows;
    }

    @Override
    public Approval request(Approval wanted) {
        check(wanted);
        Approval kept = inMicroseconds(wanted);
        return changes.locked(kept.tenant(), () -> {
            DataKey primary = dataKeys.primary(kept.tenant());
            List<String> fingerprints = fingerprints(kept);
            Optional<ApprovalRows.Row> known = live(kept, fingerprints);
            if (known.isPresent()) {
                return rows.opened(known.get());
            }
            of(ApprovalStatements.RELEASE_EXPIRED_APPROVALS, kept.tenant())
                    .param("fingerprints", fingerprints)
                    .param("now", Rows.time(kept.requestedAt()))
                    .update();
            makeRoom(kept);
            add(kept, primary);
            return kept;
        });
    }

    private static void check(Approval wanted) {
        if (wanted.status() != Approval.Status.PENDING) {
            throw new IllegalArgumentException("what is asked for is not decided on yet");
        }
        if (wanted.id().isBlank()
                || wanted.id().length() > LONGEST_ID
                || wanted.tool().length() > LONGEST_TOOL) {
            throw Rows.invalid("an approval has an id of 1 to " + LONGEST_ID
                    + " characters and names a tool by at most " + LONGEST_TOOL);
        }
        if (wanted.arguments().length() > LONGEST_ARGUMENTS) {
            throw new BadRequestException(
                    ErrorCode.REQUEST_TOO_LARGE,
                    "the arguments are too long for a person to decide on (more than " + LONGEST_ARGUMENTS
                            + " characters)");
        }
    }

    /** Which is what databases keep. */
    private static Approval inMicroseconds(Approval wanted) {
        return new Approval(
                wanted.id(),
                wanted.tenant(),
                wanted.user(),
                wanted.app(),
                wanted.tool(),
                wanted.arguments(),
                wanted.requestId(),
                wanted.status(),
                wanted.requestedAt().truncatedTo(ChronoUnit.MICROS),
                wanted.expiresAt().truncatedTo(ChronoUnit.MICROS),
                null,
                null);
    }

    /** What one for this call may be known by: made with any of the tenant's keys that open. */
    private List<String> fingerprints(Approval approval) {
        List<String> fingerprints = new ArrayList<>();
        for (DataKeyTable.Row row : dataKeys.list(approval.tenant())) {
            try {
                fingerprints.add(keys.fingerprint(row.key(), AssociatedData.OfCall.of(approval)));
            } catch (CredentialUnreadableException e) {
                // nor does what this key has encrypted
                LOG.debug("approvals of an older key are passed over: {}", e.reason());
            }
        }
        return fingerprints;
    }

    private Optional<ApprovalRows.Row> live(Approval approval, List<String> fingerprints) {
        if (fingerprints.isEmpty()) {
            return Optional.empty();
        }
        return of(ApprovalStatements.APPROVAL_OF_CALL, approval.tenant())
                .param("fingerprints", fingerprints)
                .param("now", Rows.time(approval.requestedAt()))
                .query((row, n) -> ApprovalRows.row(approval.tenant(), row))
                .optional();
    }

    private void makeRoom(Approval wanted) {
        if (count(wanted.tenant()) < MOST) {
            return;
        }
        forgetExpired(wanted.tenant(), wanted.requestedAt());
        if (count(wanted.tenant()) >= MOST) {
            throw Rows.invalid("tenant '" + wanted.tenant() + "' has " + MOST
                    + " calls that wait for approval or were decided on: no more can be asked for until some expire");
        }
    }

    private long count(TenantId tenant) {
        return of(ApprovalStatements.COUNT_APPROVALS, tenant).query(Long.class).single();
    }

    private void add(Approval approval, DataKey key) {
        UserId user = approval.user();
        AppId app = approval.app();
        of(ApprovalStatements.ADD_APPROVAL, approval.tenant(), approval.id())
                .param("user", user == null ? null : user.value())
                .param("app", app == null ? null : app.value())
                .param("tool", approval.tool())
                .param("requestId", approval.requestId())
                .param("status", approval.status().text())
                .param("fingerprint", fingerprint(key, approval))
                .param("sealed", rows.sealArguments(key, approval))
                .param("keyVersion", key.version())
                .param("requestedAt", Rows.time(approval.requestedAt()))
                .param("expiresAt", Rows.time(approval.expiresAt()))
                .update();
    }

    private String fingerprint(DataKey key, Approval approval) {
        try {
            return keys.fingerprint(key, AssociatedData.OfCall.of(approval));
        } catch (CredentialUnreadableException e) {
            throw new MisconfiguredException(ErrorCode.MISCONFIGURED, "nothing can be stored: " + e.reason());
        }
    }

    @Override
    public Optional<Approval> find(TenantId tenant, String id) {
        return database.answer(() -> rows.find(tenant, id)).map(rows::opened);
    }

    @Override
    public List<Approval> pending(TenantId tenant, Instant now, int most) {
        if (most <= 0) {
            return List.of();
        }
        List<ApprovalRows.Row> found = database.answer(() -> of(ApprovalStatements.PENDING_APPROVALS, tenant)
                .param("status", Approval.Status.PENDING.text())
                .param("now", Rows.time(now))
                .param("most", Math.min(most, LONGEST_PAGE))
                .query((row, n) -> ApprovalRows.row(tenant, row))
                .list());
        List<Approval> pending = new ArrayList<>();
        for (ApprovalRows.Row row : found) {
            try {
                pending.add(rows.open(row));
            } catch (CredentialUnreadableException e) {
                // nobody can decide on what nobody can see; the others are not to wait for it
                LOG.warn("not listed: {}", e.reason());
            }
        }
        return pending;
    }

    @Override
    public Approval decide(TenantId tenant, String id, Approval.Status status, String by, Instant now) {
        return database.write(() -> {
            // one that does not open is not decided on unseen
            Approval known = rows.find(tenant, id).map(rows::opened).orElse(null);
            Approval decidable = Approvals.checkDecidable(known, status, now, id, tenant);
            int decided = of(ApprovalStatements.DECIDE_APPROVAL, tenant, id)
                    .param("status", status.text())
                    .param("by", by.length() <= LONGEST_NAME ? by : by.substring(0, LONGEST_NAME))
                    .param("now", Rows.time(now))
                    .param("pending", Approval.Status.PENDING.text())
                    .update();
            ApprovalRows.Row after = rows.find(tenant, id).orElseThrow(() -> Approvals.notThere(id, tenant));
            if (decided == 0) {
                // somebody else was quicker
                Approvals.checkDecidable(after.approval(), status, now, id, tenant);
            }
            return ApprovalRows.withArguments(after.approval(), decidable.arguments());
        });
    }

    @Override
    public boolean use(TenantId tenant, String id, Instant now) {
        return database.write(() -> of(ApprovalStatements.USE_APPROVAL, tenant, id)
                        .param("used", Approval.Status.USED.text())
                        .param("approved", Approval.Status.APPROVED.text())
                        .param("now", Rows.time(now))
                        .update())
                == 1;
    }

    @Override
    public void keepContinuation(TenantId tenant, String id, String continuation) {
        Approvals.checkContinuation(continuation);
        // keys are not rotated meanwhile
        changes.locked(tenant, () -> {
            ApprovalRows.Row row = rows.find(tenant, id).orElseThrow(() -> Approvals.notThere(id, tenant));
            DataKey primary = dataKeys.primary(tenant);
            if (row.arguments().keyVersion() != primary.version()) {
                sealOrRefuse(row, primary);
            }
            return of(ApprovalStatements.KEEP_CONTINUATION, tenant, id)
                    .param("continuation", rows.sealContinuation(primary, row.approval(), continuation))
                    .update();
        });
    }

    private void sealOrRefuse(ApprovalRows.Row row, DataKey key) {
        try {
            seal(row, key);
        } catch (CredentialUnreadableException e) {
            throw ApprovalRows.unreadable(e.reason());
        }
    }

    @Override
    public Optional<String> continuation(TenantId tenant, String id) {
        Optional<ApprovalRows.Row> row = database.answer(() -> rows.find(tenant, id));
        try {
            return row.isEmpty() ? Optional.empty() : rows.continuation(row.get());
        } catch (CredentialUnreadableException e) {
            throw ApprovalRows.unreadable(e.reason());
        }
    }

    @Override
    public int removeExpired(Instant before) {
        return database.write(() -> database.sql(ApprovalStatements.REMOVE_EXPIRED_APPROVALS)
                .param("before", Rows.time(before))
                .update());
    }

    /** Part of a change. */
    void forgetExpired(TenantId tenant, Instant now) {
        of(ApprovalStatements.FORGET_EXPIRED_APPROVALS, tenant)
                .param("now", Rows.time(now))
                .update();
    }

    /** Some of a tenant's that another key than this one encrypts, by their ids. Part of an answer or a change. */
    List<ApprovalRows.Row> behind(TenantId tenant, int keyVersion, String after, int most) {
        return of(ApprovalStatements.APPROVALS_BEHIND, tenant)
                .param("keyVersion", keyVersion)
                .param("after", after)
                .param("most", most)
                .query((row, n) -> ApprovalRows.row(tenant, row))
                .list();
    }

    /** Has each of a tenant's that has not expired looked at. */
    void forEach(TenantId tenant, Instant now, Consumer<ApprovalRows.Row> look) {
        String after = "";
        while (true) {
            String last = after;
            List<ApprovalRows.Row> page = database.answer(() -> behind(tenant, NO_KEY, last, LONGEST_PAGE));
            if (page.isEmpty()) {
                return;
            }
            page.stream().filter(row -> !row.approval().expired(now)).forEach(look);
            after = page.get(page.size() - 1).approval().id();
        }
    }

    /** Opens all that is in a row. */
    void check(ApprovalRows.Row row) throws CredentialUnreadableException {
        rows.open(row);
        rows.continuation(row);
    }

    /** Encrypts a row anew. Part of a change. */
    void seal(ApprovalRows.Row row, DataKey key) throws CredentialUnreadableException {
        Approval approval = rows.open(row);
        String continuation = rows.continuation(row).orElse(null);
        String again = row.fingerprint() == null ? null : fingerprint(key, approval);
        // two for one call are there where the older one's key could not be had when the other was asked for
        boolean taken = again != null && live(approval, List.of(again)).isPresent();
        of(ApprovalStatements.SEAL_APPROVAL, approval.tenant(), approval.id())
                .param("arguments", rows.sealArguments(key, approval))
                .param("continuation", continuation == null ? null : rows.sealContinuation(key, approval, continuation))
                .param("keyVersion", key.version())
                .param("fingerprint", taken ? null : again)
                .update();
    }

    private JdbcClient.StatementSpec of(String statement, TenantId tenant) {
        return database.sql(statement).param("tenant", tenant.value());
    }

    private JdbcClient.StatementSpec of(String statement, TenantId tenant, String id) {
        return of(statement, tenant).param("id", id);
    }
}
