package io.bactrian.core.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.tenant.TenantId;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The bounds of what is kept in memory; the rules of approvals are those of the contract, which the store's tests run. */
class MemoryApprovalsTest {

    private static final Instant NOW = Instant.parse("2026-03-02T09:00:00Z");
    private static final Instant LATER = NOW.plus(Duration.ofDays(2));
    private static final TenantId ACME = new TenantId("acme");
    private static final TenantId GLOBEX = new TenantId("globex");

    private final MemoryApprovals approvals = new MemoryApprovals();

    private Approval request(TenantId tenant, int n, Instant at) {
        return approvals.request(new Approval(
                "a-" + tenant + "-" + n,
                tenant,
                null,
                null,
                "tool-builtin:mail/send",
                "{\"n\":" + n + "}",
                "call-" + n,
                Approval.Status.PENDING,
                at,
                at.plus(Duration.ofDays(1)),
                null,
                null));
    }

    private void fill(TenantId tenant) {
        for (int n = 0; n < 1_000; n++) {
            request(tenant, n, NOW);
        }
    }

    @Test
    @DisplayName("A tenant that fills its part leaves the others theirs")
    void keepsSoManyOfATenant() {
        fill(ACME);

        assertThatThrownBy(() -> request(ACME, 1_000, NOW))
                .isInstanceOf(BadRequestException.class)
                .hasMessageContaining("at most 1000 of a tenant")
                .hasMessageContaining("decide on some first");
        assertThat(request(GLOBEX, 0, NOW).status()).isEqualTo(Approval.Status.PENDING);
        assertThat(request(ACME, 5, NOW).id()).as("one that is there already").isEqualTo("a-acme-5");
    }

    @Test
    void makesRoomOfWhatHasExpiredOrWasUsed() {
        fill(ACME);
        assertThat(request(ACME, 1_000, LATER).requestedAt()).isEqualTo(LATER);

        for (int n = 1_001; n < 2_000; n++) {
            request(ACME, n, LATER);
        }
        approvals.decide(ACME, "a-acme-1500", Approval.Status.APPROVED, "boss", LATER);
        assertThat(approvals.use(ACME, "a-acme-1500", LATER)).isTrue();
        assertThat(request(ACME, 2_000, LATER).requestedAt()).isEqualTo(LATER);
        assertThat(approvals.find(ACME, "a-acme-1500")).isEmpty();
    }

    @Test
    @DisplayName("What is kept to go on with is bounded in all, and can be replaced and shrunk when it is full")
    void keepsSoManyCharacters() {
        String whole = "x".repeat(Approvals.LONGEST_CONTINUATION);
        for (int n = 0; n < 64; n++) {
            request(ACME, n, NOW);
            approvals.keepContinuation(ACME, "a-acme-" + n, whole);
        }
        request(ACME, 64, NOW);

        assertThatThrownBy(() -> approvals.keepContinuation(ACME, "a-acme-64", whole))
                .isInstanceOfSatisfying(BadRequestException.class, error -> assertThat(error.code())
                        .isEqualTo(ErrorCode.REQUEST_TOO_LARGE))
                .hasMessageContaining("bactrian.store.enabled");
        approvals.keepContinuation(ACME, "a-acme-7", whole);
        approvals.keepContinuation(ACME, "a-acme-7", "{}");
        approvals.keepContinuation(ACME, "a-acme-64", "x".repeat(500_000));
        assertThat(approvals.continuation(ACME, "a-acme-64")).isPresent();

        approvals.removeExpired(LATER);
        request(ACME, 65, LATER);
        approvals.keepContinuation(ACME, "a-acme-65", whole);
    }
}
