package io.bactrian.store;

import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.tenant.TenantId;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Changes to one tenant: one at a time, each a transaction that gives the tenant a new number, which this process knows
 * when it returns. The row that is locked first keeps two changes of one tenant apart; what they check stays true until
 * they commit.
 */
final class Changes {

    private final Database database;
    private final Versions versions;
    private final boolean announces;

    /** @param announces whether the database passes on to other processes that something has changed */
    Changes(Database database, Versions versions, boolean announces) {
        this.database = database;
        this.versions = versions;
        this.announces = announces;
    }

    private record Changed<T>(T result, long number) {}

    /** Changes a tenant, which has to be there. */
    <T> T change(TenantId tenant, Supplier<T> work) {
        return committed(tenant, () -> {
            require(tenant);
            return numbered(tenant, work.get());
        });
    }

    /**
     * Work that keeps all others of a tenant out and changes nothing of its configuration: nobody has to notice it.
     *
     * @throws BadRequestException with {@code tenant_not_found} if the tenant is not there
     */
    <T> T locked(TenantId tenant, Supplier<T> work) {
        return database.write(() -> {
            require(tenant);
            return work.get();
        });
    }

    private void require(TenantId tenant) {
        if (!lock(tenant)) {
            throw new BadRequestException(
                    ErrorCode.TENANT_NOT_FOUND, "there is no tenant " + tenant + " in the database");
        }
    }

    /** Removes something of a tenant. False, and nothing changed, if it or the tenant is not there. */
    boolean remove(TenantId tenant, Supplier<Boolean> work) {
        return committed(tenant, () -> {
            if (!lock(tenant) || !work.get()) {
                return new Changed<>(false, 0);
            }
            return numbered(tenant, true);
        });
    }

    /** Adds a tenant, or changes it. */
    void put(TenantId tenant, Runnable work) {
        committed(tenant, () -> {
            database.sql(ChangeStatements.ADD_VERSION)
                    .param("tenant", tenant.value())
                    .update();
            lock(tenant);
            work.run();
            return numbered(tenant, true);
        });
    }

    private <T> T committed(TenantId tenant, Supplier<Changed<T>> work) {
        Changed<T> changed = database.write(work);
        // after the commit: whoever reads this number reads data at least as new
        versions.raise(tenant, changed.number());
        return changed.result();
    }

    private boolean lock(TenantId tenant) {
        Optional<Long> version = database.sql(ChangeStatements.LOCK_VERSION)
                .param("tenant", tenant.value())
                .query(Long.class)
                .optional();
        return version.isPresent()
                && database.sql(TenantStatements.TENANT)
                        .param("tenant", tenant.value())
                        .query((row, n) -> true)
                        .optional()
                        .isPresent();
    }

    private <T> Changed<T> numbered(TenantId tenant, T result) {
        database.sql(ChangeStatements.DRAW_NUMBER).update();
        long number =
                database.sql(ChangeStatements.DRAWN_NUMBER).query(Long.class).single();
        database.sql(ChangeStatements.SET_VERSION)
                .param("tenant", tenant.value())
                .param("version", number)
                .update();
        announce(number);
        return new Changed<>(result, number);
    }

    /** Sent by the database when the transaction commits. */
    private void announce(long number) {
        if (announces) {
            database.sql(ChangeStatements.ANNOUNCE)
                    .param("channel", PostgresListener.CHANNEL)
                    .param("number", Long.toString(number))
                    .query((row, n) -> true)
                    .single();
        }
    }
}
