package io.bactrian.testkit.contract;

import static io.bactrian.testkit.contract.StoreFixture.ACME;
import static io.bactrian.testkit.contract.StoreFixture.GLOBEX;
import static io.bactrian.testkit.contract.StoreFixture.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.file.UploadNonces;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * What everybody who remembers used tickets has to do. A subclass gives one that knows the tenants {@code acme} and
 * {@code globex}, and remembers {@link #MOST} of each.
 */
public abstract class UploadNoncesContract {

    /** How many of a tenant's are remembered. */
    protected static final int MOST = 50;

    /** When a test begins. */
    protected static final Instant MONDAY = Instant.parse("2026-03-02T10:11:12.123456Z");

    private static final Instant LATER = MONDAY.plusSeconds(300);

    /** For subclasses. */
    protected UploadNoncesContract() {}

    /** What is under test. The same one through the whole of a test. */
    protected abstract UploadNonces nonces();

    /** The same as another node sees it. By default there is none, and it is {@link #nonces}. */
    protected UploadNonces onAnotherNode() {
        return nonces();
    }

    /** Has time go by. */
    protected abstract void advance(Duration by);

    @Test
    @DisplayName("SIGN-08: a ticket is used once, on whatever node")
    void usesATicketOnce() {
        assertThat(nonces().use(ACME, "n1", LATER)).isTrue();
        assertThat(nonces().use(ACME, "n1", LATER)).isFalse();
        assertThat(onAnotherNode().use(ACME, "n1", LATER)).isFalse();
        assertThat(onAnotherNode().use(ACME, "n2", LATER)).isTrue();
        assertThat(nonces().use(ACME, "n2", LATER)).isFalse();
    }

    @Test
    void tellsTenantsApart() {
        assertThat(nonces().use(ACME, "n1", LATER)).isTrue();
        assertThat(nonces().use(GLOBEX, "n1", LATER)).isTrue();
        assertThat(nonces().use(GLOBEX, "n1", LATER)).isFalse();
    }

    @Test
    void letsOneOfManyWhoComeAtOnceUseATicket() throws Exception {
        assertThat(Collections.frequency(
                        Suites.together(8, i -> () -> (i % 2 == 0 ? nonces() : onAnotherNode()).use(ACME, "n1", LATER)),
                        true))
                .isEqualTo(1);
    }

    @Test
    void remembersATicketForLongerThanItHoldsAndForgetsItThen() {
        assertThat(nonces().use(ACME, "n1", LATER)).isTrue();

        advance(Duration.ofSeconds(300).plus(UploadNonces.MARGIN).minusSeconds(1));
        assertThat(nonces().use(ACME, "n1", LATER)).isFalse();

        advance(Duration.ofSeconds(2));
        assertThat(nonces().use(ACME, "n1", LATER)).isTrue();
    }

    @Test
    void remembersSoManyAndRefusesMore() {
        for (int i = 0; i < MOST; i++) {
            assertThat(nonces().use(ACME, "n" + i, LATER)).isTrue();
        }

        refused(ErrorCode.RATE_LIMITED, () -> nonces().use(ACME, "one more", LATER));

        assertThat(nonces().use(GLOBEX, "n0", LATER)).isTrue();
        advance(Duration.ofSeconds(301).plus(UploadNonces.MARGIN));
        assertThat(nonces().use(ACME, "one more", LATER.plusSeconds(600))).isTrue();
    }
}
