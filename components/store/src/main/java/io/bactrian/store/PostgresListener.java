package io.bactrian.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears what other nodes announce, by a connection of its own. Connects again when that is lost, in no hurry: until then
 * changes are noticed by the look for them alone (CACHE-02).
 */
final class PostgresListener implements Dialect.Listening {

    private static final Logger LOG = LoggerFactory.getLogger(PostgresListener.class);

    /** The name by which nodes hear of changes. */
    static final String CHANNEL = "bactrian_changes";

    private static final int WAIT_MILLIS = 10_000;
    private static final int ANSWER_SECONDS = 2;
    private static final long FIRST_PAUSE_MILLIS = 100;
    private static final long LONGEST_PAUSE_MILLIS = 10_000;

    private final DataSource source;
    private final Runnable wake;
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile @Nullable Connection open;

    private PostgresListener(DataSource source, Runnable wake) {
        this.source = source;
        this.wake = wake;
    }

    static PostgresListener start(DataSource source, Runnable wake) {
        PostgresListener listener = new PostgresListener(source, wake);
        Thread thread = new Thread(listener::run, "bactrian-store-listen");
        thread.setDaemon(true);
        thread.start();
        return listener;
    }

    private void run() {
        long pause = FIRST_PAUSE_MILLIS;
        while (closed.getCount() > 0) {
            try (Connection connection = source.getConnection()) {
                open = connection;
                listen(connection);
                pause = FIRST_PAUSE_MILLIS;
            } catch (SQLException e) {
                LOG.debug("nobody listens for changes; they are looked for all the same: {}", e.getMessage());
            } finally {
                open = null;
            }
            try {
                if (closed.await(pause, TimeUnit.MILLISECONDS)) {
                    return;
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
            pause = Math.min(LONGEST_PAUSE_MILLIS, 2 * pause);
        }
    }

    private void listen(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(ChangeStatements.LISTEN);
        }
        // what was announced before is not heard any more
        wake.run();
        PGConnection postgres = connection.unwrap(PGConnection.class);
        while (closed.getCount() > 0) {
            PGNotification[] heard = postgres.getNotifications(WAIT_MILLIS);
            if (heard.length > 0) {
                wake.run();
            } else if (!connection.isValid(ANSWER_SECONDS)) {
                return;
            }
        }
    }

    @Override
    public void close() {
        closed.countDown();
        Connection connection = open;
        if (connection != null) {
            try {
                // the thread that waits holds the connection's lock: only this gets past it
                connection.abort(Runnable::run);
            } catch (SQLException e) {
                LOG.debug("the listening connection was gone already: {}", e.getMessage());
            }
        }
    }
}
