package io.bactrian.core.manage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bactrian.core.access.AccessControl;
import io.bactrian.core.access.Actor;
import io.bactrian.core.config.AuditEvent;
import io.bactrian.core.config.MemoryConfigurationStore;
import io.bactrian.core.config.TenantRecord;
import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.RefusedException;
import io.bactrian.core.limit.LimitFields;
import io.bactrian.core.quota.Alarm;
import io.bactrian.core.quota.BudgetFields;
import io.bactrian.core.quota.BudgetRule;
import io.bactrian.core.quota.Budgets;
import io.bactrian.core.quota.Charge;
import io.bactrian.core.quota.MemoryQuotaLedger;
import io.bactrian.core.quota.QuotaUsage;
import io.bactrian.core.quota.Reservation;
import io.bactrian.core.quota.ReservationKey;
import io.bactrian.core.rule.RuleAuthor;
import io.bactrian.core.rule.RuleSource;
import io.bactrian.core.rule.RuleStore;
import io.bactrian.core.tenant.AppId;
import io.bactrian.core.tenant.RequestId;
import io.bactrian.core.tenant.Role;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tenant.UserId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Budgets and limits as people set them. */
class RuleManagersTest {

    private static final TenantId ACME = new TenantId("acme");
    private static final TenantId GLOBEX = new TenantId("globex");
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-03-02T10:00:00Z"), ZoneOffset.UTC);
    private static final Actor OPERATOR = new Actor.Operator();
    private static final Map<String, String> TOKENS = Map.of("unit", "tokens", "limit", "1000", "period", "day");
    private static final Map<String, String> REQUESTS = Map.of("requests", "10");

    private final MemoryConfigurationStore store = new MemoryConfigurationStore("memory", CLOCK);
    private final AccessControl access = new AccessControl(store, CLOCK);
    private final MemoryQuotaLedger ledger = new MemoryQuotaLedger(Alarm.SILENT, CLOCK, System::nanoTime);
    private final Budgets budgets = new Budgets(
            List.of(BudgetFields.of(ACME, "house", TOKENS)), RuleSource.of(store::version, store.budgets()));
    private final BudgetManager budgetManager = new BudgetManager(store.budgets(), budgets, ledger, access);
    private final LimitManager limitManager =
            new LimitManager(store.limits(), List.of(LimitFields.of(ACME, "house", REQUESTS)), access);

    @BeforeEach
    void addTenants() {
        store.putTenant(new TenantRecord(ACME, "Acme", true));
        store.putTenant(new TenantRecord(GLOBEX, "Globex", true));
    }

    private static Actor member(TenantId tenant, Role role) {
        return new Actor.Member(tenant, new UserId("ann"), role);
    }

    private List<String> audited() {
        return store.latest(100).stream()
                .map(event -> event.actor() + " " + event.action() + " " + event.subject() + " " + event.outcome())
                .toList();
    }

    private static void denied(ThrowingCallable action) {
        assertThatThrownBy(action).isInstanceOfSatisfying(RefusedException.class, e -> assertThat(e.code())
                .isEqualTo(ErrorCode.ACCESS_DENIED));
    }

