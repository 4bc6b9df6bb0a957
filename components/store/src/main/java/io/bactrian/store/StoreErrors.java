package io.bactrian.store;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.ErrorDetails;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.error.UnavailableException;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** A database's failure as the house knows it: one code, and a sentence that says what to do about it. */
final class StoreErrors {

    private static final String AWAY = "the database does not answer; try again";

    private StoreErrors() {}

    static UnavailableException of(RuntimeException cause) {
        return new UnavailableException(
                ErrorCode.STORE_UNAVAILABLE, message(cause, SqlStates.of(cause)), ErrorDetails.NONE, cause);
    }

    /** The connection went while the change was committed: it is there or not, and doing it again may do it twice. */
    static UnavailableException inDoubt(RuntimeException cause) {
        return new UnavailableException(
                ErrorCode.STORE_OUTCOME_UNKNOWN,
                "the database went away while it stored the change, which may be there or not: look before you do it again",
                ErrorDetails.NONE,
                cause);
    }

    /** Known to be away: nobody asked it. */
    static UnavailableException away() {
        return new UnavailableException(ErrorCode.STORE_UNAVAILABLE, AWAY);
    }

    private static String message(Exception cause, @Nullable SQLException sql) {
        // what the pool could not connect to is below its own exception
        if (SqlStates.poolExhausted(cause) && !SqlStates.connectionLost(sql)) {
            return "no connection to the database was free in time; try again, or raise " + StoreSettings.POOL_SIZE;
        }
        if (SqlStates.badLogin(sql)) {
            return "the database refuses the login: check " + StoreSettings.USERNAME + " and " + StoreSettings.PASSWORD;
        }
        if (SqlStates.readOnly(sql)) {
            return "the database takes no changes: it is a copy that is only read, or was set so; name the one that is"
                    + " written to in " + StoreSettings.URL;
        }
        if (SqlStates.outOfResources(sql)) {
            return "the database is out of disk, memory or connections; try again when it has been given some";
        }
        if (SqlStates.tooSlow(sql)) {
            return "the database did not answer in time; try again";
        }
        if (SqlStates.rolledBackForOthers(sql)) {
            return "others changed the same at the same time, " + Database.ATTEMPTS + " times over; try again";
        }
        return AWAY;
    }

    /** A failure while the store opens: a wrong login or name will not mend by itself. */
    static InvokeException whileOpening(Exception cause) {
        SQLException sql = SqlStates.of(cause);
        if (SqlStates.badLogin(sql)) {
            return PrivateFiles.wrong(
                    "the database refuses the login: check " + StoreSettings.USERNAME + " and "
                            + StoreSettings.PASSWORD,
                    cause);
        }
        if (SqlStates.noSuchPlace(sql)) {
            return PrivateFiles.wrong(
                    "the server has no database or schema of that name: make it, or correct " + StoreSettings.URL,
                    cause);
        }
        return new UnavailableException(
                ErrorCode.STORE_UNAVAILABLE,
                "the database cannot be prepared: " + message(cause, sql),
                ErrorDetails.NONE,
                cause);
    }
}
