package io.bactrian.store;

import static io.bactrian.testkit.contract.StoreFixture.credential;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.bactrian.core.config.TenantRecord;
import io.bactrian.core.credential.CredentialId;
import io.bactrian.core.credential.Secret;
import io.bactrian.core.error.MisconfiguredException;
import io.bactrian.core.error.UnavailableException;
import io.bactrian.testkit.contract.StoreFixture;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.assertj.core.util.Throwables;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.JdbcTemplate;

/** The embedded database on disk: what is made when, who may look, and when it does not start. */
class OpeningTest {

    @TempDir
    private Path temp;

    private Path data() {
        return temp.resolve("deep").resolve("data");
    }

    private StoreSettings settings() {
        return StoreSettings.embedded(data());
    }

    private static BactrianStore open(StoreSettings settings) {
        return BactrianStore.open(settings, Clock.systemUTC());
    }

    private Path keyFile() {
        return data().resolve("keys").resolve("key-encryption.key");
    }

    private CredentialId fill(StoreSettings settings) {
        try (BactrianStore store = open(settings)) {
            store.putTenant(new TenantRecord(StoreFixture.ACME, "Acme", true));
            return store.addCredential(StoreFixture.ACME, StoreFixture.PROVIDER, credential("main", "canary-91f2"));
        }
    }

