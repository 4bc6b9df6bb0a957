package io.bactrian.testkit.contract;

import static io.bactrian.testkit.contract.StoreFixture.ACME;
import static io.bactrian.testkit.contract.StoreFixture.GLOBEX;
import static io.bactrian.testkit.contract.StoreFixture.NOBODY;
import static io.bactrian.testkit.contract.StoreFixture.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.tenant.AppId;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tenant.UserId;
import io.bactrian.core.tool.Approval;
import io.bactrian.core.tool.ApprovalStore;
import io.bactrian.core.tool.Approvals;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * What every store of approvals has to do. A subclass gives an empty one before each test; it has the tenants {@code acme} and
 * {@code globex}.
 */
public abstract class ApprovalStoreContract {

    /** When a test begins, to the microsecond: finer parts need not be kept. */
    protected static final Instant MONDAY = Instant.parse("2026-03-02T10:11:12.123456Z");

    /** How long approvals can be given and used here. */
    protected static final Duration DAY = Duration.ofDays(1);

    private static final Instant LATER = MONDAY.plusSeconds(60);
    private static final UserId ANN = new UserId("ann");
    private static final AppId SHOP = new AppId("shop");
    private static final String TOOL = "tool-builtin:mail/send";
    private static final String ARGUMENTS = "{\"to\":\"bob@example.com\",\"text\":\"Gr\\u00fc\u00dfe \ud83d\udc2a\"}";

    private final AtomicInteger ids = new AtomicInteger();

    /** For subclasses. */
    protected ApprovalStoreContract() {}

    /** The store under test. The same one through the whole of a test. */
    protected abstract ApprovalStore approvals();

    /** The same store as another node sees it. By default there is none, and it is {@link #approvals}. */
    protected ApprovalStore onAnotherNode() {
        return approvals();
    }

    /** A call that somebody wants to make, with a new id. */
    protected final Approval wanted(
            TenantId tenant, @Nullable UserId user, @Nullable AppId app, String tool, String arguments) {
        return wantedAt(MONDAY, tenant, user, app, tool, arguments);
    }

    private Approval wantedAt(
            Instant at, TenantId tenant, @Nullable UserId user, @Nullable AppId app, String tool, String arguments) {
        String id = String.format(Locale.ROOT, "a-%04d", ids.incrementAndGet());
        return new Approval(
                id,
                tenant,
                user,
                app,
                tool,
                arguments,
                "call-" + id,
                Approval.Status.PENDING,
                at,
                at.plus(DAY),
                null,
                null);
    }

    private Approval asked() {
        return approvals().request(wanted(ACME, ANN, SHOP, TOOL, ARGUMENTS));
    }

    private Approval approved() {
        return approvals().decide(ACME, asked().id(), Approval.Status.APPROVED, "boss", LATER);
    }

    @Test
    void keepsWhatWasAskedFor() {
        Approval wanted = wanted(ACME, ANN, SHOP, TOOL, ARGUMENTS);
        Approval bare = wanted(GLOBEX, null, null, TOOL, "{}");

        assertThat(approvals().request(wanted)).isEqualTo(wanted);
        assertThat(approvals().request(bare)).isEqualTo(bare);

        assertThat(approvals().find(ACME, wanted.id())).contains(wanted);
        assertThat(approvals().find(GLOBEX, bare.id())).contains(bare);
    }

    @Test
    void asksOnceThoughTheCallIsMadeAgain() {
        Approval first = asked();

        Approval again = approvals().request(wantedAt(LATER, ACME, ANN, SHOP, TOOL, ARGUMENTS));

        assertThat(again).isEqualTo(first);
        assertThat(onAnotherNode().request(wantedAt(LATER, ACME, ANN, SHOP, TOOL, ARGUMENTS)))
                .isEqualTo(first);
        assertThat(approvals().pending(ACME, LATER, 10)).containsExactly(first);
    }

