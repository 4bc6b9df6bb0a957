package io.bactrian.testkit.contract;

import static io.bactrian.testkit.contract.StoreFixture.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.bactrian.core.access.Scopes;
import io.bactrian.core.config.ApiKeyRecord;
import io.bactrian.core.config.ApiKeyStore;
import io.bactrian.core.config.Page;
import io.bactrian.core.config.PageOf;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.tenant.ApiKeyId;
import io.bactrian.core.tenant.AppId;
import io.bactrian.core.tenant.Role;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tenant.UserId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
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

    private List<ApiKeyRecord> all(TenantId tenant) {
        return apiKeys().apiKeys(tenant, null, Page.FIRST).items();
    }

    private static ApiKeyRecord keyOf(
            String id, @Nullable UserId user, @Nullable AppId app, @Nullable Instant expiresAt) {
        return new ApiKeyRecord(id, ACME, id, user, app, Role.NORMAL, Scopes.CALLS, "ann", MONDAY, expiresAt, null);
    }

    @Test
    default void keepsWhatAKeyMayDoAndUntilWhen() {
        addTenants();
        Scopes scopes = Scopes.of(List.of("models:openai/*", "tools:time/a,b", "admin:read"));
        ApiKeyRecord record = new ApiKeyRecord(
                "k1",
                ACME,
                "for tests",
                new UserId("ann"),
                null,
                Role.ADMIN,
                scopes,
                "operator",
                MONDAY,
                MONDAY.plusSeconds(60),
                null);
        apiKeys().addApiKey(record, sha256("one"));

        assertThat(apiKeys().apiKey(sha256("one"))).contains(record);
        assertThat(apiKeys().apiKey(ACME, new ApiKeyId("k1"))).contains(record);
        assertThat(all(ACME)).containsExactly(record);
    }

    @Test
    default void findsAKeyByItsIdInItsTenantAlone() {
        addTenants();
        apiKeys().addApiKey(key(ACME, "k1", MONDAY), sha256("one"));

        assertThat(apiKeys().apiKey(ACME, new ApiKeyId("k1"))).isPresent();
        assertThat(apiKeys().apiKey(GLOBEX, new ApiKeyId("k1"))).isEmpty();
        assertThat(apiKeys().apiKey(ACME, new ApiKeyId("k2"))).isEmpty();

        apiKeys().addApiKey(key(ACME, "k2", MONDAY), sha256("two"));
        apiKeys().revokeApiKey(ACME, "k1");

        assertThat(apiKeys().apiKey(ACME, new ApiKeyId("k1")).orElseThrow().revokedAt())
                .isNotNull();
        assertThat(apiKeys().apiKey(ACME, new ApiKeyId("k2"))).isPresent();
    }

    @Test
    default void bringsEveryKeyOnExactlyOnePage() {
        addTenants();
        for (int i = 0; i < 7; i++) {
            UserId user = new UserId(i % 2 == 0 ? "ann" : "bob");
            // two at a time are of the same moment
            ApiKeyRecord record = new ApiKeyRecord("k" + i, ACME, "", user, null, MONDAY.plusSeconds(i / 2), null);
            apiKeys().addApiKey(record, sha256("key" + i));
        }
        apiKeys().addApiKey(key(GLOBEX, "theirs", MONDAY), sha256("theirs"));

        assertThat(byPages(null, 2)).containsExactly("k0", "k1", "k2", "k3", "k4", "k5", "k6");
        assertThat(byPages(null, 7)).hasSize(7);
        assertThat(byPages(new UserId("ann"), 3)).containsExactly("k0", "k2", "k4", "k6");
        for (String wrong : List.of("x", "2026-03-02T10:11:12Z", "yesterday k1")) {
            refused(ErrorCode.INVALID_PARAM, () -> apiKeys().apiKeys(ACME, null, new Page(wrong, 10)));
        }
    }

    private List<String> byPages(@Nullable UserId of, int most) {
        List<String> ids = new ArrayList<>();
        PageOf<ApiKeyRecord> page = apiKeys().apiKeys(ACME, of, new Page(null, most));
        page.items().forEach(key -> ids.add(key.id()));
        while (page.next() != null) {
            assertThat(page.items()).hasSize(most);
            page = apiKeys().apiKeys(ACME, of, new Page(page.next(), most));
            page.items().forEach(key -> ids.add(key.id()));
        }
        return ids;
    }

    @Test
    default void boundsTheKeysInForceOfAnAccountForAnApplication() {
        addTenants();
        UserId ann = new UserId("ann");
        AppId shop = new AppId("shop");
        for (int i = 0; i < ApiKeyStore.MOST_OF_ACCOUNT; i++) {
            apiKeys().addApiKey(keyOf("k" + i, ann, shop, null), sha256("key" + i));
        }

        assertThat(refused(ErrorCode.INVALID_PARAM, () -> apiKeys()
                        .addApiKey(keyOf("more", ann, shop, null), sha256("more"))))
                .hasMessageContaining("there can be 10")
                .hasMessageContaining("apikey revoke");

        // others, and other applications, are counted apart; what is not in force is not counted
        apiKeys().addApiKey(keyOf("other", ann, null, null), sha256("other"));
        apiKeys().addApiKey(keyOf("theirs", new UserId("bob"), shop, null), sha256("theirs"));
        apiKeys().revokeApiKey(ACME, "k0");
        apiKeys().addApiKey(keyOf("more", ann, shop, null), sha256("more"));
        refused(ErrorCode.INVALID_PARAM, () -> apiKeys().addApiKey(keyOf("again", ann, shop, null), sha256("again")));
    }

    @Test
    default void doesNotCountExpiredKeys() {
        addTenants();
        UserId ann = new UserId("ann");
        for (int i = 0; i < ApiKeyStore.MOST_OF_ACCOUNT + 2; i++) {
            apiKeys().addApiKey(keyOf("k" + i, ann, null, Instant.EPOCH.plusSeconds(1)), sha256("key" + i));
        }

        assertThat(all(ACME)).hasSize(ApiKeyStore.MOST_OF_ACCOUNT + 2);
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

        assertThat(all(ACME)).extracting(ApiKeyRecord::id).containsExactly("earlier", "later");
        assertThat(all(ACME).get(0).revokedAt()).isNotNull();
        assertThat(all(NOBODY)).isEmpty();
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
        assertThat(all(ACME)).isEmpty();
    }

    @Test
    default void forgetsTheKeysOfARemovedTenant() {
        addTenants();
        apiKeys().addApiKey(key(ACME, "k1", MONDAY), sha256("one"));
        apiKeys().addApiKey(key(GLOBEX, "k2", MONDAY), sha256("two"));
        assertThat(apiKeys().apiKey(sha256("one"))).isPresent();

        store().removeTenant(ACME);

        assertThat(apiKeys().apiKey(sha256("one"))).isEmpty();
        assertThat(all(ACME)).isEmpty();
        assertThat(apiKeys().apiKey(sha256("two"))).isPresent();
    }
}
