package io.bactrian.store;

import static io.bactrian.testkit.contract.StoreFixture.ACME;
import static io.bactrian.testkit.contract.StoreFixture.GLOBEX;
import static io.bactrian.testkit.contract.StoreFixture.OPENAI;
import static io.bactrian.testkit.contract.StoreFixture.PROVIDER;
import static io.bactrian.testkit.contract.StoreFixture.credential;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bactrian.core.config.ApiKeyRecord;
import io.bactrian.core.config.StoredCredential;
import io.bactrian.core.config.TenantRecord;
import io.bactrian.core.credential.CredentialId;
import io.bactrian.testkit.contract.ApiKeyStoreContract;
import io.bactrian.testkit.contract.StoreFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several stores on one database see each other's changes by looking for them. */
class SeveralProcessesTest {

    // what is promised is a second; a busy machine may take longer to get round to it
    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir
    private Path data;

    private static BactrianStore open(StoreSettings settings) {
        return BactrianStore.open(settings, Clock.systemUTC());
    }

    @Test
    void noticesWhatAnotherStoreChanged() {
        StoreSettings settings = StoreSettings.inMemory("n" + UUID.randomUUID());
        try (BactrianStore one = open(settings);
                BactrianStore other = open(settings)) {
            one.putTenant(new TenantRecord(ACME, "Acme", true));
            await().atMost(SOON).until(() -> other.version(ACME) > 0);
            long before = other.version(ACME);
            long globex = other.version(GLOBEX);

            CredentialId id = one.addCredential(ACME, PROVIDER, credential("main", "s-1"));

            await().atMost(SOON).until(() -> other.version(ACME) > before);
            assertThat(other.version(ACME)).isEqualTo(one.version(ACME));
            assertThat(other.version(GLOBEX)).isEqualTo(globex);
            assertThat(other.provider(ACME, OPENAI).orElseThrow().activeCredential())
                    .isEqualTo(id);

            long last = other.version(ACME);
            one.removeTenant(ACME);
            await().atMost(SOON).until(() -> other.version(ACME) > last);
        }
    }

    @Test
    void refusesAKeyThatAnotherStoreWithdrew() {
        StoreSettings settings = StoreSettings.inMemory("n" + UUID.randomUUID());
        String hash = ApiKeyStoreContract.sha256("one");
        try (BactrianStore one = open(settings);
                BactrianStore other = open(settings)) {
            one.putTenant(new TenantRecord(ACME, "Acme", true));
            one.addApiKey(new ApiKeyRecord("k1", ACME, "test", null, null, Instant.EPOCH, null), hash);
            await().atMost(SOON).until(() -> other.version(ACME) == one.version(ACME));
            assertThat(other.apiKey(hash).orElseThrow().revokedAt()).isNull();

            one.revokeApiKey(ACME, "k1");

            await().atMost(SOON).until(() -> other.apiKey(hash).orElseThrow().revokedAt() != null);
        }
    }

    @Test
    void knowsTheNumbersOfEarlierChangesWhenItStarts() {
        StoreSettings settings = StoreSettings.inMemory("n" + UUID.randomUUID());
        try (BactrianStore one = open(settings)) {
            one.putTenant(new TenantRecord(ACME, "Acme", true));
            try (BactrianStore other = open(settings)) {
                assertThat(other.version(ACME)).isEqualTo(one.version(ACME));
            }
        }
    }

    @Test
    @DisplayName("The command line works beside a running server: another process on the same files")
    void worksBesideAnotherProcess() throws Exception {
        String hash = ApiKeyStoreContract.sha256("one");
        try (BactrianStore server = open(StoreSettings.embedded(data))) {
            server.putTenant(new TenantRecord(ACME, "Acme", true));
            server.addCredential(ACME, PROVIDER, credential("of the server", "s-server"));
            server.addApiKey(new ApiKeyRecord("k1", ACME, "test", null, null, Instant.EPOCH, null), hash);
            long before = server.version(ACME);

            Process process = start(data, hash);
            try {
                await().atMost(Duration.ofSeconds(60)).until(() -> server.version(ACME) > before || !process.isAlive());
                assertThat(secrets(server)).as(log()).containsExactly("s-server", "s-other");
                server.revokeApiKey(ACME, "k1");

                assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
                assertThat(process.exitValue()).as(log()).isZero();
            } finally {
                process.destroyForcibly();
            }
        }
    }

    @Test
    @DisplayName("The other process goes on when the first, which served it, has gone")
    void goesOnWhenTheFirstProcessHasGone() throws Exception {
        Process process;
        String hash = ApiKeyStoreContract.sha256("one");
        try (BactrianStore server = open(StoreSettings.embedded(data))) {
            server.putTenant(new TenantRecord(ACME, "Acme", true));
            server.addCredential(ACME, PROVIDER, credential("of the server", "s-server"));
            server.addApiKey(new ApiKeyRecord("k1", ACME, "test", null, null, Instant.EPOCH, null), hash);
            long before = server.version(ACME);
            process = start(data, hash);
            await().atMost(Duration.ofSeconds(60)).until(() -> server.version(ACME) > before || !process.isAlive());
        }
        try (BactrianStore again = open(StoreSettings.embedded(data))) {
            assertThat(secrets(again)).as(log()).containsExactly("s-server", "s-other");
            again.revokeApiKey(ACME, "k1");
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as(log()).isZero();
        } finally {
            process.destroyForcibly();
        }
    }

    private Process start(Path folder, String hash) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        OtherProcess.class.getName(),
                        folder.toString(),
                        hash)
                .redirectErrorStream(true)
                .redirectOutput(data.resolve("other.log").toFile())
                .start();
    }

    private String log() throws IOException {
        return Files.readString(data.resolve("other.log"));
    }

    static List<String> secrets(BactrianStore store) throws Exception {
        List<String> secrets = new java.util.ArrayList<>();
        for (StoredCredential stored :
                store.provider(ACME, OPENAI).orElseThrow().credentials()) {
            secrets.add(stored.open().secret("api_key").orElseThrow().reveal());
        }
        return secrets;
    }

    /** The other process: reads what the first wrote, writes, and waits until a key is withdrawn. */
    static final class OtherProcess {

        private OtherProcess() {}

        public static void main(String[] arguments) throws Exception {
            try (BactrianStore store = open(StoreSettings.embedded(Path.of(arguments[0])))) {
                assertThat(secrets(store)).containsExactly("s-server");
                assertThat(store.apiKey(arguments[1]).orElseThrow().revokedAt()).isNull();
                store.addCredential(ACME, StoreFixture.PROVIDER, credential("of the other", "s-other"));
                await().atMost(Duration.ofSeconds(45))
                        .ignoreExceptionsInstanceOf(io.bactrian.core.error.UnavailableException.class)
                        .until(() -> store.apiKey(arguments[1]).orElseThrow().revokedAt() != null);
            }
        }
    }
}
