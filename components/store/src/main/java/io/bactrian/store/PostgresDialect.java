package io.bactrian.store;

import io.bactrian.core.credential.Secret;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Function;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.flywaydb.database.postgresql.PostgreSQLConfigurationExtension;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGProperty;
import org.postgresql.ds.PGSimpleDataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.TransactionDefinition;

/**
 * A PostgreSQL server, from version 15 on, which many nodes may share. Nobody waits for it longer than a session's own
 * time-outs, which the server keeps, and the socket's, which hold when the server is silent (DB-04).
 */
final class PostgresDialect implements Dialect {

    private static final Logger LOG = LoggerFactory.getLogger(PostgresDialect.class);

    private static final int CONNECT_SECONDS = 2;

    // the server ends a statement first, then the driver cancels it, then the socket gives up
    private static final Sessions CALLS =
            new Sessions("bactrian", Duration.ofSeconds(5), Duration.ofSeconds(3), Duration.ofSeconds(10), 6);
    private static final Sessions POLL =
            new Sessions("bactrian-poll", Duration.ofSeconds(2), Duration.ofSeconds(1), Duration.ofSeconds(10), 3);

    // a migration may take long, but must not hold up everybody else while it waits for a table (0: no limit)
    private static final Sessions MIGRATIONS =
            new Sessions("bactrian-owner", Duration.ZERO, Duration.ofSeconds(10), Duration.ZERO, 3_600);

    // it mostly waits: how long is told at each wait
    private static final Sessions LISTENER =
            new Sessions("bactrian-listener", Duration.ofSeconds(2), Duration.ofSeconds(1), Duration.ofSeconds(10), 0);

    private final StoreLogin login;
    private final @Nullable StoreLogin ownerLogin;
    private final DataSource owner;
    private final DataSource user;
    private final DataSource watcher;
    private final DataSource listener;

    /** What a session is called on the server, and its time-outs. Socket: seconds. */
    private record Sessions(
            String name, Duration statement, Duration lock, Duration idleInTransaction, int socketSeconds) {

        String options() {
            return "-c statement_timeout=" + statement.toMillis() + " -c lock_timeout=" + lock.toMillis()
                    + " -c idle_in_transaction_session_timeout=" + idleInTransaction.toMillis();
        }
    }

    private PostgresDialect(PostgresUrl url, StoreLogin login, @Nullable StoreLogin ownerLogin) {
        this.login = login;
        this.ownerLogin = ownerLogin;
        this.owner = dataSource(url, ownerLogin == null ? login : ownerLogin, MIGRATIONS);
        this.user = dataSource(url, login, CALLS);
        this.watcher = dataSource(url, login, POLL);
        this.listener = dataSource(url, login, LISTENER);
    }

    /**
     * The database of a server.
     *
     * @throws io.bactrian.core.error.MisconfiguredException if the server refuses the login or has no such database
     * @throws io.bactrian.core.error.UnavailableException if it does not answer
     */
    static PostgresDialect connect(StoreSettings settings) {
        PostgresUrl url = PostgresUrl.parse(Objects.requireNonNull(settings.url()));
        if (url.exposed()) {
            LOG.warn("the connection to the database can be read or redirected on its way:"
                    + " add ?sslmode=verify-full to bactrian.store.url");
        }
        PostgresDialect dialect = new PostgresDialect(url, Objects.requireNonNull(settings.login()), settings.owner());
        try (Connection connection = dialect.owner.getConnection()) {
            if (connection.getSchema() == null) {
                throw new SQLException("no schema", SqlStates.NO_SUCH_SCHEMA);
            }
            return dialect;
        } catch (SQLException e) {
            throw StoreErrors.whileOpening(e);
        }
    }

