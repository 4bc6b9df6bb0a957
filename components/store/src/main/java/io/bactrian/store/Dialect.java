package io.bactrian.store;

import java.util.function.Function;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.configuration.FluentConfiguration;

/**
 * What differs from one kind of database to the next, apart from SQL that all understand. Two logins: an owner that
 * changes the schema while the store opens, and a user that reads and writes rows ever after.
 */
interface Dialect extends AutoCloseable {

    /** The login that owns the schema. */
    DataSource owner();

    /** The login that reads and writes rows and can do nothing else. */
    DataSource user();

    /** As {@link #user()}, for the one connection that looks for changes: it gives up sooner. */
    DataSource watcher();

    /** Tells Flyway what is particular to this kind of database. */
    void configure(FluentConfiguration flyway);

    /**
     * Brings the schema up to date. A migration that is broken off, by an error or with the process, leaves the schema as it
     * was, or so that the next start can mend it (DB-05).
     *
     * @param flyway gives what runs the migrations by a login
     */
    void migrate(Function<DataSource, Flyway> flyway);

    /** Lets {@link #user()} at the rows. Called after the schema is up to date; does nothing if that has been done. */
    void admitUser();

    /** Called when {@link #user()} is connected: {@link #owner()} is not needed any more. */
    void prepared();

    /** The isolation level, by its JDBC number, under which all reads of a transaction see one moment. */
    int snapshotIsolation();

    /** Whether the database is this installation's own, so that a missing key may be made while it is empty. */
    boolean embedded();

    /** Whether those who listen are to be told of each change: {@link ChangeStatements#ANNOUNCE}. */
    boolean announces();

    /**
     * Runs something whenever a change is announced. A hint: announcements get lost, and so does the connection they come
     * by; whoever relies on them looks for changes by the clock as well (CACHE-02).
     *
     * @param wake returns at once
     */
    Listening listen(Runnable wake);

    @Override
    void close();

    /** Somebody listens. */
    interface Listening extends AutoCloseable {

        /** Nobody does, where there is nothing to hear. */
        Listening NOTHING = () -> {};

        /** Listens no more. */
        @Override
        void close();
    }
}
