package io.bactrian.store;

import static io.bactrian.testkit.contract.StoreFixture.ACME;
import static io.bactrian.testkit.contract.StoreFixture.OPENAI;
import static io.bactrian.testkit.contract.StoreFixture.PROVIDER;
import static io.bactrian.testkit.contract.StoreFixture.credential;
import static org.assertj.core.api.Assertions.assertThat;

import io.bactrian.core.config.TenantRecord;
import io.bactrian.core.error.UnavailableException;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A thread that is interrupted while it uses the store spoils its own call at most, never the database for all. */
class InterruptionTest {

    @TempDir
    private Path data;

    @Test
    void staysOpenForEverybodyThoughThreadsAreInterrupted() throws Exception {
        try (BactrianStore store = BactrianStore.open(StoreSettings.embedded(data), Clock.systemUTC())) {
            store.putTenant(new TenantRecord(ACME, "Acme", true));
            for (int i = 0; i < 20; i++) {
                int number = i;
                Thread.currentThread().interrupt();
                try {
                    store.addCredential(ACME, PROVIDER, credential("key " + number, "s-" + number));
                } catch (UnavailableException spoiled) {
                    assertThat(spoiled.retriable()).isTrue();
                } finally {
                    Thread.interrupted();
                }
                // everybody else's calls go on at once, and so does this thread's next one
                assertThat(store.tenants()).hasSize(1);
                store.addCredential(ACME, PROVIDER, credential("sure " + number, "s-" + number));
            }
        }
        try (BactrianStore again = BactrianStore.open(StoreSettings.embedded(data), Clock.systemUTC())) {
            assertThat(again.provider(ACME, OPENAI).orElseThrow().credentials())
                    .hasSizeGreaterThanOrEqualTo(20)
                    .allSatisfy(stored -> assertThat(stored.open().names()).containsExactly("api_key"));
        }
    }
}
