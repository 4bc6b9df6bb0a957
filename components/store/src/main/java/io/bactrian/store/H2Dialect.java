package io.bactrian.store;

import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.util.SecretBytes;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.ErrorDetails;
import io.bactrian.core.error.UnavailableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HexFormat;
import java.util.Locale;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipInputStream;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.h2.engine.SysProperties;
import org.h2.jdbcx.JdbcDataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.TransactionDefinition;

/**
 * H2, embedded. On disk several processes of one machine may have it open (AUTO_SERVER): the first one serves the others
 * over a socket that is bound to loopback only and asks for the password in a file that only the owner may read.
 */
final class H2Dialect implements Dialect {

    private static final String OWNER = "BACTRIAN_OWNER";
    private static final String USER = "BACTRIAN";
    private static final String BIND_ADDRESS = "h2.bindAddress";

    private static final String COMMON =
            ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;DEFAULT_NULL_ORDERING=HIGH;LOCK_TIMEOUT=3000";

    // the owner's to set. The trace file would hold failed statements; and a committed change is in the file when the
    // commit returns, not up to half a second later
    private static final String ON_DISK = ";TRACE_LEVEL_FILE=0;WRITE_DELAY=0";

    // a database that has gone is an error: an empty one must not quietly take its place
    private static final String NOT_NEW = ";IFEXISTS=TRUE";

    /** H2 quotes no statement that holds this, in no message. */
    private static final String HIDDEN = " --hide--";

    /** Two that open a database in memory must not both make its schema and its user; on disk the folder's lock is held. */
    private static final ReentrantLock PREPARING = new ReentrantLock();

    private final JdbcDataSource owner;
    private final JdbcDataSource user;
    private final Passwords passwords;
    // null: in memory
    private final @Nullable Path folder;
    // keeps the database open between one connection and the next
    private @Nullable Connection anchor;

    private record Passwords(String owner, String user) {
        private static final Pattern FORM = Pattern.compile("owner=([0-9a-f]{64})\\s+user=([0-9a-f]{64})\\s*");

        static Passwords fresh() {
            return new Passwords(random(), random());
        }

        private static String random() {
            byte[] bytes = SecretBytes.randomBytes(32).toByteArray(InsecureSecretKeyAccess.get());
            return HexFormat.of().formatHex(bytes);
        }

        static Passwords parse(String text, String setting) {
            Matcher matcher = FORM.matcher(text);
            if (!matcher.matches()) {
                throw PrivateFiles.wrong(setting + " does not hold the database's passwords", null);
            }
            return new Passwords(matcher.group(1), matcher.group(2));
        }

        String text() {
            return "owner=" + owner + "\nuser=" + user + "\n";
        }

        @Override
        public String toString() {
            return "Passwords[hidden]";
        }
    }

    private H2Dialect(String url, String userUrl, Passwords passwords, @Nullable Path folder) {
        this.passwords = passwords;
        this.folder = folder;
        this.owner = dataSource(url, OWNER, passwords.owner());
        this.user = dataSource(userUrl, USER, passwords.user());
    }

    private static JdbcDataSource dataSource(String url, String name, String password) {
        JdbcDataSource source = new JdbcDataSource();
        source.setURL(url);
        source.setUser(name);
        source.setPassword(password);
        return source;
    }

    /** A database in memory, shared by all in this process that open it by its name, gone when the last has closed it. */
    static H2Dialect inMemory(String url) {
        // H2 reads it once, and a database on disk may be opened in this process later
        preferLoopback();
        // nobody else can reach it: a password would protect nothing
        H2Dialect dialect = new H2Dialect(url + COMMON, url + COMMON + NOT_NEW, new Passwords("", ""), null);
        dialect.anchor = dialect.connect();
        return dialect;
    }

    /**
     * The database in a folder, made if it is not there. The caller holds the folder's lock.
     *
     * @param folder the store's own folder, which others cannot look into
     */
    static H2Dialect onDisk(Path folder) {
        bindToLoopback();
        Path store = folder.toAbsolutePath().normalize();
        if (store.toString().indexOf(';') >= 0) {
            throw PrivateFiles.wrong("the data folder's path must not hold a semicolon", null);
        }
        Path passwordFile = store.resolve("bactrian.password");
        String setting = "the database's password file (" + passwordFile.getFileName() + " in the store folder)";
        boolean exists = Files.exists(store.resolve("bactrian.mv.db"));
        if (!Files.exists(passwordFile)) {
            if (exists) {
                throw PrivateFiles.wrong(
                        setting + " is missing: the database beside it cannot be opened without; restore it", null);
            }
            PrivateFiles.create(passwordFile, Passwords.fresh().text(), setting);
        }
        Passwords passwords = Passwords.parse(PrivateFiles.read(passwordFile, setting), setting);
        // retry: a thread that is interrupted while it reads or writes closes the file under everybody; this opens it
        // again
        String url = "jdbc:h2:retry:" + store.resolve("bactrian") + COMMON + ";AUTO_SERVER=TRUE";
        H2Dialect dialect = new H2Dialect(url + ON_DISK + (exists ? NOT_NEW : ""), url + NOT_NEW, passwords, store);
        dialect.anchor = dialect.connect();
        return dialect;
    }

    /** Must happen before H2 is loaded, which reads the property once. */
    private static void preferLoopback() {
        if (System.getProperty(BIND_ADDRESS) == null) {
            System.setProperty(BIND_ADDRESS, "127.0.0.1");
        }
    }

    private static void bindToLoopback() {
        preferLoopback();
        String bound = SysProperties.BIND_ADDRESS;
        if (bound == null || !isLoopback(bound.toLowerCase(Locale.ROOT))) {
            throw PrivateFiles.wrong(
                    "the embedded database would listen on other addresses than loopback: start Java with -D"
                            + BIND_ADDRESS + "=127.0.0.1",
                    null);
        }
    }

