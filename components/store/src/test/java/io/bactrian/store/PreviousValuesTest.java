package io.bactrian.store;

import static io.bactrian.testkit.contract.StoreFixture.secret;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.bactrian.core.config.AuditEvent;
import io.bactrian.core.config.CredentialUnreadableException;
import io.bactrian.core.config.StoredCredential;
import io.bactrian.core.credential.CredentialId;
import io.bactrian.core.credential.CredentialName;
import io.bactrian.core.credential.Secret;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The values before a rotation, in a database that somebody has broken into. */
class PreviousValuesTest extends StoreTestBase {

    private static final Duration HOUR = Duration.ofHours(1);

    private StoredCredential.Previous previous(CredentialId id) {
        return stored(ACME, id).previous().orElseThrow();
    }

    private static String value(StoredCredential.Previous previous) throws CredentialUnreadableException {
        return previous.open().secret("api_key").map(Secret::reveal).orElseThrow();
    }

    private static String closed(StoredCredential.Previous previous) {
        CredentialUnreadableException error = catchThrowableOfType(CredentialUnreadableException.class, previous::open);
        assertThat(error).as("values that do not open").isNotNull();
        return error.reason();
    }

    @Test
    @DisplayName("CRED-03: the time of previous values cannot be made longer")
    void refusesALongerTime() throws CredentialUnreadableException {
        CredentialId id = add(ACME, PROVIDER, "main", "canary-old");
        OffsetDateTime until = store.rotateCredential(ACME, PROVIDER, id, secret("s-new"), HOUR)
                .orElseThrow()
                .atOffset(ZoneOffset.UTC);
        assertThat(value(previous(id))).isEqualTo("canary-old");

        burglar.update("UPDATE provider_credentials SET previous_until = ?", until.plusYears(1));

        assertThat(closed(previous(id))).contains("before the rotation").doesNotContain("canary");
        assertThat(secretOf(ACME, id)).isEqualTo("s-new");
    }

    @Test
    @DisplayName("CRED-03: what was in force once cannot be passed off as previous values, nor the other way round")
    void keepsPreviousValuesAndThoseInForceApart() {
        CredentialId id = add(ACME, PROVIDER, "main", "s-leaked");
        Map<String, Object> leaked = burglar.queryForMap("SELECT * FROM provider_credentials");
        store.rotateCredential(ACME, PROVIDER, id, secret("s-new"), HOUR);
        byte[] kept = burglar.queryForObject("SELECT previous_config FROM provider_credentials", byte[].class);

        burglar.update("UPDATE provider_credentials SET previous_config = ?", leaked.get("encrypted_config"));
        closed(previous(id));
        burglar.update("UPDATE provider_credentials SET previous_config = encrypted_config");
        closed(previous(id));
        burglar.update("UPDATE provider_credentials SET encrypted_config = ?", (Object) kept);
        unreadable(stored(ACME, id));
    }

    @Test
    @DisplayName("CRED-03: previous values that were given up do not come back")
    void refusesPreviousValuesOfAnEarlierVersion() {
        CredentialId id = add(ACME, PROVIDER, "main", "s-leaked");
        store.rotateCredential(ACME, PROVIDER, id, secret("s-2"), HOUR);
        Map<String, Object> old = burglar.queryForMap("SELECT * FROM provider_credentials");
        store.rotateCredential(ACME, PROVIDER, id, secret("s-3"), Duration.ZERO);

        String putBack = "UPDATE provider_credentials SET previous_config = ?, previous_data_key_version = 1,"
                + " previous_of = ?, previous_until = ?";
        burglar.update(putBack, old.get("previous_config"), 2, old.get("previous_until"));
        assertThat(stored(ACME, id).previous()).as("of an earlier version").isEmpty();

        burglar.update(putBack, old.get("previous_config"), 3, old.get("previous_until"));
        closed(previous(id));
        assertThat(secretOf(ACME, id)).isEqualTo("s-3");
    }

