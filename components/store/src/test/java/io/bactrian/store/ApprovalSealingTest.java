package io.bactrian.store;

import static io.bactrian.testkit.contract.StoreFixture.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.tenant.AppId;
import io.bactrian.core.tenant.UserId;
import io.bactrian.core.tool.Approval;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is in an approval, in a database that somebody has broken into, and while keys are rotated. */
class ApprovalSealingTest extends StoreTestBase {

    private static final String CANARY = "canary-4cf1e0";
    private static final Duration DAY = Duration.ofDays(1);

    private Approval wanted(String id, String arguments) {
        return new Approval(
                id,
                ACME,
                new UserId("ann"),
                new AppId("shop"),
                "tool-builtin:mail/send",
                arguments,
                "call-1",
                Approval.Status.PENDING,
                CLOCK.instant(),
                CLOCK.instant().plus(DAY),
                null,
                null);
    }

    private Approval asked(String id, String arguments) {
        return store.approvals().request(wanted(id, arguments));
    }

    private Approval approve(String id) {
        return store.approvals().decide(ACME, id, Approval.Status.APPROVED, "boss", CLOCK.instant());
    }

    @Test
    void keepsNothingOfACallInClear() {
        asked("a1", "{\"to\":\"" + CANARY + "\"}");
        store.approvals().keepContinuation(ACME, "a1", "{\"said\":\"" + CANARY + "\"}");
        String hex = HexFormat.of().formatHex(CANARY.getBytes(StandardCharsets.UTF_8));

        assertThat(burglar.queryForList("SCRIPT", String.class))
                .hasSizeGreaterThan(20)
                .noneMatch(line -> line.contains(CANARY) || line.contains(hex));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tool = 'tool-builtin:mail/delete'",
                "user_id = 'eve'",
                "user_id = NULL",
                "app_id = NULL",
                "request_id = 'call-2'",
                "expires_at = expires_at + INTERVAL '1' DAY",
                "encrypted_arguments = X'00'"
            })
    @DisplayName("CRED-02: an approval whose row was changed to be for another call is not given, nor listed")
    void refusesAnApprovalThatWasChanged(String change) {
        asked("a1", "{\"to\":\"" + CANARY + "\"}");
        Approval other = asked("a2", "{}");

        burglar.update("UPDATE approvals SET " + change + " WHERE id = 'a1'");

        for (int i = 0; i < 2; i++) {
            assertThat(refused(ErrorCode.CREDENTIAL_UNREADABLE, () -> approve("a1")))
                    .hasMessageContaining("approval a1 of tenant acme")
                    .hasMessageNotContaining(CANARY);
        }
        refused(ErrorCode.CREDENTIAL_UNREADABLE, () -> store.approvals().find(ACME, "a1"));
        assertThat(store.approvals().pending(ACME, CLOCK.instant(), 10)).containsExactly(other);
        assertThat(burglar.queryForObject("SELECT status FROM approvals WHERE id = 'a1'", String.class))
                .isEqualTo("pending");
    }

    @Test
    @DisplayName(
            "CRED-01, CRED-02: what is in one approval does not open in another, nor arguments as what is kept beside them")
    void refusesWhatWasMoved() {
        asked("a1", "{\"to\":\"" + CANARY + "\"}");
        asked("a2", "{}");
        store.approvals().keepContinuation(ACME, "a1", "{}");

        burglar.update("UPDATE approvals SET encrypted_continuation = encrypted_arguments WHERE id = 'a1'");
        refused(ErrorCode.CREDENTIAL_UNREADABLE, () -> store.approvals().continuation(ACME, "a1"));
        burglar.update("UPDATE approvals SET encrypted_arguments ="
                + " (SELECT encrypted_arguments FROM approvals WHERE id = 'a1') WHERE id = 'a2'");
        refused(ErrorCode.CREDENTIAL_UNREADABLE, () -> approve("a2"));
        burglar.update("UPDATE approvals SET tenant_id = 'globex', data_key_version = 1 WHERE id = 'a1' AND EXISTS"
                + " (SELECT 1 FROM data_keys WHERE tenant_id = 'globex')");
        assertThat(store.approvals().find(GLOBEX, "a1"))
                .as("globex has no key to open it with")
                .isEmpty();
    }

    @Test
    void tellsNothingOfACallByItsFingerprint() {
        asked("a1", "{\"pin\":1234}");
        String fingerprint = burglar.queryForObject("SELECT fingerprint FROM approvals", String.class);
        store.approvals()
                .request(new Approval(
                        "g1",
                        GLOBEX,
                        new UserId("ann"),
                        new AppId("shop"),
                        "tool-builtin:mail/send",
                        "{\"pin\":1234}",
                        "call-1",
                        Approval.Status.PENDING,
                        CLOCK.instant(),
                        CLOCK.instant().plus(DAY),
                        null,
                        null));

        assertThat(fingerprint).matches("[0-9a-f]{64}");
        assertThat(burglar.queryForObject("SELECT fingerprint FROM approvals WHERE id = 'g1'", String.class))
                .as("each tenant's are made with its own key")
                .isNotEqualTo(fingerprint);
        approve("a1");
        store.approvals().use(ACME, "a1", CLOCK.instant());
        assertThat(burglar.queryForList("SELECT fingerprint FROM approvals WHERE id = 'a1'", String.class))
                .containsOnlyNulls();
    }

    @Test
    void isNoChangeOfTheTenant() {
        long before = store.version(ACME);

        asked("a1", "{}");
        approve("a1");
        store.approvals().keepContinuation(ACME, "a1", "{}");
        store.approvals().use(ACME, "a1", CLOCK.instant());

        assertThat(store.version(ACME)).isEqualTo(before);
    }

    @Test
    @DisplayName("CRED-08: a rewrap brings approvals to the newest key, and the same call is asked for once all along")
    void encryptsApprovalsAnew() {
        Approval first = asked("a1", "{\"n\":1}");
        Approval second = asked("a2", "{\"n\":2}");
        Approval used = asked("a3", "{\"n\":3}");
        approve("a3");
        store.approvals().use(ACME, "a3", CLOCK.instant());
        store.approvals().keepContinuation(ACME, "a1", "{\"kept\":true}");
        store.keys().rotateDataKey(ACME);

        assertThat(asked("b1", "{\"n\":1}")).as("asked for with the older key").isEqualTo(first);
        Approval third = asked("b4", "{\"n\":4}");
        assertThat(store.keys().status().credentialsLeft()).isEqualTo(3);
        assertThat(refused(ErrorCode.INVALID_PARAM, () -> store.keys().retire(ACME, 1)))
                .hasMessageContaining("3 credentials need it");
        KeyRing.Progress progress = store.keys().rewrap(done -> {}, 2);

        assertThat(progress).isEqualTo(new KeyRing.Progress(0, 0, 3, 0, 0));
        store.keys().retire(ACME, 1);
        assertThat(store.approvals().pending(ACME, CLOCK.instant(), 10)).containsExactly(first, second, third);
        assertThat(store.approvals().find(ACME, "a3").orElseThrow().arguments()).isEqualTo(used.arguments());
        assertThat(store.approvals().continuation(ACME, "a1")).contains("{\"kept\":true}");
        assertThat(asked("c1", "{\"n\":1}")).isEqualTo(first);
        assertThat(asked("c3", "{\"n\":3}").id()).as("was used").isEqualTo("c3");
    }

    @Test
    void encryptsWhatIsKeptWithTheNewestKey() {
        asked("a1", "{\"n\":1}");
        store.keys().rotateDataKey(ACME);

        store.approvals().keepContinuation(ACME, "a1", "{\"kept\":true}");

        assertThat(store.keys().status().credentialsLeft()).isZero();
        assertThat(store.approvals().find(ACME, "a1").orElseThrow().arguments()).isEqualTo("{\"n\":1}");
        assertThat(store.approvals().continuation(ACME, "a1")).contains("{\"kept\":true}");
        assertThat(asked("a2", "{\"n\":1}").id()).isEqualTo("a1");
    }

    @Test
    @DisplayName(
            "Two for one call, asked for while the older one's key was away, are encrypted anew without getting in each other's way")
    void encryptsTwoForOneCallAnew() {
        asked("a1", "{\"n\":1}");
        store.keys().rotateDataKey(ACME);
        byte[] wrapped = burglar.queryForObject(
                "SELECT wrapped_key FROM data_keys WHERE tenant_id = 'acme' AND key_version = 1", byte[].class);
        burglar.update("UPDATE data_keys SET wrapped_key = X'00' WHERE tenant_id = 'acme' AND key_version = 1");
        BactrianStore restarted = openAnother(settings);
        assertThat(restarted.approvals().request(wanted("a2", "{\"n\":1}")).id())
                .isEqualTo("a2");
        assertThat(restarted.keys().rewrap(done -> {}, 10).unreadable()).isEqualTo(1);
        burglar.update(
                "UPDATE data_keys SET wrapped_key = ? WHERE tenant_id = 'acme' AND key_version = 1", (Object) wrapped);

        assertThat(restarted.keys().rewrap(done -> {}, 10).complete()).isTrue();

        assertThat(asked("a3", "{\"n\":1}").id()).isEqualTo("a2");
        assertThat(store.approvals().find(ACME, "a1")).isPresent();
    }

    @Test
    void removesWhatHasExpiredRatherThanEncryptItAnew() {
        asked("a1", "{\"n\":1}");
        store.keys().rotateDataKey(ACME);
        TestClock clock = new TestClock(CLOCK.instant().plus(DAY));
        try (BactrianStore later = BactrianStore.open(settings, clock)) {
            assertThat(later.keys().rewrap(done -> {}, 10).complete()).isTrue();

            assertThat(later.approvals().find(ACME, "a1")).isEmpty();
        }
    }

    @Test
    void refusesMoreThanAPersonWillEverDecideOn() {
        burglar.update(
                "INSERT INTO data_keys (tenant_id, key_version, status, kek_id, wrapped_key, created_at, updated_at)"
                        + " SELECT 'acme', 9, 'enabled', 'x', X'00', created_at, created_at FROM tenants WHERE id = 'acme'");
        burglar.update(
                "INSERT INTO approvals (tenant_id, id, tool, request_id, status, encrypted_arguments, data_key_version,"
                        + " requested_at, expires_at) SELECT 'acme', 'x' || \"X\", 't', 'r', 'pending', X'00', 9, ?, ?"
                        + " FROM SYSTEM_RANGE(1, ?)",
                CLOCK.instant().minus(DAY).atOffset(java.time.ZoneOffset.UTC),
                CLOCK.instant().plusSeconds(1).atOffset(java.time.ZoneOffset.UTC),
                ApprovalTable.MOST);

        assertThat(refused(ErrorCode.INVALID_PARAM, () -> asked("a1", "{}"))).hasMessageContaining("10000");
        burglar.update("UPDATE approvals SET expires_at = requested_at");
        assertThat(asked("a1", "{}").id()).isEqualTo("a1");
        assertThat(burglar.queryForList("SELECT id FROM approvals", String.class))
                .containsExactly("a1");
    }

    @Test
    void refusesWhatIsNoApprovalOfTheDatabases() {
        refused(ErrorCode.REQUEST_TOO_LARGE, () -> asked("a1", "x".repeat(1_000_001)));
        refused(ErrorCode.INVALID_PARAM, () -> asked("a".repeat(65), "{}"));
        store.removeTenant(GLOBEX);
        Approval theirs = wanted("a1", "{}");
        refused(ErrorCode.TENANT_NOT_FOUND, () -> store.approvals()
                .request(new Approval(
                        "g1",
                        GLOBEX,
                        null,
                        null,
                        theirs.tool(),
                        "{}",
                        "call-1",
                        Approval.Status.PENDING,
                        theirs.requestedAt(),
                        theirs.expiresAt(),
                        null,
                        null)));
        assertThat(burglar.queryForList("SELECT id FROM approvals", String.class))
                .isEqualTo(List.of());
    }
}
