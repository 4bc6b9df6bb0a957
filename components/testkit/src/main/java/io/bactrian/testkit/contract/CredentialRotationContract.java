package io.bactrian.testkit.contract;

import static io.bactrian.testkit.contract.StoreFixture.refused;
import static io.bactrian.testkit.contract.StoreFixture.secret;
import static org.assertj.core.api.Assertions.assertThat;

import io.bactrian.core.config.CredentialScope;
import io.bactrian.core.config.CredentialUnreadableException;
import io.bactrian.core.config.GracePeriod;
import io.bactrian.core.config.StoredCredential;
import io.bactrian.core.credential.CredentialId;
import io.bactrian.core.credential.CredentialName;
import io.bactrian.core.credential.Secret;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.tenant.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** How the values of a credential are replaced while the old ones stay valid for a while. */
public interface CredentialRotationContract extends StoreFixture {

    /** The credential of that id. */
    private StoredCredential found(TenantId tenant, CredentialId id) {
        return Stream.concat(
                        openai(tenant).credentials().stream(),
                        openai(tenant).models().stream().flatMap(model -> model.credentials().stream()))
                .filter(stored -> stored.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private String previousOf(TenantId tenant, CredentialId id) throws CredentialUnreadableException {
        return found(tenant, id)
                .previous()
                .orElseThrow()
                .open()
                .secret("api_key")
                .map(Secret::reveal)
                .orElseThrow();
    }

    @Test
    default void keepsTheOldValuesBesideTheNewOnes() throws CredentialUnreadableException {
        addTenants();
        CredentialId first = add(ACME, PROVIDER, "main", "s-old");
        CredentialId second = add(ACME, PROVIDER, "other", "s-other");
        CredentialId ofModel = add(ACME, MODEL, "main", "s-model-old");

        Optional<Instant> until =
                store().rotateCredential(ACME, PROVIDER, first, secret("s-new"), Duration.ofMinutes(10));
        store().rotateCredential(ACME, MODEL, ofModel, secret("s-model-new"), GracePeriod.LONGEST);

        assertThat(secretOf(ACME, first)).isEqualTo("s-new");
        assertThat(previousOf(ACME, first)).isEqualTo("s-old");
        StoredCredential stored = found(ACME, first);
        assertThat(stored.version()).isEqualTo(2);
        assertThat(stored.name()).isEqualTo(new CredentialName("main"));
        assertThat(stored.previous().map(StoredCredential.Previous::until)).isEqualTo(until);
        Instant end = until.orElseThrow();
        assertThat(end).isEqualTo(end.truncatedTo(ChronoUnit.MICROS));
        assertThat(stored.previous().orElseThrow().validAt(end)).isFalse();
        assertThat(stored.previous().orElseThrow().validAt(end.minusNanos(1))).isTrue();
        assertThat(stored.previous().orElseThrow().validAt(end.minus(Duration.ofMinutes(10))))
                .isTrue();
        assertThat(openai(ACME).activeCredential()).isEqualTo(first);
        assertThat(secretOf(ACME, ofModel)).isEqualTo("s-model-new");
        assertThat(previousOf(ACME, ofModel)).isEqualTo("s-model-old");
        assertThat(found(ACME, second).previous()).isEmpty();
        assertThat(found(ACME, second).version()).isEqualTo(1);
    }

    @Test
    default void countsARotationAsAChange() {
        addTenants();
        CredentialId id = add(ACME, PROVIDER, "main", "s-1");
        long before = store().version(ACME);
        long other = store().version(GLOBEX);

        store().rotateCredential(ACME, PROVIDER, id, secret("s-2"), Duration.ofMinutes(1));

        assertThat(store().version(ACME)).isGreaterThan(before);
        assertThat(store().version(GLOBEX)).isEqualTo(other);
    }

    @Test
    default void keepsNothingWithoutAGracePeriod() {
        addTenants();
        CredentialId id = add(ACME, PROVIDER, "main", "s-1");
        store().rotateCredential(ACME, PROVIDER, id, secret("s-2"), Duration.ofMinutes(1));

        assertThat(store().rotateCredential(ACME, PROVIDER, id, secret("s-3"), Duration.ZERO))
                .isEmpty();

        assertThat(secretOf(ACME, id)).isEqualTo("s-3");
        assertThat(found(ACME, id).previous()).isEmpty();
        assertThat(found(ACME, id).version()).isEqualTo(3);
    }

    @Test
    default void keepsOnlyTheValuesReplacedLast() throws CredentialUnreadableException {
        addTenants();
        CredentialId id = add(ACME, PROVIDER, "main", "s-1");

        store().rotateCredential(ACME, PROVIDER, id, secret("s-2"), Duration.ofMinutes(1));
        store().rotateCredential(ACME, PROVIDER, id, secret("s-3"), Duration.ofMinutes(1));

        assertThat(secretOf(ACME, id)).isEqualTo("s-3");
        assertThat(previousOf(ACME, id)).isEqualTo("s-2");
    }

    @Test
    default void endsTheGracePeriodWithAnyOtherChangeOfTheCredential() throws CredentialUnreadableException {
        addTenants();
        CredentialId updated = add(ACME, PROVIDER, "updated", "s-1");
        CredentialId left = add(ACME, PROVIDER, "left", "s-2");
        store().rotateCredential(ACME, PROVIDER, updated, secret("s-3"), Duration.ofMinutes(1));
        store().rotateCredential(ACME, PROVIDER, left, secret("s-4"), Duration.ofMinutes(1));

        store().updateCredential(ACME, PROVIDER, updated, 2, new CredentialName("updated"), secret("s-5"));
        store().activateCredential(ACME, PROVIDER, left);

        assertThat(found(ACME, updated).previous()).isEmpty();
        assertThat(secretOf(ACME, updated)).isEqualTo("s-5");
        assertThat(previousOf(ACME, left)).isEqualTo("s-2");
    }

    @Test
    default void removesRotatedCredentialsAndTheirTenant() {
        addTenants();
        CredentialId id = add(ACME, PROVIDER, "main", "s-1");
        CredentialId ofModel = add(ACME, MODEL, "main", "s-2");
        store().rotateCredential(ACME, PROVIDER, id, secret("s-3"), Duration.ofMinutes(1));
        store().rotateCredential(ACME, MODEL, ofModel, secret("s-4"), Duration.ofMinutes(1));

        store().removeCredential(ACME, PROVIDER, id);
        assertThat(openai(ACME).credentials()).isEmpty();
        assertThat(store().removeTenant(ACME)).isTrue();
        assertThat(store().tenant(ACME)).isEmpty();
    }

    @Test
    default void refusesAGracePeriodOutOfRange() {
        addTenants();
        CredentialId id = add(ACME, PROVIDER, "main", "s-1");

        for (Duration wrong : List.of(Duration.ofNanos(-1), GracePeriod.LONGEST.plusNanos(1))) {
            assertThat(refused(ErrorCode.INVALID_PARAM, () -> store().rotateCredential(
                                    ACME, PROVIDER, id, secret("canary-secret"), wrong)))
                    .hasMessageContaining("grace period")
                    .hasMessageNotContaining("canary-secret");
        }

        assertThat(secretOf(ACME, id)).isEqualTo("s-1");
        assertThat(found(ACME, id).version()).isEqualTo(1);
    }

    @Test
    @DisplayName("CRED-15: another tenant's credential is rotated as little as one that never was")
    default void rotatesNoCredentialOfAnotherTenantOrScope() {
        addTenants();
        CredentialId theirs = add(ACME, PROVIDER, "main", "s-1");
        add(GLOBEX, PROVIDER, "main", "s-2");
        CredentialId never = new CredentialId("00000000-0000-4000-8000-000000000000");

        for (TenantId tenant : List.of(GLOBEX, NOBODY)) {
            InvokeException one = rotationRefused(tenant, PROVIDER, theirs);
            InvokeException other = rotationRefused(tenant, PROVIDER, never);
            assertThat(one.code()).isEqualTo(other.code());
            assertThat(one.getMessage().replace(theirs.value(), "ID"))
                    .isEqualTo(other.getMessage().replace(never.value(), "ID"));
        }
        rotationRefused(ACME, MODEL, theirs);
        assertThat(secretOf(ACME, theirs)).isEqualTo("s-1");
        assertThat(found(ACME, theirs).previous()).isEmpty();
    }

    private InvokeException rotationRefused(TenantId tenant, CredentialScope scope, CredentialId id) {
        InvokeException error = org.assertj.core.api.Assertions.catchThrowableOfType(
                InvokeException.class,
                () -> store().rotateCredential(tenant, scope, id, secret("s"), Duration.ofMinutes(1)));
        assertThat(error).as("a refusal").isNotNull();
        return error;
    }
}
