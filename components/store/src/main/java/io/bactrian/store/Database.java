package io.bactrian.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.SQLExceptionOverride;
import com.zaxxer.hikari.pool.HikariPool;
import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.ErrorDetails;
import io.bactrian.core.error.UnavailableException;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientConnectionException;
import java.util.function.Supplier;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/** Connections, transactions, and the errors of both as the house knows them. */
final class Database implements AutoCloseable {

    /** A caller waits for a connection no longer than this. */
    private static final int CONNECTION_MILLIS = 2_000;

    private static final int STATEMENT_SECONDS = 5;

    private final HikariDataSource pool;
    private final JdbcClient jdbc;
    private final TransactionTemplate writing;
    private final TransactionTemplate reading;

    Database(Dialect dialect, int poolSize) {
        HikariConfig config = new HikariConfig();
        config.setPoolName("bactrian-store");
        config.setDataSource(dialect.user());
        config.setMaximumPoolSize(poolSize);
        config.setMinimumIdle(1);
        config.setConnectionTimeout(CONNECTION_MILLIS);
        config.setValidationTimeout(1_000);
        config.setExceptionOverride(new EvictLost());
        try {
            this.pool = new HikariDataSource(config);
        } catch (HikariPool.PoolInitializationException e) {
            throw away(e);
        }
        JdbcTemplate template = new JdbcTemplate(pool);
        template.setQueryTimeout(STATEMENT_SECONDS);
        this.jdbc = JdbcClient.create(new NamedParameterJdbcTemplate(template));
        JdbcTransactionManager transactions = new JdbcTransactionManager(pool);
        this.writing = new TransactionTemplate(transactions);
        writing.setIsolationLevel(TransactionDefinition.ISOLATION_READ_COMMITTED);
        this.reading = new TransactionTemplate(transactions);
        reading.setReadOnly(true);
        reading.setIsolationLevel(dialect.snapshotIsolation());
    }

    /**
     * Has the pool drop a connection whose database has gone. It knows some databases' codes for that, but not H2's, and
     * does not check a connection that was used half a second ago: one that the poll keeps using would never be dropped.
     */
    private static final class EvictLost implements SQLExceptionOverride {
        @java.lang.Override
        public Override adjudicate(SQLException e) {
            boolean lost = e instanceof SQLNonTransientConnectionException
                    || e instanceof SQLTransientConnectionException
                    || e instanceof SQLRecoverableException;
            return lost ? Override.MUST_EVICT : Override.CONTINUE_EVICT;
        }
    }

    /** A statement of {@link StoreStatements}; to be run within {@link #answer}, {@link #read} or {@link #write}. */
    JdbcClient.StatementSpec sql(String statement) {
        return jdbc.sql(statement);
    }

    /** A single statement's answer. */
    <T> T answer(Supplier<T> work) {
        return translated(work);
    }

    /** The answers of several statements, all of one moment. */
    <T> T read(Supplier<T> work) {
        return translated(() -> result(reading, work));
    }

    /** One transaction. */
    <T> T write(Supplier<T> work) {
        return translated(() -> result(writing, work));
    }

    private record Box<T>(T value) {}

    private static <T> T result(TransactionTemplate transaction, Supplier<T> work) {
        Box<T> box = transaction.execute(status -> new Box<>(work.get()));
        return box.value();
    }

    private static <T> T translated(Supplier<T> work) {
        try {
            return work.get();
        } catch (DuplicateKeyException e) {
            // no causes here: the database quotes the values that did not fit
            throw new BadRequestException(ErrorCode.INVALID_PARAM, "that name or id is taken");
        } catch (DataIntegrityViolationException e) {
            throw new BadRequestException(
                    ErrorCode.INVALID_PARAM, "a name or id is too long, or names something that is not there");
        } catch (DataAccessException | TransactionException e) {
            throw away(e);
        }
    }

    private static UnavailableException away(RuntimeException cause) {
        return new UnavailableException(
                ErrorCode.STORE_UNAVAILABLE, "the database does not answer; try again", ErrorDetails.NONE, cause);
    }

    @Override
    public void close() {
        pool.close();
    }
}
