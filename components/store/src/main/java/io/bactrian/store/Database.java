package io.bactrian.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import com.zaxxer.hikari.SQLExceptionOverride;
import com.zaxxer.hikari.pool.HikariPool;
import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.core.namedparam.SqlParameterSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Connections, transactions, and the errors of both as the house knows them. What is passed in to be run may be run more
 * than once: it does nothing but send statements.
 */
final class Database implements AutoCloseable {

    /** How often a transaction is tried that the database rolls back for the sake of others (DB-09). */
    static final int ATTEMPTS = 4;

    /** The connection that takes the place of a lost one may have been on its way when the server ended all of them. */
    private static final int REPLACEMENTS = 2;

    private static final int OPENINGS = 2;

    private static final int STATEMENT_SECONDS = 5;

    // several statements, each of which may take its time
    private static final int READING_SECONDS = 8;
    private static final int WRITING_SECONDS = 30;

    /** How many may find out whether a database that is away is back; all others are refused at once. */
    private static final int SCOUTS = 2;

    private final HikariDataSource pool;
    private final Semaphore scouts = new Semaphore(SCOUTS);
    private volatile boolean away;
    private final NamedParameterJdbcTemplate named;
    private final JdbcClient jdbc;
    private final TransactionTemplate writing;
    private final TransactionTemplate reading;

    /**
     * How a pool is made.
     *
     * @param name what it is called in the log
     * @param size connections at most
     * @param patience how long a caller waits for one
     * @param statementSeconds how long a statement may take
     */
    record Pool(String name, int size, Duration patience, int statementSeconds) {

        /** For calls. */
        static Pool ofCalls(int size) {
            return new Pool("bactrian-store", size, Duration.ofSeconds(2), STATEMENT_SECONDS);
        }

        /** For the look for changes, which must not wait behind calls. */
        static Pool ofPoll() {
            return new Pool("bactrian-store-poll", 1, Duration.ofSeconds(1), 2);
        }
    }

    Database(DataSource source, int snapshotIsolation, Pool how) {
        HikariConfig config = new HikariConfig();
        config.setPoolName(how.name());
        config.setDataSource(source);
        config.setMaximumPoolSize(how.size());
        config.setMinimumIdle(1);
        config.setConnectionTimeout(how.patience().toMillis());
        config.setValidationTimeout(Math.min(1_000, how.patience().toMillis()));
        // below the time after which firewalls and servers drop what is old, in steps so that not all go at once
        config.setMaxLifetime(TimeUnit.MINUTES.toMillis(10));
        config.setIdleTimeout(TimeUnit.MINUTES.toMillis(5));
        config.setKeepaliveTime(TimeUnit.MINUTES.toMillis(1));
        config.setExceptionOverride(new EvictLost());
        this.pool = opened(config);
        JdbcTemplate template = new JdbcTemplate(pool);
        template.setQueryTimeout(how.statementSeconds());
        this.named = new NamedParameterJdbcTemplate(template);
        this.jdbc = JdbcClient.create(named);
        JdbcTransactionManager transactions = new JdbcTransactionManager(pool);
        this.writing = new TransactionTemplate(transactions);
        writing.setIsolationLevel(TransactionDefinition.ISOLATION_READ_COMMITTED);
        writing.setTimeout(WRITING_SECONDS);
        this.reading = new TransactionTemplate(transactions);
        reading.setReadOnly(true);
        reading.setIsolationLevel(snapshotIsolation);
        reading.setTimeout(READING_SECONDS);
    }

    /** A server that many nodes open at the same time may let the first connection wait: it is asked once more. */
    private static HikariDataSource opened(HikariConfig config) {
        for (int attempt = 1; ; attempt++) {
            try {
                return new HikariDataSource(config);
            } catch (HikariPool.PoolInitializationException e) {
                if (attempt == OPENINGS || !SqlStates.gaveUpConnecting(SqlStates.of(e))) {
                    throw StoreErrors.of(e);
                }
            }
        }
    }

    /**
     * Has the pool drop a connection whose database has gone, or takes no changes any more since another server does. The
     * pool knows some databases' codes for that, but not H2's, and does not check a connection that was used half a second
     * ago: one that is used all the time would never be dropped.
     */
    private static final class EvictLost implements SQLExceptionOverride {
        @java.lang.Override
        public Override adjudicate(SQLException e) {
            boolean lost = SqlStates.connectionLost(e)
                    || SqlStates.readOnly(e)
                    || e instanceof SQLTransientConnectionException;
            return lost ? Override.MUST_EVICT : Override.CONTINUE_EVICT;
        }
    }

    /** Whether the database is known to be away: then nearly nobody waits to find out again (DB-01). */
    void away(boolean isAway) {
        away = isAway;
    }

    /** A statement, under the rules of {@link AcrossTenants}; to be run within {@link #answer}, {@link #read} or {@link #write}. */
    JdbcClient.StatementSpec sql(String statement) {
        return jdbc.sql(statement);
    }

