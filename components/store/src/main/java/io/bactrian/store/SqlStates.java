package io.bactrian.store;

import java.net.SocketTimeoutException;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientConnectionException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the databases' error codes mean here (PostgreSQL, appendix A; H2 uses the same for what it has in common). */
final class SqlStates {

    static final String READ_ONLY = "25006";
    static final String NO_SUCH_DATABASE = "3D000";
    static final String NO_SUCH_SCHEMA = "3F000";

    // not all of class 40: after 40003 nobody knows
    private static final Set<String> COLLIDED = Set.of("40001", "40P01");
    private static final Set<String> BAD_LOGIN = Set.of("28000", "28P01");
    private static final Set<String> SHUT_DOWN = Set.of("57P01", "57P02", "57P03", "57P05");
    // canceled, waited too long for a lock, lock time-out of H2
    private static final Set<String> TOO_SLOW = Set.of("57014", "55P03", "HYT00");

    private SqlStates() {}

    /** The database's own error below an exception; null if there is none. */
    static @Nullable SQLException of(Throwable thrown) {
        SQLException found = null;
        Throwable at = thrown;
        for (int depth = 0; at != null && depth < 20; depth++) {
            if (at instanceof SQLException sql && (found == null || sql.getSQLState() != null)) {
                found = sql;
            }
            at = at.getCause();
        }
        return found;
    }

    private static String state(@Nullable SQLException e) {
        return e == null || e.getSQLState() == null ? "" : e.getSQLState();
    }

    /** The database rolled the transaction back for the sake of others: the same again may well succeed. */
    static boolean rolledBackForOthers(@Nullable SQLException e) {
        return COLLIDED.contains(state(e));
    }

    /** The connection is gone, and with it a transaction that was not committed. */
    static boolean connectionLost(@Nullable SQLException e) {
        return e instanceof SQLNonTransientConnectionException
                || e instanceof SQLRecoverableException
                || state(e).startsWith("08")
                || SHUT_DOWN.contains(state(e));
    }

    /** Nobody has refused a connection, it only took too long. */
    static boolean gaveUpConnecting(@Nullable SQLException e) {
        return e != null && "08001".equals(state(e)) && e.getCause() == null;
    }

    /** Nothing came from the server for as long as its socket waits. */
    static boolean silent(Throwable thrown) {
        Throwable at = thrown;
        for (int depth = 0; at != null && depth < 20; depth++) {
            if (at instanceof SocketTimeoutException) {
                return true;
            }
            at = at.getCause();
        }
        return false;
    }

    static boolean badLogin(@Nullable SQLException e) {
        return BAD_LOGIN.contains(state(e));
    }

    static boolean noSuchPlace(@Nullable SQLException e) {
        return NO_SUCH_DATABASE.equals(state(e)) || NO_SUCH_SCHEMA.equals(state(e));
    }

    static boolean readOnly(@Nullable SQLException e) {
        return READ_ONLY.equals(state(e));
    }

    /** Disk, memory or connections. */
    static boolean outOfResources(@Nullable SQLException e) {
        return state(e).startsWith("53");
    }

    static boolean tooSlow(@Nullable SQLException e) {
        return TOO_SLOW.contains(state(e));
    }

    /** The pool had no connection to give. */
    static boolean poolExhausted(Throwable thrown) {
        Throwable at = thrown;
        for (int depth = 0; at != null && depth < 20; depth++) {
            if (at instanceof SQLTransientConnectionException) {
                return true;
            }
            at = at.getCause();
        }
        return false;
    }
}