    @Test
    @DisplayName("CRED-01, CRED-02: previous values copied to another credential or tenant do not open")
    void refusesPreviousValuesOfAnotherCredential() {
        CredentialId one = add(ACME, PROVIDER, "one", "canary-1");
        CredentialId other = add(ACME, PROVIDER, "other", "s-2");
        CredentialId theirs = add(GLOBEX, PROVIDER, "main", "s-3");
        store.rotateCredential(ACME, PROVIDER, one, secret("s-4"), HOUR);
        store.rotateCredential(ACME, PROVIDER, other, secret("s-5"), HOUR);
        store.rotateCredential(GLOBEX, PROVIDER, theirs, secret("s-6"), HOUR);

        burglar.update(
                "UPDATE provider_credentials SET previous_config ="
                        + " (SELECT previous_config FROM provider_credentials WHERE id = ?)",
                one.value());

        closed(previous(other));
        closed(stored(GLOBEX, theirs).previous().orElseThrow());
        assertThat(secretOf(ACME, other)).isEqualTo("s-5");
    }

    @Test
    void tellsOfPreviousValuesThatDoNotOpenApartFromThoseInForce() {
        CredentialId id = add(ACME, PROVIDER, "main", "s-1");
        store.rotateCredential(ACME, PROVIDER, id, secret("s-2"), HOUR);
        burglar.update("UPDATE provider_credentials SET previous_config = X'00'");

        for (int i = 0; i < 3; i++) {
            closed(previous(id));
            assertThat(secretOf(ACME, id)).isEqualTo("s-2");
        }

        assertThat(store.unreadableCount()).isEqualTo(1);
        assertThat(store.latest(10))
                .containsExactly(new AuditEvent(
                        CLOCK.instant(),
                        ACME,
                        "store",
                        "credential.unreadable",
                        id.value() + " (previous values)",
                        "credential_unreadable"));
        store.updateCredential(ACME, PROVIDER, id, 0, new CredentialName("main"), secret("s-3"));
        assertThat(store.unreadableCount()).isZero();
    }

    @Test
    void rotatesACredentialThatCannotBeRead() {
        CredentialId id = add(ACME, PROVIDER, "main", "s-1");
        burglar.update("UPDATE provider_credentials SET encrypted_config = X'00'");
        unreadable(stored(ACME, id));

        assertThat(store.rotateCredential(ACME, PROVIDER, id, secret("s-2"), HOUR))
                .as("there is nothing to keep")
                .isEmpty();

        assertThat(secretOf(ACME, id)).isEqualTo("s-2");
        assertThat(stored(ACME, id).previous()).isEmpty();
        assertThat(store.unreadableCount()).isZero();
    }

    @Test
    @DisplayName("A version that knows nothing of previous values changes the row; they count for nothing then")
    void ignoresPreviousValuesThatAnOlderProgramLeftBehind() {
        CredentialId id = add(ACME, PROVIDER, "main", "s-1");
        store.rotateCredential(ACME, PROVIDER, id, secret("s-2"), HOUR);
        store.rotateCredential(ACME, PROVIDER, id, secret("s-3"), HOUR);
        // as that version would: the row and its version, and nothing else
        burglar.update("UPDATE provider_credentials SET previous_of = 2");
        store.keys().rotateDataKey(ACME);

        assertThat(stored(ACME, id).previous()).isEmpty();
        assertThat(store.keys().rewrap(progress -> {}, 10).complete()).isTrue();
        store.keys().retire(ACME, 1);
        assertThat(secretOf(ACME, id)).isEqualTo("s-3");
    }

    @Test
    void removesValuesWhoseTimeIsUpWithTheNextRotation() {
        CredentialId one = add(ACME, PROVIDER, "one", "s-1");
        CredentialId other = add(ACME, PROVIDER, "other", "s-2");
        TestClock clock = new TestClock(CLOCK.instant());
        try (BactrianStore moving = BactrianStore.open(settings, clock)) {
            moving.rotateCredential(ACME, PROVIDER, one, secret("s-3"), HOUR);
            clock.advance(HOUR);
            moving.rotateCredential(ACME, PROVIDER, other, secret("s-4"), HOUR);
        }

        assertThat(burglar.queryForList(
                        "SELECT id FROM provider_credentials WHERE previous_config IS NOT NULL", String.class))
                .containsExactly(other.value());
    }

    @Test
    void keepsNoPreviousSecretInClear() {
        CredentialId id = add(ACME, PROVIDER, "main", "canary-4cf1e0");
        store.rotateCredential(ACME, PROVIDER, id, secret("s-2"), HOUR);
        String hex =
                java.util.HexFormat.of().formatHex("canary-4cf1e0".getBytes(java.nio.charset.StandardCharsets.UTF_8));

        assertThat(burglar.queryForList("SCRIPT", String.class))
                .hasSizeGreaterThan(20)
                .noneMatch(line -> line.contains("canary-4cf1e0") || line.contains(hex));
    }
}