    /** Has a statement be done for many rows on one way to the database; within {@link #write}. */
    void batch(String statement, List<? extends SqlParameterSource> rows) {
        named.batchUpdate(statement, rows.toArray(SqlParameterSource[]::new));
    }

    /** A single statement's answer. */
    <T> T answer(Supplier<T> work) {
        if (TransactionSynchronizationManager.isSynchronizationActive() && !inOwnTransaction()) {
            // the transaction of a route, on another database or a broker, would keep the connection until after the
            // model has answered: one of our own gives it back at once
            return read(work);
        }
        return persistently(progress -> work.get(), true);
    }

    private boolean inOwnTransaction() {
        return TransactionSynchronizationManager.hasResource(pool);
    }

    /** The answers of several statements, all of one moment. */
    <T> T read(Supplier<T> work) {
        return persistently(progress -> result(reading, work, progress), true);
    }

    /**
     * One transaction. Tried again when the database rolled it back for the sake of another (DB-09), and when its connection
     * went before it was asked to commit (DB-02): not afterwards, as nobody knows then whether it did.
     */
    <T> T write(Supplier<T> work) {
        return persistently(progress -> result(writing, work, progress), false);
    }

    private record Box<T>(T value) {}

    /** How far a transaction came. */
    private static final class Progress {
        // what fails afterwards is the commit
        private boolean committing;
        // what fails afterwards is the rollback, which tells less
        private @Nullable RuntimeException failure;
    }

    private interface Attempt<T> {
        T run(Progress progress);
    }

    private static <T> T result(TransactionTemplate transaction, Supplier<T> work, Progress progress) {
        Box<T> box = transaction.execute(status -> {
            try {
                T value = work.get();
                progress.committing = true;
                return new Box<>(value);
            } catch (RuntimeException e) {
                progress.failure = e;
                throw e;
            }
        });
        return box.value();
    }

    private <T> T persistently(Attempt<T> work, boolean repeatable) {
        if (!away || inOwnTransaction()) {
            return tried(work, repeatable);
        }
        if (!scouts.tryAcquire()) {
            throw StoreErrors.away();
        }
        try {
            return tried(work, repeatable);
        } finally {
            scouts.release();
        }
    }

    private <T> T tried(Attempt<T> work, boolean repeatable) {
        // part of a transaction cannot be repeated without the rest
        boolean part = inOwnTransaction();
        for (int attempt = 1; ; attempt++) {
            Progress progress = new Progress();
            try {
                return work.run(progress);
            } catch (DataAccessException | TransactionException e) {
                RuntimeException failure = progress.failure == null ? e : progress.failure;
                if (part || !again(failure, attempt, repeatable || !progress.committing)) {
                    throw !repeatable && progress.committing && inDoubt(failure)
                            ? StoreErrors.inDoubt(failure)
                            : translated(failure);
                }
            }
        }
    }

    /** Whether a commit that failed may have succeeded: its connection went, or not even the rollback got through. */
    private static boolean inDoubt(RuntimeException failure) {
        return failure instanceof TransactionSystemException || SqlStates.connectionLost(SqlStates.of(failure));
    }

    private static RuntimeException translated(RuntimeException failure) {
        if (failure instanceof DuplicateKeyException) {
            // no causes here: the database quotes the values that did not fit
            return new BadRequestException(ErrorCode.INVALID_PARAM, "that name or id is taken");
        }
        if (failure instanceof DataIntegrityViolationException) {
            return new BadRequestException(
                    ErrorCode.INVALID_PARAM,
                    "a name or id is too long, holds what no text can hold, or names something that is not there");
        }
        boolean ofTheDatabase = failure instanceof DataAccessException || failure instanceof TransactionException;
        return ofTheDatabase ? StoreErrors.of(failure) : failure;
    }

    /** Whether to try again; waits before that where it helps. */
    private boolean again(RuntimeException e, int attempt, boolean repeatable) {
        SQLException sql = SqlStates.of(e);
        if (Thread.currentThread().isInterrupted() || SqlStates.poolExhausted(e)) {
            return false;
        }
        if (SqlStates.rolledBackForOthers(sql)) {
            if (attempt < ATTEMPTS) {
                pause(attempt);
            }
            return attempt < ATTEMPTS;
        }
        // a server that was silent for as long as a socket waits would be silent once more
        boolean lost = SqlStates.connectionLost(sql) && !SqlStates.silent(e);
        boolean replaced = lost && repeatable || SqlStates.readOnly(sql);
        if (replaced && attempt <= REPLACEMENTS) {
            // a database that was started again has dropped all of them, and one that another took over from only reads
            HikariPoolMXBean connections = pool.getHikariPoolMXBean();
            if (connections != null) {
                connections.softEvictConnections();
            }
            return true;
        }
        return false;
    }

    /** Up to 10, 20 and 40 ms, by chance, so that those who collided do not meet again. */
    private static void pause(int attempt) {
        long most = TimeUnit.MILLISECONDS.toNanos(5L << attempt);
        LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(most / 2, most + 1));
    }

    @Override
    public void close() {
        pool.close();
    }
}
