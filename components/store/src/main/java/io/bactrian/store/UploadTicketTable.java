package io.bactrian.store;

import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.file.UploadNonces;
import io.bactrian.core.tenant.TenantId;
import java.time.Clock;
import java.time.Instant;

/** {@code used_upload_tickets}. What has expired goes whenever its tenant uses another one: nobody sweeps. */
final class UploadTicketTable implements UploadNonces {

    private static final int LONGEST_NONCE = 64;

    private final Database database;
    private final FileTable tenants;
    private final Clock clock;
    private final int most;

    /** @param most how many of a tenant's are remembered */
    UploadTicketTable(Database database, Clock clock, int most) {
        this.most = most;
        this.database = database;
        this.tenants = new FileTable(database);
        this.clock = clock;
    }

    @Override
    public boolean use(TenantId tenant, String nonce, Instant expiresAt) {
        if (nonce.isEmpty() || nonce.length() > LONGEST_NONCE) {
            throw new BadRequestException(
                    ErrorCode.INVALID_PARAM, "the nonce of a ticket has 1 to " + LONGEST_NONCE + " characters");
        }
        tenants.requireTenant(tenant);
        // each on its own: two calls that remove the same rows must not wait for each other with another lock in hand
        database.write(() -> database.sql(UploadTicketStatements.REMOVE_PAST_TICKETS)
                .param("tenant", tenant.value())
                .param("past", Rows.time(clock.instant().minus(MARGIN)))
                .update());
        if (used(tenant) >= most) {
            throw UploadNonces.tooMany(most);
        }
        // the key of the table decides who was first; if the answer is lost, nobody was
        return database.write(() -> database.sql(UploadTicketStatements.USE_TICKET)
                        .param("tenant", tenant.value())
                        .param("nonce", nonce)
                        .param("expiresAt", Rows.time(expiresAt))
                        .update())
                == 1;
    }

    private long used(TenantId tenant) {
        return database.answer(() -> database.sql(UploadTicketStatements.COUNT_USED_TICKETS)
                .param("tenant", tenant.value())
                .query(Long.class)
                .single());
    }
}