    private static String secret(BactrianStore store) throws Exception {
        return store.provider(StoreFixture.ACME, StoreFixture.OPENAI)
                .orElseThrow()
                .credentials()
                .get(0)
                .open()
                .secret("api_key")
                .orElseThrow()
                .reveal();
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    @Test
    void makesFoldersAndFilesForTheirOwnerOnly() throws IOException {
        fill(settings());

        for (Path folder : List.of(data(), data().resolve("store"), data().resolve("keys"))) {
            assertThat(permissions(folder)).as(folder.toString()).isEqualTo("rwx------");
        }
        assertThat(permissions(keyFile())).isEqualTo("rw-------");
        assertThat(permissions(data().resolve("store").resolve("bactrian.password")))
                .isEqualTo("rw-------");
        assertThat(data().resolve("store").resolve("bactrian.mv.db")).exists();
        try (Stream<Path> files = Files.list(data().resolve("store"))) {
            assertThat(files).noneMatch(file -> file.toString().endsWith(".trace.db"));
        }
    }

    @Test
    void opensAgainWithWhatItHeld() throws Exception {
        fill(settings());
        String key = Files.readString(keyFile());

        try (BactrianStore store = open(settings())) {
            assertThat(secret(store)).isEqualTo("canary-91f2");
            assertThat(store.version(StoreFixture.ACME)).isPositive();
            assertThat(store.health().healthy()).isTrue();
        }
        try (BactrianStore store = open(settings())) {
            assertThat(secret(store)).isEqualTo("canary-91f2");
        }
        assertThat(Files.readString(keyFile())).isEqualTo(key);
    }

    @Test
    void keepsNoSecretOnDisk() throws IOException {
        fill(settings());
        byte[] canary = "canary-91f2".getBytes(StandardCharsets.UTF_8);
        try (Stream<Path> files = Files.walk(data())) {
            List<Path> all = files.filter(Files::isRegularFile).toList();
            assertThat(all).hasSizeGreaterThan(2);
            for (Path file : all) {
                assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
                        .as(file.toString())
                        .doesNotContain(new String(canary, StandardCharsets.ISO_8859_1));
            }
        }
    }

    @Test
    void shutsOthersOutOfAStoreFolderThatIsThere() throws IOException {
        Path store = Files.createDirectories(data().resolve("store"));
        Files.setPosixFilePermissions(store, PosixFilePermissions.fromString("rwxr-xr-x"));

        open(settings()).close();

        assertThat(permissions(store)).isEqualTo("rwx------");
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----", "rw------x", "rw-rw-rw-"})
    void refusesAKeyFileThatOthersHaveRightsTo(String rights) throws IOException {
        fill(settings());
        Files.setPosixFilePermissions(keyFile(), PosixFilePermissions.fromString(rights));

        assertThatThrownBy(() -> open(settings()))
                .isInstanceOf(MisconfiguredException.class)
                .hasMessageContaining("bactrian.store.key-file")
                .hasMessageContaining("chmod 600");
    }

    @Test
    @DisplayName("CRED-10: a database with data does not start without its key, and no other is made")
    void refusesToStartWithoutTheKeyOfADatabaseThatHasData() throws IOException {
        fill(settings());
        Files.delete(keyFile());

        assertThatThrownBy(() -> open(settings()))
                .isInstanceOf(MisconfiguredException.class)
                .hasMessageContaining("bactrian.store.key-file")
                .hasMessageContaining("BACTRIAN_KEY_ENCRYPTION_KEY");

        assertThat(keyFile()).doesNotExist();
    }

    @Test
    @DisplayName("CRED-10: nor with another key")
    void refusesToStartWithAnotherKey() throws IOException {
        fill(settings());
        Secret other = KeySource.newKey();
        StoreSettings withOther = settings().withKey(new KeySource.Value("the environment variable K", other));

        assertThatThrownBy(() -> open(withOther))
                .isInstanceOf(MisconfiguredException.class)
                .hasMessageContaining("the environment variable K")
                .hasMessageContaining("not the one this database was written with")
                .hasMessageNotContaining(other.reveal());
    }

    @Test
    void opensWithTheSameKeyFromElsewhere() throws Exception {
        fill(settings());
        Secret same = Secret.of(Files.readString(keyFile()));
        Files.delete(keyFile());

        try (BactrianStore store = open(settings().withKey(new KeySource.Value("the environment variable K", same)))) {
            assertThat(secret(store)).isEqualTo("canary-91f2");
        }
        assertThat(keyFile()).doesNotExist();
    }

    @Test
    @DisplayName("CRED-10: one key for two purposes does not start")
    void refusesOneKeyForTwoPurposes() {
        Secret key = KeySource.newKey();
        KeySource own = new KeySource.Value("setting A", key);
        KeySource same = new KeySource.Value("setting B", Secret.of(" " + key.reveal() + "\n"));
        KeySource other = new KeySource.Value("setting C", KeySource.newKey());

        assertThatThrownBy(() -> open(settings().withKey(own).withOtherKeys(List.of(other, same))))
                .isInstanceOf(MisconfiguredException.class)
                .hasMessageContaining("setting A")
                .hasMessageContaining("setting B")
                .hasMessageNotContaining(key.reveal());
        assertThatThrownBy(() -> open(settings().withKey(other).withOtherKeys(List.of(own, same))))
                .isInstanceOf(MisconfiguredException.class);
        assertThat(data()).as("nothing is made before the keys are right").doesNotExist();
        assertThatCode(() -> open(settings().withKey(own).withOtherKeys(List.of(other)))
                        .close())
                .doesNotThrowAnyException();
    }

    @Test
    @DisplayName("CRED-10: a key that is too short makes nothing")
    void makesNothingWithAWrongKey() {
        KeySource tooShort = new KeySource.Value("setting A", Secret.of("AAECAwQFBgc="));

        assertThatThrownBy(() -> open(settings().withKey(tooShort)))
                .isInstanceOf(MisconfiguredException.class)
                .hasMessageContaining("setting A")
                .hasMessageContaining("8 bytes");
        assertThat(data()).doesNotExist();
    }

    @Test
    void refusesToOpenADatabaseWithoutItsPassword() throws IOException {
        fill(settings());
        Path password = data().resolve("store").resolve("bactrian.password");
        String text = Files.readString(password);
        Files.delete(password);
        assertThatThrownBy(() -> open(settings()))
                .isInstanceOf(MisconfiguredException.class)
                .hasMessageContaining("bactrian.password");

        PrivateFiles.create(password, text.replaceFirst("owner=[0-9a-f]{8}", "owner=00000000"), "a test");
        assertThatThrownBy(() -> open(settings()))
                .isInstanceOf(MisconfiguredException.class)
                .hasMessageContaining("bactrian.password");

        Files.writeString(password, "garbage");
        assertThatThrownBy(() -> open(settings()))
                .isInstanceOf(MisconfiguredException.class)
                .hasMessageContaining("bactrian.password")
                .hasMessageNotContaining("garbage");
    }

    @Test
    void putsNoPasswordOfTheDatabaseIntoAnError() throws IOException {
        open(settings()).close();
        Path store = data().resolve("store");
        try (Dialect dialect = H2Dialect.onDisk(store)) {
            JdbcTemplate owner = Databases.burglar(dialect);
            owner.execute("DROP USER \"BACTRIAN\"");
            // a role of the user's name keeps the user from being made
            owner.execute("CREATE ROLE \"BACTRIAN\"");
        }
        Matcher password =
                Pattern.compile("user=([0-9a-f]{64})").matcher(Files.readString(store.resolve("bactrian.password")));
        assertThat(password.find()).isTrue();

        UnavailableException error = catchThrowableOfType(UnavailableException.class, () -> open(settings()));

        assertThat(error).as("a user that cannot be made").isNotNull();
        assertThat(Throwables.getStackTrace(error)).contains("already exists").doesNotContain(password.group(1));
    }

    @Test
    void startsWhereTheDatabaseWasMadeButNeverUsed() throws IOException {
        open(settings()).close();
        Files.delete(keyFile());

        fill(settings());

        assertThat(keyFile()).exists();
    }

    @Test
    void opensOnceThoughManyOpenAtTheSameTime() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(4);
        try {
            Callable<BactrianStore> open = () -> open(settings());
            List<Future<BactrianStore>> opening = pool.invokeAll(List.of(open, open, open, open), 60, TimeUnit.SECONDS);
            opening.get(0).get().putTenant(new TenantRecord(StoreFixture.ACME, "Acme", true));
            for (Future<BactrianStore> one : opening) {
                assertThat(one.get().tenants()).hasSize(1);
            }
            for (Future<BactrianStore> one : opening) {
                one.get().close();
            }
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void listensOnLoopbackOnly() throws IOException {
        try (BactrianStore store = open(settings())) {
            assertThat(store.tenants()).isEmpty();
            String lock = Files.readString(data().resolve("store").resolve("bactrian.lock.db"));
            Matcher server = Pattern.compile("(?m)^server=(.+?)\\\\?:(\\d+)$").matcher(lock);
            assertThat(server.find()).as(lock).isTrue();
            assertThat(server.group(1)).isIn("127.0.0.1", "localhost");
            // were it bound to all addresses, no other socket could have the port on another one
            InetAddress elsewhere = InetAddress.getByAddress(new byte[] {127, 0, 0, 2});
            try (ServerSocket socket = new ServerSocket(Integer.parseInt(server.group(2)), 1, elsewhere)) {
                assertThat(socket.isBound()).isTrue();
            }
        }
    }

    @Test
    void survivesTheLossOfTheProcess() throws Exception {
        // a copy of the files of an open database is what a kill leaves behind
        Path copy = temp.resolve("copy");
        try (BactrianStore store = open(settings())) {
            store.putTenant(new TenantRecord(StoreFixture.ACME, "Acme", true));
            store.addCredential(StoreFixture.ACME, StoreFixture.PROVIDER, credential("main", "canary-91f2"));
            for (String file : List.of("store/bactrian.mv.db", "store/bactrian.password", "keys/key-encryption.key")) {
                Files.createDirectories(copy.resolve(file).getParent());
                Files.copy(data().resolve(file), copy.resolve(file), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
        try (BactrianStore store = open(StoreSettings.embedded(copy))) {
            assertThat(secret(store)).isEqualTo("canary-91f2");
        }
    }
}