    @Test
    void asksForEachCallByItself() {
        List<Approval> all = List.of(
                asked(),
                approvals().request(wanted(GLOBEX, ANN, SHOP, TOOL, ARGUMENTS)),
                approvals().request(wanted(ACME, new UserId("bob"), SHOP, TOOL, ARGUMENTS)),
                approvals().request(wanted(ACME, null, SHOP, TOOL, ARGUMENTS)),
                approvals().request(wanted(ACME, ANN, null, TOOL, ARGUMENTS)),
                approvals().request(wanted(ACME, ANN, new AppId("other"), TOOL, ARGUMENTS)),
                approvals().request(wanted(ACME, ANN, SHOP, "tool-builtin:mail/delete", ARGUMENTS)),
                approvals().request(wanted(ACME, ANN, SHOP, TOOL, "{}")));

        assertThat(all).extracting(Approval::id).doesNotHaveDuplicates();
    }

    @Test
    @DisplayName("What belongs to one field is not taken for the next: two calls with the same text in all are two")
    void tellsFieldsApart() {
        Approval one = approvals().request(wanted(ACME, new UserId("a"), new AppId("bc"), "tool-builtin:x/y", "{}"));
        Approval other = approvals().request(wanted(ACME, new UserId("ab"), new AppId("c"), "tool-builtin:x/y", "{}"));

        assertThat(other.id()).isNotEqualTo(one.id());
    }

    @Test
    void listsThoseThatWaitOldestFirst() {
        Approval second = approvals().request(wantedAt(LATER, ACME, ANN, SHOP, TOOL, "{\"n\":2}"));
        Approval first = approvals().request(wantedAt(MONDAY, ACME, ANN, SHOP, TOOL, "{\"n\":1}"));
        Approval third = approvals().request(wantedAt(LATER.plusSeconds(1), ACME, ANN, SHOP, TOOL, "{\"n\":3}"));
        Approval decided = approvals().request(wanted(ACME, ANN, SHOP, TOOL, "{\"n\":4}"));
        approvals().decide(ACME, decided.id(), Approval.Status.DENIED, "boss", LATER);
        approvals().request(wanted(GLOBEX, ANN, SHOP, TOOL, "{}"));

        assertThat(approvals().pending(ACME, LATER, 10)).containsExactly(first, second, third);
        assertThat(approvals().pending(ACME, LATER, 2)).containsExactly(first, second);
        assertThat(approvals().pending(ACME, LATER, 0)).isEmpty();
        assertThat(approvals().pending(ACME, MONDAY.plus(DAY), 10))
                .as("the first has expired")
                .containsExactly(second, third);
        assertThat(approvals().pending(NOBODY, LATER, 10)).isEmpty();
    }

    @Test
    void isUsedOnceItWasGiven() {
        Approval asked = asked();
        assertThat(approvals().use(ACME, asked.id(), LATER)).as("not given yet").isFalse();

        Approval approved = approvals().decide(ACME, asked.id(), Approval.Status.APPROVED, "boss", LATER);

        assertThat(approved).isEqualTo(asked.decided(Approval.Status.APPROVED, "boss", LATER));
        assertThat(approvals().find(ACME, asked.id())).contains(approved);
        assertThat(approvals().request(wantedAt(LATER, ACME, ANN, SHOP, TOOL, ARGUMENTS)))
                .isEqualTo(approved);
        assertThat(approvals().use(ACME, asked.id(), LATER)).isTrue();
        assertThat(approvals().use(ACME, asked.id(), LATER)).as("once only").isFalse();
        assertThat(approvals().find(ACME, asked.id())).contains(asked.decided(Approval.Status.USED, "boss", LATER));
    }

    @Test
    void isAskedForAnewOnceItWasUsed() {
        Approval used = approved();
        approvals().use(ACME, used.id(), LATER);

        Approval next = approvals().request(wantedAt(LATER, ACME, ANN, SHOP, TOOL, ARGUMENTS));

        assertThat(next.id()).isNotEqualTo(used.id());
        assertThat(next.status()).isEqualTo(Approval.Status.PENDING);
        assertThat(approvals().use(ACME, next.id(), LATER)).isFalse();
    }

