package io.bactrian.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.bactrian.core.balance.BalancedCredential;
import io.bactrian.core.balance.BalancingPool;
import io.bactrian.core.balance.BalancingSettings;
import io.bactrian.core.balance.Cooldown;
import io.bactrian.core.balance.CooldownKey;
import io.bactrian.core.balance.CredentialState;
import io.bactrian.core.balance.LoadBalancingManager;
import io.bactrian.core.balance.SharedCooldowns;
import io.bactrian.core.config.BalancingStrategy;
import io.bactrian.core.config.TenantRecord;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.ErrorDetails;
import io.bactrian.core.error.FailureClass;
import io.bactrian.core.error.RateLimitedException;
import io.bactrian.core.provider.ModelType;
import io.bactrian.core.provider.ProviderId;
import io.bactrian.core.tenant.TenantId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who is out, as nodes tell each other by the database. */
class CooldownTableTest {

    private static final TenantId ACME = new TenantId("acme");
    private static final ProviderId OPENAI = new ProviderId("openai");
    private static final CooldownKey CREDENTIAL = CooldownKey.ofCredential(ACME, OPENAI, "c-1");
    private static final CooldownKey DEPLOYMENT = CREDENTIAL.forModel("gpt-4o", ModelType.LLM);
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private static Cooldown cooldown(CooldownKey key, Instant until) {
        return new Cooldown(key, FailureClass.RATE_LIMITED, ErrorCode.RATE_LIMITED, 2, 7, until);
    }

    private static BactrianStore open(StoreSettings settings, Clock clock) {
        return BactrianStore.open(settings, clock);
    }

    @ParameterizedTest
    @EnumSource
    void tellsWhatItWasTold(Databases kind) {
        try (BactrianStore store = open(kind.empty(), Clock.systemUTC())) {
            CooldownTable table = store.cooldownTable();
            Instant until = Instant.now(Clock.systemUTC()).plus(MINUTE);
            CooldownKey operators = CooldownKey.ofCredential(null, OPENAI, "house");

            table.put(List.of(cooldown(CREDENTIAL, until), cooldown(DEPLOYMENT, until), cooldown(operators, until)));

            assertThat(table.current())
                    .extracting(Cooldown::key)
                    .containsExactlyInAnyOrder(CREDENTIAL, DEPLOYMENT, operators);
            assertThat(table.current()).allSatisfy(told -> {
                assertThat(told.reason()).isEqualTo(FailureClass.RATE_LIMITED);
                assertThat(told.code()).isEqualTo(ErrorCode.RATE_LIMITED);
                assertThat(told.trips()).isEqualTo(2);
                assertThat(told.credentialVersion()).isEqualTo(7);
                assertThat(Duration.between(told.until(), until).abs()).isLessThan(Duration.ofSeconds(5));
            });
        }
    }

    @ParameterizedTest
    @EnumSource
    void keepsTheLaterOfTwoMoments(Databases kind) {
        try (BactrianStore store = open(kind.empty(), Clock.systemUTC())) {
            CooldownTable table = store.cooldownTable();
            Instant now = Instant.now(Clock.systemUTC());

            table.put(List.of(cooldown(CREDENTIAL, now.plus(MINUTE.multipliedBy(10)))));
            table.put(List.of(cooldown(CREDENTIAL, now.plus(MINUTE))));

            assertThat(table.current()).singleElement().satisfies(told -> assertThat(told.until())
                    .isAfter(now.plus(MINUTE.multipliedBy(9))));
        }
    }

    @ParameterizedTest
    @EnumSource
    void forgetsWhatHasPassedAndWhoIsRemoved(Databases kind) {
        try (BactrianStore store = open(kind.empty(), Clock.systemUTC())) {
            store.putTenant(new TenantRecord(ACME, "Acme", true));
            CooldownTable table = store.cooldownTable();
            Instant now = Instant.now(Clock.systemUTC());

            table.put(List.of(cooldown(CREDENTIAL, now.minus(MINUTE)), cooldown(DEPLOYMENT, now.plus(MINUTE))));
            assertThat(table.current()).extracting(Cooldown::key).containsExactly(DEPLOYMENT);

            store.removeTenant(ACME);
            assertThat(table.current()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void nodesWhoseClocksDifferMeanTheSameMoment(Databases kind) {
        StoreSettings settings = kind.empty();
        Clock fast = Clock.offset(Clock.systemUTC(), Duration.ofHours(3));
        try (BactrianStore store = open(settings, Clock.systemUTC());
                BactrianStore ahead = open(settings, fast)) {
            ahead.cooldownTable()
                    .put(List.of(cooldown(CREDENTIAL, fast.instant().plus(MINUTE))));

            assertThat(store.cooldownTable().current()).singleElement().satisfies(told -> assertThat(
                            Duration.between(Instant.now(Clock.systemUTC()), told.until()))
                    .isBetween(Duration.ofSeconds(30), Duration.ofSeconds(61)));
        }
    }

    @ParameterizedTest
    @EnumSource
    void passesOverWhatALaterVersionSays(Databases kind) throws Exception {
        StoreSettings settings = kind.empty();
        try (BactrianStore store = open(settings, Clock.systemUTC());
                Dialect dialect = kind.dialect(settings)) {
            CooldownTable table = store.cooldownTable();
            table.put(
                    List.of(cooldown(CREDENTIAL, Instant.now(Clock.systemUTC()).plus(MINUTE))));
            Databases.burglar(dialect).update("UPDATE cooldowns SET code = 'of_tomorrow'");

            assertThat(table.current()).isEmpty();
        }
    }

    private static LoadBalancingManager manager() {
        return new LoadBalancingManager(BalancingSettings.DEFAULTS, System::nanoTime, Clock.systemUTC());
    }

    private static BalancingPool pool(LoadBalancingManager manager) {
        return manager.pool(
                List.of(
                        new BalancedCredential(DEPLOYMENT, "one", 7, 1, 0),
                        new BalancedCredential(
                                CooldownKey.ofCredential(ACME, OPENAI, "c-2").forModel("gpt-4o", ModelType.LLM),
                                "two",
                                1,
                                1,
                                1)),
                BalancingStrategy.ROUND_ROBIN,
                false);
    }

    @Test
    void whatOneNodeFindsTheOtherKnows() {
        StoreSettings settings = Databases.POSTGRES.empty();
        LoadBalancingManager here = manager();
        LoadBalancingManager there = manager();
        Duration often = Duration.ofMillis(50);
        try (BactrianStore store = open(settings, Clock.systemUTC());
                BactrianStore other = open(settings, Clock.systemUTC());
                SharedCooldowns telling =
                        SharedCooldowns.start(here, store.cooldowns().orElseThrow(), often);
                SharedCooldowns learning =
                        SharedCooldowns.start(there, other.cooldowns().orElseThrow(), often)) {
            BalancingPool mine = pool(here);
            BalancingPool theirs = pool(there);

            mine.begin(new BalancingPool.Tried(), 0)
                    .orElseThrow()
                    .failed(new RateLimitedException(
                            ErrorCode.RATE_LIMITED, "later", new ErrorDetails(MINUTE, 429, null, null), null));

            Awaitility.await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(theirs.states())
                    .filteredOn(state -> state.cooldown() != null)
                    .extracting(CredentialState::name)
                    .containsExactlyElementsOf(mine.states().stream()
                            .filter(state -> state.cooldown() != null)
                            .map(CredentialState::name)
                            .toList()));
            assertThat(telling).isNotSameAs(learning);
        }
    }
}
