package io.bactrian.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.bactrian.core.access.Scopes;
import io.bactrian.core.config.ApiKeyRecord;
import io.bactrian.core.config.TenantRecord;
import io.bactrian.core.tenant.ApiKeyId;
import io.bactrian.core.tenant.Role;
import io.bactrian.testkit.contract.ApiKeyStoreContract;
import java.util.List;
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
    void answersAKnownKeyByItsIdWithoutTheDatabase() {
        addKey();
        ApiKeyId id = new ApiKeyId("k1");
        assertThat(store.apiKey(ACME, id)).isPresent();
        burglar.update("UPDATE api_keys SET name = 'changed behind the store'");

        assertThat(store.apiKey(ACME, id).orElseThrow().name()).isEqualTo("test");

        store.revokeApiKey(ACME, "k1");
        assertThat(store.apiKey(ACME, id).orElseThrow().revokedAt()).isNotNull();
    }

    @Test
    void aKeyOfAKindThatThisVersionDoesNotKnowIsNotInForce() {
        addKey();
        ApiKeyId id = new ApiKeyId("k1");
        for (String change : List.of("role = 'emperor'", "role = 'normal', scopes = 'everything'", "scopes = ''")) {
            burglar.update("UPDATE api_keys SET " + change);
            store.putTenant(new TenantRecord(ACME, "Acme", true));

            assertThat(store.apiKey(HASH).orElseThrow().inForce(CLOCK.instant()))
                    .as(change)
                    .isFalse();
            assertThat(store.apiKey(ACME, id).orElseThrow().inForce(CLOCK.instant()))
                    .as(change)
                    .isFalse();
        }
    }

    @Test
    void keysOfBeforeAreForCalls() {
        burglar.update(
                "INSERT INTO api_keys (id, tenant_id, sha256, name, created_at, updated_at)"
                        + " VALUES ('k1', 'acme', ?, 'n', CURRENT_TIMESTAMP, CURRENT_TIMESTAMP)",
                HASH);

        ApiKeyRecord key = store.apiKey(HASH).orElseThrow();
        assertThat(key.role()).isEqualTo(Role.NORMAL);
        assertThat(key.scopes()).isEqualTo(Scopes.CALLS);
        assertThat(key.expiresAt()).isNull();
        assertThat(key.createdBy()).isNull();
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
