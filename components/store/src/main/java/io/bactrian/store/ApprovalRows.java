package io.bactrian.store;

import com.google.crypto.tink.util.Bytes;
import io.bactrian.core.config.CredentialUnreadableException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.MisconfiguredException;
import io.bactrian.core.tenant.AppId;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tenant.UserId;
import io.bactrian.core.tool.Approval;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Rows of {@code approvals}: what they are made of, and how they are opened. */
final class ApprovalRows {

    private static final String ARGUMENTS = "arguments";
    private static final String CONTINUATION = "continuation";

    private final Database database;
    private final Vault vault;

    /**
     * A row.
     *
     * @param approval the approval, without its arguments
     * @param fingerprint which call it is for; null once it was used
     * @param arguments its arguments
     * @param continuation what is kept beside it; null for nothing
     */
    record Row(
            Approval approval,
            @Nullable String fingerprint,
            SealedText arguments,
            @Nullable SealedText continuation) {}

    ApprovalRows(Database database, Vault vault) {
        this.database = database;
        this.vault = vault;
    }

    /** Part of an answer or a change. */
    Optional<Row> find(TenantId tenant, String id) {
        return database.sql(ApprovalStatements.APPROVAL)
                .param("tenant", tenant.value())
                .param("id", id)
                .query((row, n) -> row(tenant, row))
                .optional();
    }

    static Row row(TenantId tenant, ResultSet row) throws SQLException {
        Approval approval = approval(tenant, row);
        int keyVersion = row.getInt("data_key_version");
        DataKey key = Rows.dataKey(tenant, row);
        String subject = "approval " + approval.id() + " of tenant " + tenant;
        byte[] continuation = row.getBytes("encrypted_continuation");
        return new Row(
                approval,
                Rows.textOrNull(row, "fingerprint"),
                new SealedText(
                        subject,
                        AssociatedData.OfApproval.of(ARGUMENTS, approval),
                        keyVersion,
                        key,
                        Bytes.copyFrom(row.getBytes("encrypted_arguments"))),
                continuation == null
                        ? null
                        : new SealedText(
                                "what was kept beside " + subject,
                                AssociatedData.OfApproval.of(CONTINUATION, approval),
                                keyVersion,
                                key,
                                Bytes.copyFrom(continuation)));
    }

    private static Approval approval(TenantId tenant, ResultSet row) throws SQLException {
        String user = Rows.textOrNull(row, "user_id");
        String app = Rows.textOrNull(row, "app_id");
        return new Approval(
                row.getString("id"),
                tenant,
                user == null ? null : new UserId(user),
                app == null ? null : new AppId(app),
                row.getString("tool"),
                "",
                row.getString("request_id"),
                Approval.Status.of(row.getString("status")).orElseThrow(),
                Rows.time(row, "requested_at"),
                Rows.time(row, "expires_at"),
                Rows.textOrNull(row, "decided_by"),
                Rows.timeOrNull(row, "decided_at"));
    }

    /** The arguments of an approval, encrypted. */
    byte[] sealArguments(DataKey key, Approval approval) {
        return vault.seal(key, AssociatedData.OfApproval.of(ARGUMENTS, approval), approval.arguments());
    }

    /** What is kept beside an approval, encrypted. */
    byte[] sealContinuation(DataKey key, Approval approval, String continuation) {
        return vault.seal(key, AssociatedData.OfApproval.of(CONTINUATION, approval), continuation);
    }

    /** What is kept beside it; empty for nothing. */
    Optional<String> continuation(Row row) throws CredentialUnreadableException {
        SealedText sealed = row.continuation();
        return sealed == null ? Optional.empty() : Optional.of(vault.open(sealed));
    }

    /**
     * With its arguments.
     *
     * @throws MisconfiguredException with {@code credential_unreadable}
     */
    Approval opened(Row row) {
        try {
            return open(row);
        } catch (CredentialUnreadableException e) {
            throw unreadable(e.reason());
        }
    }

    /** With its arguments. */
    Approval open(Row row) throws CredentialUnreadableException {
        return withArguments(row.approval(), vault.open(row.arguments()));
    }

    static Approval withArguments(Approval approval, String arguments) {
        return new Approval(
                approval.id(),
                approval.tenant(),
                approval.user(),
                approval.app(),
                approval.tool(),
                arguments,
                approval.requestId(),
                approval.status(),
                approval.requestedAt(),
                approval.expiresAt(),
                approval.decidedBy(),
                approval.decidedAt());
    }

    static MisconfiguredException unreadable(String reason) {
        return new MisconfiguredException(
                ErrorCode.CREDENTIAL_UNREADABLE, reason + ": have the call made again once it has expired");
    }
}