    @Test
    void takesDownWhatIsSetAndRemoved() {
        budgetManager.set(OPERATOR, ACME, "b", TOKENS);
        limitManager.set(new Actor.File("acme.yaml"), ACME, "l", REQUESTS);
        assertThat(budgetManager.remove(OPERATOR, ACME, "b")).isTrue();
        assertThat(budgetManager.remove(OPERATOR, ACME, "b")).isFalse();

        assertThat(audited())
                .containsExactlyInAnyOrder(
                        "operator budget.set b done",
                        "file:acme.yaml limit.set l done",
                        "operator budget.remove b done",
                        "operator budget.remove b done");
        assertThat(store.latest(100)).extracting(AuditEvent::tenant).containsOnly(ACME);
        assertThat(limitManager.find(OPERATOR, ACME, "l").orElseThrow().managedBy())
                .contains("acme.yaml");
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void letsOnlyOwnersAndAdminsSetThemAndEditorsSeeThem(Role role) {
        Actor actor = member(ACME, role);
        boolean manages = role == Role.OWNER || role == Role.ADMIN;
        if (manages) {
            budgetManager.set(actor, ACME, "b", TOKENS);
            limitManager.set(actor, ACME, "l", REQUESTS);
            assertThat(budgetManager.remove(actor, ACME, "b")).isTrue();
            assertThat(limitManager.remove(actor, ACME, "l")).isTrue();
        } else {
            denied(() -> budgetManager.set(actor, ACME, "b", TOKENS));
            denied(() -> limitManager.set(actor, ACME, "l", REQUESTS));
            denied(() -> budgetManager.remove(actor, ACME, "b"));
            assertThat(audited()).contains("ann budget.set b access_denied", "ann limit.set l access_denied");
        }
        if (manages || role == Role.EDITOR) {
            assertThat(budgetManager.list(actor, ACME, null)).hasSize(1);
            assertThat(limitManager.list(actor, ACME)).hasSize(1);
        } else {
            denied(() -> budgetManager.list(actor, ACME, null));
            denied(() -> limitManager.list(actor, ACME));
        }
        denied(() -> budgetManager.set(member(GLOBEX, role), ACME, "b", TOKENS));
        denied(() -> budgetManager.list(member(GLOBEX, role), ACME, null));
        assertThat(store.budgets().rules(ACME)).isEmpty();
    }

    @Test
    void letsATenantChangeOnlyWhatItHasSetItself() {
        Actor owner = member(ACME, Role.OWNER);
        budgetManager.set(OPERATOR, ACME, "theirs", TOKENS);
        budgetManager.set(owner, ACME, "own", TOKENS);

        denied(() -> budgetManager.set(owner, ACME, "theirs", Map.of("unit", "times", "limit", "-1", "period", "day")));
        denied(() -> budgetManager.remove(owner, ACME, "theirs"));
        assertThat(budgetManager.find(owner, ACME, "theirs").orElseThrow().setBy())
                .isEqualTo(RuleAuthor.OPERATOR);
        assertThat(budgetManager.find(owner, ACME, "own").orElseThrow().setBy()).isEqualTo(RuleAuthor.TENANT);
        assertThat(audited()).contains("ann budget.set theirs access_denied", "ann budget.remove theirs access_denied");

        budgetManager.set(OPERATOR, ACME, "own", TOKENS);
        denied(() -> budgetManager.remove(owner, ACME, "own"));
    }

    @Test
    void leavesWhatPropertiesDeclareToThem() {
        assertThatThrownBy(() -> budgetManager.set(OPERATOR, ACME, "house", TOKENS))
                .isInstanceOf(BadRequestException.class)
                .hasMessageContaining("bactrian.budgets.house.*");
        assertThatThrownBy(() -> budgetManager.remove(OPERATOR, ACME, "house"))
                .isInstanceOf(BadRequestException.class)
                .hasMessageContaining("bactrian.budgets.house.*");
        assertThatThrownBy(() -> limitManager.set(OPERATOR, ACME, "house", REQUESTS))
                .isInstanceOf(BadRequestException.class)
                .hasMessageContaining("bactrian.limits.house.*");
        limitManager.set(OPERATOR, GLOBEX, "house", REQUESTS);

        assertThat(limitManager.find(OPERATOR, ACME, "house").orElseThrow().property())
                .contains("bactrian.limits.house.*");
        assertThat(limitManager.find(OPERATOR, GLOBEX, "house").orElseThrow().property())
                .isEmpty();
    }

    @Test
    void letsOneGoWhoseNamePropertiesHaveTakenSince() {
        BudgetManager before = new BudgetManager(store.budgets(), Budgets.NONE, ledger, access);
        before.set(OPERATOR, ACME, "house", TOKENS);

        assertThatThrownBy(() -> budgetManager.set(OPERATOR, ACME, "house", TOKENS))
                .isInstanceOf(BadRequestException.class);
        assertThat(budgetManager.remove(OPERATOR, ACME, "house")).isTrue();
        assertThat(store.budgets().rules(ACME)).isEmpty();
    }

    @Test
    void showsBudgetsWithTheirUse() {
        budgetManager.set(OPERATOR, ACME, "each", Map.of("app", "*", "unit", "times", "limit", "5", "period", "total"));
        budgetManager.set(OPERATOR, ACME, "shop", Map.of("app", "shop", "unit", "times", "limit", "9", "period", "1h"));
        budgetManager.set(OPERATOR, ACME, "none", Map.of("unit", "credits", "limit", "-1", "period", "month"));
        AppId shop = new AppId("shop");
        List<Charge> charges = budgets.of(ACME, shop).stream()
                .map(limit -> new Charge(limit, 2))
                .toList();
        Reservation call = ledger.reserve(new ReservationKey(new RequestId("r-1"), 0), charges, Duration.ofMinutes(1));
        ledger.settle(call, 1, 1, 1);
        ledger.reserve(new ReservationKey(new RequestId("r-2"), 0), charges, Duration.ofMinutes(1));

        List<BudgetView> all = budgetManager.list(OPERATOR, ACME, null);

        assertThat(all)
                .extracting(view -> view.budget().rule().name())
                .containsExactly("house", "each", "none", "shop");
        QuotaUsage house = all.get(0).usage().orElseThrow();
        assertThat(List.of(house.used(), house.held(), house.left())).containsExactly(1L, 2L, 997L);
        assertThat(house.resetsAt()).isEqualTo(Instant.parse("2026-03-03T00:00:00Z"));
        assertThat(all.get(1).usage()).as("of which app?").isEmpty();
        assertThat(all.get(2).usage()).as("nothing is counted").isEmpty();
        assertThat(all.get(3).usage().map(QuotaUsage::left)).contains(6L);
        assertThat(budgetManager.list(OPERATOR, ACME, shop).get(1).usage().map(QuotaUsage::left))
                .contains(2L);
        assertThat(budgetManager.list(OPERATOR, ACME, new AppId("other")))
                .extracting(view -> view.budget().rule().name())
                .containsExactly("house", "each", "none");
    }

    @Test
    void knowsWhatWasUsedOfABudgetThatIsRemovedAndMadeAnew() {
        budgetManager.set(OPERATOR, ACME, "b", TOKENS);
        BudgetRule rule = budgetManager.find(OPERATOR, ACME, "b").orElseThrow().rule();
        Charge charge =
                new Charge(Optional.ofNullable(rule.limitFor(ACME, null)).orElseThrow(), 400);
        ledger.settle(
                ledger.reserve(new ReservationKey(new RequestId("r"), 0), List.of(charge), Duration.ofMinutes(1)), 300);

        budgetManager.remove(OPERATOR, ACME, "b");
        budgetManager.set(OPERATOR, ACME, "b", Map.of("unit", "tokens", "limit", "350", "period", "day"));
        budgetManager.set(OPERATOR, ACME, "renamed", TOKENS);

        assertThat(budgetManager.list(OPERATOR, ACME, null))
                .extracting(view -> view.usage().map(QuotaUsage::left).orElseThrow())
                .containsExactly(1_000L, 50L, 1_000L);
    }

    @Test
    void saysWhatIsWrongWithARuleToThoseWhoMaySetIt() {
        assertThatThrownBy(() -> budgetManager.set(OPERATOR, ACME, "b", Map.of("unit", "tokens")))
                .isInstanceOf(BadRequestException.class)
                .hasMessageContaining("limit has to be a number");
        assertThatThrownBy(() -> limitManager.set(OPERATOR, new TenantId("nobody"), "l", REQUESTS))
                .isInstanceOfSatisfying(
                        BadRequestException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TENANT_NOT_FOUND));
        denied(() -> budgetManager.set(member(ACME, Role.NORMAL), ACME, "b", Map.of()));
        assertThat(audited()).contains("operator budget.set b invalid_param");
    }

    @Test
    void keepsNoMoreThanSomeRulesOfATenant() {
        for (int i = 0; i < RuleStore.MOST; i++) {
            limitManager.set(OPERATOR, ACME, "l" + i, REQUESTS);
        }
        assertThatThrownBy(() -> limitManager.set(OPERATOR, ACME, "one-more", REQUESTS))
                .isInstanceOf(BadRequestException.class)
                .hasMessageContaining("remove one first");
        limitManager.set(OPERATOR, ACME, "l0", Map.of("concurrent", "1"));
    }
}
