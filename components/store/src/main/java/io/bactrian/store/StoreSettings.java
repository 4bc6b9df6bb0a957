package io.bactrian.store;

import io.bactrian.core.credential.Secret;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.MisconfiguredException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where the store keeps its data, and with which key.
 *
 * @param url {@code jdbc:postgresql://…} for a PostgreSQL server, {@code jdbc:h2:mem:NAME} for a database that lives in
 *     memory; null for the embedded one on disk
 * @param login who the store is to the server; null without a server
 * @param owner the login that changes the schema; null if that is the same
 * @param dataFolder the folder that the embedded database lives in, as {@code store/bactrian.mv.db}; null without one
 * @param key the key-encryption key
 * @param otherKeys keys that the installation uses for other purposes; the store compares them with its own and does not
 *     start if one key serves two purposes
 * @param pollInterval how often changes made by other processes are looked for: 10 ms to 750 ms
 * @param staleIfError how long what is known serves on while the database does not answer
 * @param poolSize connections at most: 2 to 64
 */
public record StoreSettings(
        @Nullable String url,
        @Nullable StoreLogin login,
        @Nullable StoreLogin owner,
        @Nullable Path dataFolder,
        KeySource key,
        List<KeySource> otherKeys,
        Duration pollInterval,
        Duration staleIfError,
        int poolSize) {

    /** The property that holds the JDBC URL. */
    public static final String URL = "bactrian.store.url";

    /** The property that names the login of a database server. */
    public static final String USERNAME = "bactrian.store.username";

    /** The property that holds the password of that login. */
    public static final String PASSWORD = "bactrian.store.password";

    /** The property that names the login that changes the schema, where that is another one. */
    public static final String OWNER_USERNAME = "bactrian.store.owner-username";

    /** The property that holds the password of that login. */
    public static final String OWNER_PASSWORD = "bactrian.store.owner-password";

    /** The property that says how long what is known serves on while the database does not answer. */
    public static final String STALE_IF_ERROR_TIME = "bactrian.store.stale-if-error";

    /** The property that holds the key-encryption key itself, as a reference to a vault or the environment. */
    public static final String KEY = "bactrian.store.key";

    /**
     * The property that holds further key-encryption keys, which unwrap and do not wrap: those before the present one, or
     * the one to come. One key, several with commas between them, a keyset, or {@code file:} and the path of a key file.
     * The environment variable of the key with {@code _PREVIOUS} behind it says the same.
     */
    public static final String KEY_PREVIOUS = "bactrian.store.key-previous";

    /** The property that names the file of the key-encryption key. */
    public static final String KEY_FILE = "bactrian.store.key-file";

    /** The property that names the environment variable of the key-encryption key. */
    public static final String KEY_ENVIRONMENT = "bactrian.store.key-environment";

    /** The environment variable that holds the key-encryption key unless {@link #KEY_ENVIRONMENT} names another. */
    public static final String DEFAULT_KEY_VARIABLE = "BACTRIAN_KEY_ENCRYPTION_KEY";

    /** The property that says how often other processes' changes are looked for, such as {@code 250ms} or {@code PT0.25S}. */
    public static final String POLL_INTERVAL = "bactrian.store.poll-interval";

    /** The property that says how many connections are opened at most. */
    public static final String POOL_SIZE = "bactrian.store.pool-size";

    private static final Pattern IN_MEMORY = Pattern.compile("jdbc:h2:mem:[A-Za-z0-9_.-]{1,64}");
    private static final Pattern TIME = Pattern.compile("(\\d{1,6})(ms|s|m)?");
    private static final Duration POLL = Duration.ofMillis(250);
    private static final Duration LONGEST_POLL = Duration.ofMillis(750);
    private static final Duration STALE_IF_ERROR = Duration.ofMinutes(5);
    private static final int POOL = 8;

    /** @throws MisconfiguredException if a setting is missing or out of range; it is named */
    public StoreSettings {
        otherKeys = List.copyOf(otherKeys);
        boolean server = url != null && PostgresUrl.isOne(url);
        if (server) {
            PostgresUrl.parse(Objects.requireNonNull(url));
        } else if (url != null && !IN_MEMORY.matcher(url).matches()) {
            throw wrong(URL + " must be jdbc:postgresql://HOST:PORT/DATABASE, or empty (the embedded database below the"
                    + " data folder), or jdbc:h2:mem:NAME with letters, digits, '.', '_' or '-'");
        }
        if (server == (login == null)) {
            throw wrong(USERNAME + " names the login of the server in " + URL + ": give both or neither");
        }
        if (owner != null && login == null) {
            throw wrong(OWNER_USERNAME + " needs " + USERNAME);
        }
        if (url == null && dataFolder == null) {
            throw wrong("the embedded database needs a data folder; set one, or " + URL + "=jdbc:h2:mem:NAME");
        }
        if ((url == null || server) && key instanceof KeySource.Ephemeral) {
            throw wrong("a database that is kept needs a key that outlives the process: set " + KEY_FILE + " or the"
                    + " environment variable " + DEFAULT_KEY_VARIABLE);
        }
        if (url != null && dataFolder != null) {
            throw wrong(URL + " is set, so no data folder is used: give one or the other");
        }
        // a change made elsewhere is to be in force within a second, and to look takes a while too
        if (pollInterval.compareTo(Duration.ofMillis(10)) < 0 || pollInterval.compareTo(LONGEST_POLL) > 0) {
            throw wrong(POLL_INTERVAL + " must be 10ms to 750ms");
        }
        if (staleIfError.isNegative()) {
            throw wrong(STALE_IF_ERROR_TIME + " must not be negative");
        }
        if (poolSize < 2 || poolSize > 64) {
            throw wrong(POOL_SIZE + " must be 2 to 64");
        }
    }

    /**
     * The embedded database below a folder, its key in the file {@code keys/key-encryption.key} there.
     *
     * @param dataFolder is created, for its owner only, if it is not there
     */
    public static StoreSettings embedded(Path dataFolder) {
        return new StoreSettings(
                null, null, null, dataFolder, defaultKeyFile(dataFolder), List.of(), POLL, STALE_IF_ERROR, POOL);
    }

    /** A database that is gone when its last store is closed, with a key that is not kept. */
    public static StoreSettings inMemory(String name) {
        return new StoreSettings(
                "jdbc:h2:mem:" + name, null, null, null, KeySource.ephemeral(), List.of(), POLL, STALE_IF_ERROR, POOL);
    }

    /**
     * A database of a PostgreSQL server.
     *
     * @param url {@code jdbc:postgresql://HOST:PORT/DATABASE}
     * @param login who the store is to it
     * @param key the key-encryption key; it is made by nobody, as all nodes need the same
     */
    public static StoreSettings postgres(String url, StoreLogin login, KeySource key) {
        return new StoreSettings(url, login, null, null, key, List.of(), POLL, STALE_IF_ERROR, POOL);
    }

    /**
     * The settings as an installation gives them. A key that is given itself goes before one in a file.
     *
     * @param dataFolder the installation's data folder
     * @param properties properties by name
     * @param environment environment variables by name
     * @throws MisconfiguredException if one of them is wrong; it is named
     */
    public static StoreSettings read(
            Path dataFolder,
            Function<String, Optional<String>> properties,
            Function<String, Optional<String>> environment) {
        Optional<String> url = given(properties, URL);
        boolean inMemory = url.isPresent() && !PostgresUrl.isOne(url.get());
        KeySource key = KeySettings.read(
                properties, environment, () -> inMemory ? KeySource.ephemeral() : defaultKeyFile(dataFolder));
        return new StoreSettings(
                url.orElse(null),
                login(properties, USERNAME, PASSWORD),
                login(properties, OWNER_USERNAME, OWNER_PASSWORD),
                url.isPresent() ? null : dataFolder,
                key,
                List.of(),
                given(properties, POLL_INTERVAL)
                        .map(text -> duration(POLL_INTERVAL, text))
                        .orElse(POLL),
                given(properties, STALE_IF_ERROR_TIME)
                        .map(text -> duration(STALE_IF_ERROR_TIME, text))
                        .orElse(STALE_IF_ERROR),
                given(properties, POOL_SIZE).map(StoreSettings::size).orElse(POOL));
    }

    /** Whether the database is gone when the last that has it open closes it. */
    public boolean isInMemory() {
        return url != null && !PostgresUrl.isOne(url);
    }

    private static KeySource defaultKeyFile(Path dataFolder) {
        return new KeySource.KeyFile(KEY_FILE, dataFolder.resolve("keys").resolve("key-encryption.key"));
    }

    static Optional<String> given(Function<String, Optional<String>> values, String name) {
        return values.apply(name).map(String::strip).filter(text -> !text.isEmpty());
    }

    private static @Nullable StoreLogin login(
            Function<String, Optional<String>> properties, String username, String password) {
        Optional<String> name = given(properties, username);
        // as it is: blanks at its ends are part of a password
        Optional<Secret> secret =
                properties.apply(password).filter(text -> !text.isEmpty()).map(Secret::of);
        if (name.isEmpty() && secret.isPresent()) {
            throw wrong(password + " is set, but " + username + " is not");
        }
        return name.map(given -> new StoreLogin(given, secret.orElse(null))).orElse(null);
    }

    private static Duration duration(String setting, String text) {
        var number = TIME.matcher(text);
        if (number.matches()) {
            long amount = Long.parseLong(number.group(1));
            return switch (number.group(2) == null ? "ms" : number.group(2)) {
                case "s" -> Duration.ofSeconds(amount);
                case "m" -> Duration.ofMinutes(amount);
                default -> Duration.ofMillis(amount);
            };
        }
        try {
            return Duration.parse(text);
        } catch (DateTimeParseException e) {
            throw wrong(setting + " is not a duration: write 250ms, 5m or PT0.25S");
        }
    }

    private static int size(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw wrong(POOL_SIZE + " is not a number");
        }
    }

    /** These settings with another key-encryption key. */
    public StoreSettings withKey(KeySource other) {
        return new StoreSettings(url, login, owner, dataFolder, other, otherKeys, pollInterval, staleIfError, poolSize);
    }

    /** These settings with another login that changes the schema. */
    public StoreSettings withOwner(StoreLogin other) {
        return new StoreSettings(url, login, other, dataFolder, key, otherKeys, pollInterval, staleIfError, poolSize);
    }

    /** These settings with another number of connections at most. */
    public StoreSettings withPoolSize(int size) {
        return new StoreSettings(url, login, owner, dataFolder, key, otherKeys, pollInterval, staleIfError, size);
    }

    /** These settings with the keys that the installation uses for other purposes. */
    public StoreSettings withOtherKeys(List<KeySource> others) {
        return new StoreSettings(url, login, owner, dataFolder, key, others, pollInterval, staleIfError, poolSize);
    }

    /** These settings with another interval between looks for other processes' changes. */
    public StoreSettings withPollInterval(Duration interval) {
        return new StoreSettings(url, login, owner, dataFolder, key, otherKeys, interval, staleIfError, poolSize);
    }

    /** These settings with another time that what is known serves on without the database. */
    public StoreSettings withStaleIfError(Duration time) {
        return new StoreSettings(url, login, owner, dataFolder, key, otherKeys, pollInterval, time, poolSize);
    }

    static MisconfiguredException wrong(String message) {
        return new MisconfiguredException(ErrorCode.MISCONFIGURED, message);
    }
}