    private static boolean isLoopback(String address) {
        return "localhost".equals(address) || "::1".equals(address) || address.matches("127\\.\\d+\\.\\d+\\.\\d+");
    }

    private Connection connect() {
        try {
            return owner.getConnection();
        } catch (SQLException e) {
            if (e.getErrorCode() == org.h2.api.ErrorCode.WRONG_USER_OR_PASSWORD) {
                throw PrivateFiles.wrong(
                        "the password file beside the database (bactrian.password) is not the one made with it; restore it",
                        e);
            }
            throw new UnavailableException(
                    ErrorCode.STORE_UNAVAILABLE, "the database cannot be opened", ErrorDetails.NONE, e);
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
        return user;
    }

    @Override
    public void configure(FluentConfiguration flyway) {
        // nothing
    }

    /**
     * H2 keeps each step of a change of the schema at once, half of a statement too: it adds a column by copying the table,
     * and in between there is none of its name. On disk, therefore, the change is made in a copy of the database, which then
     * takes its place. If other processes have the database open, and in memory, it is made in place.
     */
    @Override
    public void migrate(Function<DataSource, Flyway> flyway) {
        PREPARING.lock();
        try {
            Flyway inPlace = flyway.apply(owner);
            if (folder != null && Migrations.isBehind(inPlace)) {
                replaceByMigrated(folder, flyway);
            }
            Migrations.mendAndRun(inPlace);
        } finally {
            PREPARING.unlock();
        }
    }

    /** Whoever is killed meanwhile leaves the old database or the new one, and a copy that the next start removes. */
    private void replaceByMigrated(Path store, Function<DataSource, Flyway> flyway) {
        close();
        if (Files.exists(store.resolve("bactrian.lock.db"))) {
            // somebody else has it open
            anchor = connect();
            return;
        }
        Path copy = store.resolve("bactrian.copy");
        Path next = store.resolve("bactrian-next.mv.db");
        PrivateFiles.discard(copy);
        PrivateFiles.discard(next);
        // serves nobody: whoever else comes now is refused, so that nothing is written that would be lost
        try (Connection original = alone(store, "bactrian").getConnection()) {
            backUp(original, copy);
            unpack(copy, next);
            DataSource migrated = alone(store, "bactrian-next");
            try (Connection connection = migrated.getConnection();
                    Statement statement = connection.createStatement()) {
                Migrations.mendAndRun(flyway.apply(migrated));
                statement.execute("SHUTDOWN");
            }
            PrivateFiles.force(next);
            Path database = store.resolve("bactrian.mv.db");
            Files.move(next, database, StandardCopyOption.ATOMIC_MOVE);
            PrivateFiles.forceFolder(database);
        } catch (SQLException | IOException e) {
            throw unprepared(e);
        } finally {
            PrivateFiles.discard(copy);
            PrivateFiles.discard(next);
        }
        anchor = connect();
    }

    /** A database that nobody else may open meanwhile. */
    private DataSource alone(Path store, String name) {
        return dataSource("jdbc:h2:" + store.resolve(name) + COMMON + ON_DISK + NOT_NEW, OWNER, passwords.owner());
    }

    /** Writes what is committed into a zip, in which there is one file. */
    static void backUp(Connection connection, Path zip) throws SQLException {
        try (PreparedStatement backup = connection.prepareStatement("BACKUP TO ?")) {
            // by the process that serves the database, which may be another one: an absolute path
            backup.setString(1, zip.toAbsolutePath().toString());
            backup.execute();
        }
    }

    private static void unpack(Path zip, Path file) throws IOException {
        try (ZipInputStream in = new ZipInputStream(Files.newInputStream(zip))) {
            if (in.getNextEntry() == null) {
                throw new IOException("the copy is empty");
            }
            Files.copy(in, file);
        }
    }

    private static UnavailableException unprepared(Exception cause) {
        return new UnavailableException(
                ErrorCode.STORE_UNAVAILABLE, "the database cannot be prepared", ErrorDetails.NONE, cause);
    }

    @Override
    public void admitUser() {
        PREPARING.lock();
        try (Connection connection = owner.getConnection();
                Statement statement = connection.createStatement()) {
            // not an administrator: CREATE ALIAS, RUNSCRIPT, CSVREAD and linked tables are out of its reach. A password
            // is hexadecimal, and no statement of this kind takes bound values; the comment keeps it out of messages
            statement.execute(
                    "CREATE USER IF NOT EXISTS \"" + USER + "\" PASSWORD '" + passwords.user() + "'" + HIDDEN);
            statement.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON SCHEMA public TO \"" + USER + "\"");
        } catch (SQLException e) {
            throw unprepared(e);
        } finally {
            PREPARING.unlock();
        }
    }

    @Override
    public void prepared() {
        // a database in memory lives as long as a connection to it is open
        if (folder != null) {
            close();
        }
    }

    /** H2's name for reading all of one moment; its repeatable read fixes each table when it is first read. */
    @Override
    public int snapshotIsolation() {
        return TransactionDefinition.ISOLATION_SERIALIZABLE;
    }

    @Override
    public boolean embedded() {
        return true;
    }

    @Override
    public boolean announces() {
        return false;
    }

    @Override
    public Listening listen(Runnable wake) {
        return Listening.NOTHING;
    }

    @Override
    public void close() {
        Connection open = anchor;
        anchor = null;
        if (open == null) {
            return;
        }
        try {
            open.close();
        } catch (SQLException e) {
            // the process that served it may be gone: nothing is left to close
        }
    }
}
