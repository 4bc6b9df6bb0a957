package io.bactrian.store;

import io.bactrian.core.credential.Secret;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * A PostgreSQL server for tests: binaries that come as a dependency, data in a temporary folder, loopback only. With
 * {@code -Dbactrian.test.postgres=HOST:PORT} (user and password {@code postgres}) the shared one is a server that runs
 * already; tests that kill a server always start their own.
 */
final class PostgresServer implements AutoCloseable {

    private static final String ADMIN = "postgres";
    private static @Nullable PostgresServer shared;
    private static @Nullable String template;

    /** What the test that this thread runs has had made. */
    private static final ThreadLocal<List<String>> MADE = ThreadLocal.withInitial(ArrayList::new);

    private final String host;
    private final int port;
    private final @Nullable EmbeddedPostgres embedded;
    private final @Nullable Path data;

    private PostgresServer(String host, int port, @Nullable EmbeddedPostgres embedded, @Nullable Path data) {
        this.host = host;
        this.port = port;
        this.embedded = embedded;
        this.data = data;
    }

    /** The one server that all tests of this process share, each with databases of its own. */
    static synchronized PostgresServer shared() {
        if (shared == null) {
            String given = System.getProperty("bactrian.test.postgres");
            if (given != null) {
                int colon = given.lastIndexOf(':');
                shared = new PostgresServer(
                        given.substring(0, colon), Integer.parseInt(given.substring(colon + 1)), null, null);
            } else {
                // what it holds is gone after the tests: nothing waits for the disk
                shared = start(
                        builder().setServerConfig("fsync", "off").setServerConfig("full_page_writes", "off"), null);
            }
        }
        return shared;
    }

    /** A server of a test's own, which keeps what it has acknowledged; port 0: any that is free. */
    static PostgresServer start(Path data, int port) {
        return start(own(data, port), data);
    }

    private static EmbeddedPostgres.Builder own(Path data, int port) {
        EmbeddedPostgres.Builder builder = builder()
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .setServerConfig("synchronous_commit", "on");
        return port == 0 ? builder : builder.setPort(port);
    }

    private static EmbeddedPostgres.Builder builder() {
        return EmbeddedPostgres.builder()
                .setLocaleConfig("locale", "C")
                .setServerConfig("max_connections", "200")
                .setPGStartupWait(Duration.ofSeconds(60));
    }

    private static PostgresServer start(EmbeddedPostgres.Builder builder, @Nullable Path data) {
        try {
            EmbeddedPostgres started = builder.start();
            return new PostgresServer("localhost", started.getPort(), started, data);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return port;
    }

    String url(String database) {
        return url(host, port, database);
    }

    static String url(String host, int port, String database) {
        return "jdbc:postgresql://" + host + ":" + port + "/" + database;
    }

    /** A new database without tables, which is there as long as the test that asks for it. */
    String emptyDatabase() {
        return create("");
    }

    /** The same with the newest schema and no rows: much sooner made than by its migrations. */
    String database() {
        if (shared != this) {
            return migrated();
        }
        synchronized (PostgresServer.class) {
            if (template == null) {
                template = migrated();
                // it outlives the test that was the first to need it
                MADE.get().remove(template);
            }
        }
        // to copy its files is less work than to log each of their pages
        return create(" TEMPLATE " + template + " STRATEGY FILE_COPY");
    }

    private String create(String how) {
        String name = "t" + UUID.randomUUID().toString().replace("-", "");
        admin().execute("CREATE DATABASE " + name + how);
        if (shared == this) {
            MADE.get().add(name);
        }
        return name;
    }

    private String migrated() {
        String made = create("");
        BactrianStore.open(settings(made), java.time.Clock.systemUTC()).close();
        return made;
    }

    /** Lets go of what the test of this thread has had made: hundreds of databases are gigabytes. */
    static void dropWhatThisTestHadMade() {
        List<String> made = MADE.get();
        for (String name : made) {
            shared().admin().execute("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)");
        }
        made.clear();
    }

    /** A new login that the server asks for its password. */
    String loginWithPassword(String password) {
        String name = "u" + UUID.randomUUID().toString().replace("-", "");
        admin().execute("CREATE ROLE " + name + " LOGIN PASSWORD '" + password + "'");
        if (embedded != null) {
            // it lets everybody in unless told otherwise
            Path rules = Path.of(admin().queryForObject("SHOW hba_file", String.class));
            synchronized (PostgresServer.class) {
                try {
                    String before = Files.readString(rules);
                    Files.writeString(rules, "host all " + name + " all scram-sha-256\n" + before);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
            admin().execute("SELECT pg_reload_conf()");
        }
        return name;
    }

    static StoreLogin login() {
        return new StoreLogin(ADMIN, Secret.of(ADMIN));
    }

    /** A key for settings; another one each time. */
    static KeySource key() {
        return new KeySource.Value("a test's key", KeySource.newKey());
    }

    StoreSettings settings(String database) {
        return StoreSettings.postgres(url(database), login(), key());
    }

    /** The databases as their administrator sees them. */
    JdbcTemplate admin() {
        return burglar(ADMIN);
    }

    /** A database as somebody sees it who has broken into it. */
    JdbcTemplate burglar(String database) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(url(database));
        source.setUser(ADMIN);
        source.setPassword(ADMIN);
        return new JdbcTemplate(source);
    }

    /** Kills the server as a power cut or an operator in a hurry does. */
    void kill() throws Exception {
        long pid = Long.parseLong(
                Files.readAllLines(data.resolve("postmaster.pid")).get(0));
        ProcessHandle postmaster = ProcessHandle.of(pid).orElseThrow();
        postmaster.destroyForcibly();
        postmaster.onExit().get(60, TimeUnit.SECONDS);
        // lets go of the data folder, so that it can be started again
        close();
    }

    @Override
    public void close() throws IOException {
        if (embedded != null) {
            embedded.close();
        }
    }
}