    private static DataSource dataSource(PostgresUrl url, StoreLogin login, Sessions sessions) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setServerNames(url.hosts().stream().map(PostgresUrl.Host::name).toArray(String[]::new));
        source.setPortNumbers(
                url.hosts().stream().mapToInt(PostgresUrl.Host::port).toArray());
        source.setDatabaseName(url.database());
        source.setUser(login.username());
        Secret password = login.password();
        if (password != null) {
            source.setPassword(password.reveal());
        }
        source.setApplicationName(sessions.name());
        source.setConnectTimeout(CONNECT_SECONDS);
        source.setLoginTimeout(2 * CONNECT_SECONDS);
        source.setCancelSignalTimeout(CONNECT_SECONDS);
        source.setSocketTimeout(sessions.socketSeconds());
        source.setTcpKeepAlive(true);
        source.setOptions(sessions.options());
        // the details quote the values of rows
        source.setLogServerErrorDetail(false);
        try {
            if (url.hosts().size() > 1) {
                // several servers are one that is written to and its copies
                source.setProperty(PGProperty.TARGET_SERVER_TYPE, "primary");
            }
            for (var parameter : url.parameters().entrySet()) {
                source.setProperty(parameter.getKey(), parameter.getValue());
            }
            return source;
        } catch (SQLException e) {
            throw PrivateFiles.wrong(StoreSettings.URL + " has a parameter with a value that the driver refuses", e);
        }
    }

    @Override
    public DataSource owner() {
        return owner;
    }

    @Override
    public DataSource user() {
        return user;
    }

    @Override
    public DataSource watcher() {
        return watcher;
    }

    /**
     * Flyway's lock is the session's rather than a transaction's: one that stays open keeps an index from being made without
     * shutting writers out (flyway issue 1654), and goes with the session just the same.
     */
    @Override
    public void configure(FluentConfiguration flyway) {
        flyway.getConfigurationExtension(PostgreSQLConfigurationExtension.class).setTransactionalLock(false);
    }

    /** In a transaction: what is broken off is undone by the server. */
    @Override
    public void migrate(Function<DataSource, Flyway> flyway) {
        flyway.apply(owner).migrate();
    }

    @Override
    public void admitUser() {
        if (ownerLogin == null || ownerLogin.username().equals(login.username()) || isAdmitted()) {
            return;
        }
        try (Connection connection = owner.getConnection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            String schema = statement.enquoteIdentifier(Objects.requireNonNull(connection.getSchema()), true);
            String user = statement.enquoteIdentifier(login.username(), true);
            // rights are rows too: two nodes that change the same at once would fail. Takes turns with those
            statement.execute("LOCK TABLE schema_history IN SHARE ROW EXCLUSIVE MODE");
            statement.execute("GRANT USAGE ON SCHEMA " + schema + " TO " + user);
            statement.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA " + schema + " TO " + user);
            statement.execute("REVOKE INSERT, UPDATE, DELETE ON schema_history FROM " + user);
            connection.commit();
        } catch (SQLException e) {
            throw StoreErrors.whileOpening(e);
        }
    }

    private boolean isAdmitted() {
        try {
            return JdbcClient.create(owner)
                    .sql(CheckStatements.TABLES_WITHOUT_RIGHTS)
                    .param("user", login.username())
                    .param("right", "INSERT")
                    .param("pair", "%I.%I")
                    .param("history", "schema_history")
                    .query(Long.class)
                    .single()
                    .equals(0L);
        } catch (DataAccessException e) {
            throw StoreErrors.whileOpening(e);
        }
    }

    @Override
    public void prepared() {
        // nothing is kept open
    }

    /** PostgreSQL's repeatable read fixes all tables at the first statement. */
    @Override
    public int snapshotIsolation() {
        return TransactionDefinition.ISOLATION_REPEATABLE_READ;
    }

    /** Other nodes share it, and need the same key: none may make one of its own. */
    @Override
    public boolean embedded() {
        return false;
    }

    @Override
    public boolean announces() {
        return true;
    }

    @Override
    public Listening listen(Runnable wake) {
        return PostgresListener.start(listener, wake);
    }

    @Override
    public void close() {
        // nothing is kept open
    }
}
