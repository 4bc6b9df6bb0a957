package io.bactrian.store;

import javax.sql.DataSource;

/**
 * What differs from one kind of database to the next, apart from SQL that all understand. Two logins: an owner that
 * changes the schema while the store opens, and a user that reads and writes rows ever after.
 */
interface Dialect extends AutoCloseable {

    /** The login that owns the schema. */
    DataSource owner();

    /** The login that reads and writes rows and can do nothing else. */
    DataSource user();

    /** Lets {@link #user()} at the rows. Called after the schema is up to date; does nothing if that has been done. */
    void admitUser();

    /** Called when {@link #user()} is connected: {@link #owner()} is not needed any more. */
    void prepared();

    /** The isolation level, by its JDBC number, under which all reads of a transaction see one moment. */
    int snapshotIsolation();

    /** Whether the database is this installation's own, so that a missing key may be made while it is empty. */
    boolean embedded();

    @Override
    void close();
}