    @Test
    void staysDeniedUntilItExpires() {
        Approval denied = approvals().decide(ACME, asked().id(), Approval.Status.DENIED, "boss", LATER);

        assertThat(approvals().request(wantedAt(LATER, ACME, ANN, SHOP, TOOL, ARGUMENTS)))
                .isEqualTo(denied);
        assertThat(approvals().use(ACME, denied.id(), LATER)).isFalse();
        Approval next = approvals().request(wantedAt(MONDAY.plus(DAY), ACME, ANN, SHOP, TOOL, ARGUMENTS));
        assertThat(next.id()).isNotEqualTo(denied.id());
        assertThat(next.status()).isEqualTo(Approval.Status.PENDING);
    }

    @Test
    @DisplayName("An approval expires to the moment, given or not")
    void expires() {
        Approval asked = asked();
        Approval approved = approvals()
                .decide(
                        ACME,
                        approvals().request(wanted(ACME, ANN, SHOP, TOOL, "{}")).id(),
                        Approval.Status.APPROVED,
                        "boss",
                        LATER);
        Instant end = MONDAY.plus(DAY);

        assertThat(refused(ErrorCode.INVALID_PARAM, () -> approvals()
                        .decide(ACME, asked.id(), Approval.Status.APPROVED, "boss", end)))
                .hasMessageContaining(asked.id())
                .hasMessageContaining("expired");
        assertThat(approvals().use(ACME, approved.id(), end)).isFalse();
        assertThat(approvals().use(ACME, approved.id(), end.minusMillis(1))).isTrue();
        assertThat(approvals().find(ACME, asked.id()).orElseThrow().status()).isEqualTo(Approval.Status.PENDING);
    }

