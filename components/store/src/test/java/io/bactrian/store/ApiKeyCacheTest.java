package io.bactrian.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.bactrian.core.config.ApiKeyRecord;
import io.bactrian.core.config.TenantRecord;
import io.bactrian.testkit.contract.ApiKeyStoreContract;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Known keys are answered from memory, under the number of their tenant's latest change. */
class ApiKeyCacheTest extends StoreTestBase {

    private static final String HASH = ApiKeyStoreContract.sha256("one");

    private void addKey() {
        store.addApiKey(new ApiKeyRecord("k1", ACME, "test", null, null, CLOCK.instant(), null), HASH);
    }

    @Test
    void answersAKnownKeyWithoutTheDatabase() {
        addKey();
        assertThat(store.apiKey(HASH)).isPresent();
        burglar.update("UPDATE api_keys SET name = 'changed behind the store'");

        assertThat(store.apiKey(HASH).orElseThrow().name()).isEqualTo("test");

        store.putTenant(new TenantRecord(ACME, "Acme", true));
        assertThat(store.apiKey(HASH).orElseThrow().name()).isEqualTo("changed behind the store");
    }

    @Test
    void remembersNoKeyThatIsNotThere() {
        assertThat(store.apiKey(HASH)).isEmpty();
        // by another process, of whose change this one does not know yet
        burglar.update(
                "INSERT INTO api_keys (id, tenant_id, sha256, name, created_at, updated_at)"
                        + " VALUES ('k1', 'acme', ?, 'n', CURRENT_TIMESTAMP, CURRENT_TIMESTAMP)",
                HASH);

        assertThat(store.apiKey(HASH)).isPresent();
    }

    @Test
    void forgetsTheKeysUsedLongestAgo() {
        LruCache<Integer, Integer> cache = new LruCache<>(3);
        IntStream.range(0, 3).forEach(i -> cache.put(i, i));
        assertThat(cache.get(0)).isZero();
        cache.put(3, 3);

        assertThat(cache.size()).isEqualTo(3);
        assertThat(cache.get(1)).isNull();
        assertThat(cache.get(0)).isZero();
        assertThat(cache.get(3)).isEqualTo(3);
    }
}
