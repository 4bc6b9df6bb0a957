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
import io.bactrian.core.error.UnavailableException;
import io.bactrian.testkit.contract.ApiKeyStoreContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Several stores on one database see each other's changes by looking for them. */
@Execution(ExecutionMode.CONCURRENT)
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

            Process process = start("beside", data.toString(), hash);
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
    @DisplayName("A process that is served by another goes on when that one is killed, and has lost nothing")
    void goesOnWhenTheProcessThatServedItIsKilled() throws Exception {
        Process first = start("serve", data.toString());
        try {
            await().atMost(Duration.ofSeconds(60)).until(() -> Files.exists(data.resolve("ready")) || !first.isAlive());
            assertThat(first.isAlive()).as(log()).isTrue();
            try (BactrianStore second = open(StoreSettings.embedded(data))) {
                assertThat(secrets(second)).containsExactly("s-0");

                first.destroyForcibly().waitFor();

                await().atMost(Duration.ofSeconds(30))
                        .ignoreExceptionsInstanceOf(UnavailableException.class)
                        .until(() -> secrets(second).equals(List.of("s-0")));
                second.addCredential(ACME, PROVIDER, credential("after", "s-after"));
                assertThat(secrets(second)).containsExactly("s-0", "s-after");
            }
        } finally {
            first.destroyForcibly();
        }
    }

    private Process start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                OtherProcess.class.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(data.resolve("other.log").toFile())
                .start();
    }

    private String log() throws IOException {
        return Files.readString(data.resolve("other.log"));
    }

    static List<String> secrets(BactrianStore store) throws Exception {
        List<String> secrets = new ArrayList<>();
        for (StoredCredential stored :
                store.provider(ACME, OPENAI).orElseThrow().credentials()) {
            secrets.add(stored.open().secret("api_key").orElseThrow().reveal());
        }
        return secrets;
    }

    /** Another process on the same files. */
    static final class OtherProcess {

        private OtherProcess() {}

        public static void main(String[] arguments) throws Exception {
            Path folder = Path.of(arguments[1]);
            try (BactrianStore store = open(StoreSettings.embedded(folder))) {
                if ("serve".equals(arguments[0])) {
                    serve(store, folder);
                } else {
                    beside(store, arguments[2]);
                }
            }
        }

        /** Comes first, writes, and stays until it is killed. */
        private static void serve(BactrianStore store, Path folder) throws Exception {
            store.putTenant(new TenantRecord(ACME, "Acme", true));
            store.addCredential(ACME, PROVIDER, credential("first", "s-0"));
            Files.createFile(folder.resolve("ready"));
            new CountDownLatch(1).await(120, TimeUnit.SECONDS);
        }

        /** Reads what the first wrote, writes, and waits until a key is withdrawn. */
        private static void beside(BactrianStore store, String hash) throws Exception {
            assertThat(secrets(store)).containsExactly("s-server");
            assertThat(store.apiKey(hash).orElseThrow().revokedAt()).isNull();
            store.addCredential(ACME, PROVIDER, credential("of the other", "s-other"));
            await().atMost(Duration.ofSeconds(45))
                    .until(() -> store.apiKey(hash).orElseThrow().revokedAt() != null);
        }
    }
}
