package io.bactrian.store;

import static io.bactrian.testkit.contract.StoreFixture.MODEL;
import static io.bactrian.testkit.contract.StoreFixture.OPENAI;
import static io.bactrian.testkit.contract.StoreFixture.PROVIDER;
import static io.bactrian.testkit.contract.StoreFixture.credential;
import static io.bactrian.testkit.contract.StoreFixture.secret;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bactrian.core.config.StoredCredential;
import io.bactrian.core.config.TenantRecord;
import io.bactrian.core.credential.CredentialId;
import io.bactrian.core.credential.Secret;
import io.bactrian.core.tenant.TenantId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** CRED-08: a process that rotates and rewraps is killed at any moment; nothing is lost and the next run goes on. */
class RewrapKilledTest {

    private static final List<TenantId> TENANTS =
            List.of(new TenantId("acme"), new TenantId("globex"), new TenantId("initech"));
    private static final int CREDENTIALS = 8;
    private static final int KILLS = 4;

    @TempDir
    private Path data;

    private static BactrianStore open(Path folder) {
        return BactrianStore.open(StoreSettings.embedded(folder), Clock.systemUTC());
    }

    /** All that credentials hold, by tenant and name. */
    private static Map<String, String> contents(BactrianStore store) throws Exception {
        Map<String, String> contents = new TreeMap<>();
        for (TenantId tenant : TENANTS) {
            for (StoredCredential stored :
                    KeyFixture.all(store.provider(tenant, OPENAI).orElseThrow())) {
                String previous = stored.previous().isEmpty()
                        ? ""
                        : stored.previous()
                                .get()
                                .open()
                                .secret("api_key")
                                .map(Secret::reveal)
                                .orElseThrow();
                contents.put(
                        tenant + "/" + stored.id(),
                        stored.name() + " " + stored.version() + " " + KeyFixture.valueOf(stored) + " " + previous);
            }
        }
        return contents;
    }

    private static void fill(BactrianStore store) {
        for (TenantId tenant : TENANTS) {
            store.putTenant(new TenantRecord(tenant, "T", true));
            for (int i = 0; i < CREDENTIALS; i++) {
                CredentialId id = store.addCredential(
                        tenant, i % 2 == 0 ? PROVIDER : MODEL, credential("c" + i, "s-" + tenant + "-" + i));
                if (i % 3 == 0) {
                    store.rotateCredential(
                            tenant,
                            i % 2 == 0 ? PROVIDER : MODEL,
                            id,
                            secret("s-" + tenant + "-new-" + i),
                            Duration.ofDays(1));
                }
            }
        }
    }

    @Test
    @DisplayName("CRED-08: killed at random moments of a rotation and a rewrap, it loses no row and wraps none twice")
    void losesNothingWhenItIsKilled() throws Exception {
        Map<String, String> before;
        try (BactrianStore store = open(data)) {
            fill(store);
            before = contents(store);
        }
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        for (int kill = 0; kill < KILLS; kill++) {
            killWhileItRewraps(random.nextInt(1, 30), random.nextInt(20));
            try (BactrianStore store = open(data)) {
                assertThat(contents(store))
                        .as("after kill %s with seed %s: %s", kill, seed, log())
                        .isEqualTo(before);
            }
        }

        try (BactrianStore store = open(data)) {
            KeyRing.Progress progress = store.keys().rewrap(told -> {}, 7);
            assertThat(progress.complete()).as("%s", progress).isTrue();
            assertThat(progress.unreadable()).isZero();
            retireAllButTheNewest(store);
            assertThat(contents(store)).isEqualTo(before);
        }
        try (BactrianStore store = open(data)) {
            assertThat(contents(store)).isEqualTo(before);
            assertThat(store.unreadableCount()).isZero();
        }
    }

    private static void retireAllButTheNewest(BactrianStore store) {
        for (KeyRing.KeyEncryptionKeyStatus key : store.keys().status().keyEncryptionKeys()) {
            if (!key.primary()) {
                store.keys().retire(key.id());
            }
        }
        for (TenantId tenant : TENANTS) {
            for (KeyRing.DataKeyStatus key : store.keys().status(tenant)) {
                if (!key.primary()) {
                    store.keys().retire(tenant, key.version());
                }
            }
            assertThat(store.keys().status(tenant)).hasSize(1);
        }
    }

    private void killWhileItRewraps(int steps, int millis) throws Exception {
        Path told = data.resolve("told");
        Files.deleteIfExists(told);
        Process process = start();
        try {
            await().atMost(Duration.ofSeconds(60))
                    .pollInterval(Duration.ofMillis(2))
                    .until(() -> !process.isAlive() || Files.exists(told) && Files.size(told) >= steps);
            // somewhere within the next steps
            process.waitFor(millis, TimeUnit.MILLISECONDS);
            assertThat(process.isAlive()).as(log()).isTrue();
        } finally {
            // SIGKILL
            process.destroyForcibly().waitFor();
        }
    }

    private Process start() throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                Rewrapping.class.getName(),
                data.toString()));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(data.resolve("other.log").toFile())
                .start();
    }

    private String log() throws IOException {
        return Files.readString(data.resolve("other.log"));
    }

    /** Rotates and rewraps row by row until it is killed. */
    static final class Rewrapping {

        private Rewrapping() {}

        public static void main(String[] arguments) throws Exception {
            Path folder = Path.of(arguments[0]);
            Path told = folder.resolve("told");
            try (BactrianStore store = open(folder)) {
                while (true) {
                    // goes on with what the one before it left
                    store.keys().rewrap(progress -> tell(told), 1);
                    store.keys().rotateKeyEncryptionKey();
                    for (TenantId tenant : TENANTS) {
                        store.keys().rotateDataKey(tenant);
                        tell(told);
                    }
                }
            }
        }

        private static void tell(Path told) {
            try {
                Files.write(told, new byte[] {1}, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }
    }
}