    @Test
    void decidesOnce() {
        Approval approved = approved();

        for (Approval.Status status : List.of(Approval.Status.APPROVED, Approval.Status.DENIED)) {
            assertThat(refused(ErrorCode.INVALID_PARAM, () -> approvals()
                            .decide(ACME, approved.id(), status, "other", LATER)))
                    .hasMessageContaining("approved already");
        }
        assertThat(approvals().find(ACME, approved.id())).contains(approved);
        assertThatThrownBy(() -> approvals().decide(ACME, asked().id(), Approval.Status.USED, "boss", LATER))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    @DisplayName("CRED-15: another tenant's approval and one that never was get the same answer")
    void knowsNoApprovalOfAnotherTenant() {
        Approval asked = asked();

        for (String id : List.of(asked.id(), "a-9999", "", "' OR 1=1 --")) {
            assertThat(refused(ErrorCode.INVALID_PARAM, () -> approvals()
                            .decide(GLOBEX, id, Approval.Status.APPROVED, "boss", LATER)))
                    .hasMessageContaining("tenant 'globex' has no such approval")
                    .hasMessageNotContaining(asked.id());
            refused(ErrorCode.INVALID_PARAM, () -> approvals().keepContinuation(GLOBEX, id, "{}"));
            assertThat(approvals().find(GLOBEX, id)).isEmpty();
            assertThat(approvals().use(GLOBEX, id, LATER)).isFalse();
            assertThat(approvals().continuation(GLOBEX, id)).isEmpty();
        }
        assertThat(approvals().find(ACME, asked.id())).contains(asked);
    }

    @Test
    void keepsWhatItTakesToGoOn() {
        Approval asked = asked();
        String conversation = "{\"messages\":[\"" + "Gr\u00fc\u00dfe \ud83d\udc2a ".repeat(20_000) + "\"]}";
        assertThat(approvals().continuation(ACME, asked.id())).isEmpty();

        approvals().keepContinuation(ACME, asked.id(), "{\"old\":1}");
        approvals().keepContinuation(ACME, asked.id(), conversation);

        assertThat(onAnotherNode().continuation(ACME, asked.id())).contains(conversation);
        approvals().decide(ACME, asked.id(), Approval.Status.APPROVED, "boss", LATER);
        approvals().use(ACME, asked.id(), LATER);
        assertThat(approvals().continuation(ACME, asked.id())).contains(conversation);
    }

    @Test
    void refusesAConversationThatIsTooLong() {
        Approval asked = asked();

        refused(ErrorCode.REQUEST_TOO_LARGE, () -> approvals()
                .keepContinuation(ACME, asked.id(), "x".repeat(Approvals.LONGEST_CONTINUATION + 1)));

        assertThat(approvals().continuation(ACME, asked.id())).isEmpty();
        approvals().keepContinuation(ACME, asked.id(), "x".repeat(Approvals.LONGEST_CONTINUATION));
        assertThat(approvals().continuation(ACME, asked.id()).orElseThrow()).hasSize(Approvals.LONGEST_CONTINUATION);
    }

    @Test
    void removesWhatHasExpiredWithWhatWasKeptBesideIt() {
        Approval expired = asked();
        approvals().keepContinuation(ACME, expired.id(), "{}");
        Approval theirs = approvals().request(wanted(GLOBEX, null, null, TOOL, "{}"));
        Approval live = approvals().request(wantedAt(LATER, ACME, ANN, SHOP, TOOL, "{}"));

        assertThat(approvals().removeExpired(MONDAY.plus(DAY).minusMillis(1))).isZero();
        assertThat(approvals().removeExpired(MONDAY.plus(DAY))).isEqualTo(2);

        assertThat(approvals().find(ACME, expired.id())).isEmpty();
        assertThat(approvals().continuation(ACME, expired.id())).isEmpty();
        assertThat(approvals().find(GLOBEX, theirs.id())).isEmpty();
        assertThat(approvals().find(ACME, live.id())).contains(live);
    }

    @Test
    @DisplayName("Of fifty calls that come at once, one makes use of the approval")
    void letsExactlyOneUseIt() throws InterruptedException {
        Approval approved = approved();

        List<Boolean> used = Suites.together(
                50, i -> () -> (i % 2 == 0 ? approvals() : onAnotherNode()).use(ACME, approved.id(), LATER));

        assertThat(used).containsOnlyOnce(true).hasSize(50);
        assertThat(approvals().find(ACME, approved.id()).orElseThrow().status()).isEqualTo(Approval.Status.USED);
    }

    @Test
    @DisplayName("Of many who ask for the same call at once, on several nodes, all get the same approval")
    void givesAllWhoAskAtOnceTheSame() throws InterruptedException {
        for (int round = 0; round < 3; round++) {
            String arguments = "{\"round\":" + round + "}";
            List<Approval> got = Suites.together(16, i -> {
                Approval wanted = wanted(ACME, ANN, SHOP, TOOL, arguments);
                return () -> (i % 2 == 0 ? approvals() : onAnotherNode()).request(wanted);
            });

            assertThat(got).hasSize(16).containsOnly(got.get(0));
        }
        assertThat(approvals().pending(ACME, LATER, 100)).hasSize(3);
    }

    @Test
    @DisplayName("Of many who decide at once, one decides, and the others are told what was decided")
    void letsExactlyOneDecide() throws InterruptedException {
        for (int round = 0; round < 3; round++) {
            Approval asked = approvals().request(wanted(ACME, ANN, SHOP, TOOL, "{\"round\":" + round + "}"));

            List<Optional<Approval>> decided = Suites.together(16, i -> () -> {
                Approval.Status status = i % 4 < 2 ? Approval.Status.APPROVED : Approval.Status.DENIED;
                try {
                    ApprovalStore node = i % 2 == 0 ? approvals() : onAnotherNode();
                    return Optional.of(node.decide(ACME, asked.id(), status, "boss " + i, LATER));
                } catch (BadRequestException e) {
                    assertThat(e).hasMessageContaining("already");
                    return Optional.empty();
                }
            });

            List<Approval> winners = decided.stream().flatMap(Optional::stream).toList();
            assertThat(winners).hasSize(1);
            assertThat(approvals().find(ACME, asked.id())).contains(winners.get(0));
        }
    }
}
