package io.bactrian.testkit.contract;

import static io.bactrian.testkit.contract.StoreFixture.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.bactrian.core.config.ApiKeyRecord;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.tenant.AppId;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tenant.UserId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What every store of API keys has to do. */
public interface ApiKeyStoreContract extends StoreFixture {

    /** A moment, to the microsecond: finer parts need not be kept. */
    Instant MONDAY = Instant.parse("2026-03-02T10:11:12.123456Z");

    /** The SHA-256 of a key. */
    static String sha256(String key) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private static ApiKeyRecord key(TenantId tenant, String id, Instant createdAt) {
        return new ApiKeyRecord(id, tenant, "for tests", new UserId("ann"), new AppId("shop"), createdAt, null);
    }

    @Test
    default void findsAnApiKeyByTheHashOfTheWholeKey() {
        addTenants();
        ApiKeyRecord record = key(ACME, "k1", MONDAY);
        ApiKeyRecord bare = new ApiKeyRecord("k2", GLOBEX, "", null, null, MONDAY, null);
        apiKeys().addApiKey(record, sha256("one"));
        apiKeys().addApiKey(bare, sha256("two"));

        assertThat(apiKeys().apiKey(sha256("one"))).contains(record);
        assertThat(apiKeys().apiKey(sha256("two"))).contains(bare);
        assertThat(apiKeys().apiKey(sha256("three"))).isEmpty();
        assertThat(apiKeys().apiKey("")).isEmpty();
        assertThat(apiKeys().apiKey("' OR 1=1 --")).isEmpty();
    }

    @Test
    @DisplayName("CACHE-04: two keys that share their first 64 characters are two keys")
    default void tellsKeysOfOnePrefixApart() {
        addTenants();
        String prefix = "x".repeat(64);
        apiKeys().addApiKey(key(ACME, "k1", MONDAY), sha256(prefix + "a"));
        apiKeys().addApiKey(key(GLOBEX, "k2", MONDAY), sha256(prefix + "b"));

        assertThat(apiKeys().apiKey(sha256(prefix + "a")).orElseThrow().tenant())
                .isEqualTo(ACME);
        assertThat(apiKeys().apiKey(sha256(prefix + "b")).orElseThrow().tenant())
                .isEqualTo(GLOBEX);
        assertThat(apiKeys().apiKey(sha256(prefix))).isEmpty();
    }

    @Test
    default void findsAKeyAddedAfterItWasAskedFor() {
        addTenants();
        assertThat(apiKeys().apiKey(sha256("one"))).isEmpty();

        apiKeys().addApiKey(key(ACME, "k1", MONDAY), sha256("one"));

        assertThat(apiKeys().apiKey(sha256("one"))).isPresent();
    }

    @Test
    default void withdrawsAKeyAtOnce() {
        addTenants();
        apiKeys().addApiKey(key(ACME, "k1", MONDAY), sha256("one"));
        assertThat(apiKeys().apiKey(sha256("one")).orElseThrow().revokedAt()).isNull();
        long before = store().version(ACME);

        assertThat(apiKeys().revokeApiKey(ACME, "k1")).isTrue();

        assertThat(apiKeys().apiKey(sha256("one")).orElseThrow().revokedAt()).isNotNull();
        assertThat(store().version(ACME)).isGreaterThan(before);
        Instant revoked = apiKeys().apiKey(sha256("one")).orElseThrow().revokedAt();
        assertThat(apiKeys().revokeApiKey(ACME, "k1")).isFalse();
        assertThat(apiKeys().apiKey(sha256("one")).orElseThrow().revokedAt()).isEqualTo(revoked);
    }

    @Test
    default void withdrawsNoKeyOfAnotherTenant() {
        addTenants();
        apiKeys().addApiKey(key(ACME, "k1", MONDAY), sha256("one"));

        assertThat(apiKeys().revokeApiKey(GLOBEX, "k1")).isFalse();
        assertThat(apiKeys().revokeApiKey(NOBODY, "k1")).isFalse();
        assertThat(apiKeys().revokeApiKey(ACME, "k2")).isFalse();

        assertThat(apiKeys().apiKey(sha256("one")).orElseThrow().revokedAt()).isNull();
    }

    @Test
    default void listsTheKeysOfATenantOldestFirst() {
        addTenants();
        apiKeys().addApiKey(key(ACME, "later", MONDAY.plusSeconds(60)), sha256("one"));
        apiKeys().addApiKey(key(ACME, "earlier", MONDAY), sha256("two"));
        apiKeys().addApiKey(key(GLOBEX, "theirs", MONDAY), sha256("three"));
        apiKeys().revokeApiKey(ACME, "earlier");

        assertThat(apiKeys().apiKeys(ACME)).extracting(ApiKeyRecord::id).containsExactly("earlier", "later");
        assertThat(apiKeys().apiKeys(ACME).get(0).revokedAt()).isNotNull();
        assertThat(apiKeys().apiKeys(NOBODY)).isEmpty();
    }

    @Test
    default void refusesAKeyThatIsThereAlready() {
        addTenants();
        apiKeys().addApiKey(key(ACME, "k1", MONDAY), sha256("one"));

        refused(ErrorCode.INVALID_PARAM, () -> apiKeys().addApiKey(key(GLOBEX, "k2", MONDAY), sha256("one")));
        refused(ErrorCode.INVALID_PARAM, () -> apiKeys().addApiKey(key(ACME, "k1", MONDAY), sha256("two")));
        refused(ErrorCode.TENANT_NOT_FOUND, () -> apiKeys().addApiKey(key(NOBODY, "k3", MONDAY), sha256("three")));

        assertThat(apiKeys().apiKey(sha256("one")).orElseThrow().tenant()).isEqualTo(ACME);
        assertThat(apiKeys().apiKey(sha256("two"))).isEmpty();
        assertThat(apiKeys().apiKey(sha256("three"))).isEmpty();
    }

    @Test
    default void refusesWhatIsNoHash() {
        addTenants();
        for (String wrong : new String[] {
            "", "one", sha256("one").substring(1), sha256("one").toUpperCase(java.util.Locale.ROOT)
        }) {
            refused(ErrorCode.INVALID_PARAM, () -> apiKeys().addApiKey(key(ACME, "k1", MONDAY), wrong));
        }
        assertThat(apiKeys().apiKeys(ACME)).isEmpty();
    }

    @Test
    default void forgetsTheKeysOfARemovedTenant() {
        addTenants();
        apiKeys().addApiKey(key(ACME, "k1", MONDAY), sha256("one"));
        apiKeys().addApiKey(key(GLOBEX, "k2", MONDAY), sha256("two"));
        assertThat(apiKeys().apiKey(sha256("one"))).isPresent();

        store().removeTenant(ACME);

        assertThat(apiKeys().apiKey(sha256("one"))).isEmpty();
        assertThat(apiKeys().apiKeys(ACME)).isEmpty();
        assertThat(apiKeys().apiKey(sha256("two"))).isPresent();
    }
}
