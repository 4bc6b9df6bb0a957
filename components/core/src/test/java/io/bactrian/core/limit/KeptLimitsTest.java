package io.bactrian.core.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bactrian.core.error.RateLimitedException;
import io.bactrian.core.rule.RuleSource;
import io.bactrian.core.tenant.AppId;
import io.bactrian.core.tenant.Deadline;
import io.bactrian.core.tenant.TenantId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Limits that tenants keep: they change while calls are counted. */
class KeptLimitsTest {

    private static final TenantId ACME = new TenantId("acme");
    private static final TenantId GLOBEX = new TenantId("globex");
    private static final Duration HOUR = Duration.ofHours(1);

    private final AtomicLong clock = new AtomicLong();
    private List<RateLimitRule> kept = List.of();
    private long version;
    private final RuleSource<RateLimitRule> source =
            RuleSource.of(tenant -> version, tenant -> ACME.equals(tenant) ? kept : List.of());
    private final LeasedRateLimiter limiter = LeasedRateLimiter.inMemory(
            List.of(new RateLimit(
                    "house",
                    RateSelector.each(),
                    RateSelector.any(),
                    RateSelector.any(),
                    RateSelector.any(),
                    RateSelector.any(),
                    RateResource.REQUESTS,
                    20,
                    HOUR)),
            source,
            clock::get);

    private void keep(String... rules) {
        List<RateLimitRule> all = new ArrayList<>();
        for (String rule : rules) {
            String[] parts = rule.split(" ");
            Map<String, String> fields = new TreeMap<>(Map.of("per", "1h"));
            for (int i = 1; i < parts.length; i++) {
                String[] field = parts[i].split("=");
                fields.put(field[0], field[1]);
            }
            all.add(LimitFields.of(ACME, parts[0], fields));
        }
        kept = all;
        version++;
    }

    private RatePermit call(TenantId tenant, String app, long tokens) {
        return limiter.acquire(
                new RateSubject(tenant, new AppId(app), null, null, null),
                () -> tokens,
                Deadline.in(HOUR, clock::get),
                null);
    }

    private RatePermit call() {
        return call(ACME, "shop", 1);
    }

    private int letIn(int most) {
        int in = 0;
        while (in < most) {
            try {
                call();
                in++;
            } catch (RateLimitedException e) {
                return in;
            }
        }
        return in;
    }

    @Test
    void holdBesideThoseOfSettingsAndForTheirTenantAlone() {
        keep("own requests=3");

        assertThat(letIn(10)).isEqualTo(3);
        assertThatThrownBy(this::call).hasMessageContaining("limit 'own'");
        for (int i = 0; i < 20; i++) {
            call(GLOBEX, "shop", 1);
        }
        assertThatThrownBy(() -> call(GLOBEX, "shop", 1)).hasMessageContaining("limit 'house'");
        keep("own requests=1000");
        assertThat(letIn(100)).as("of the house").isEqualTo(17);
    }

    @Test
    void letNothingMoreThroughOnceLoweredBelowWhatCounts() {
        keep("own requests=10");
        assertThat(letIn(6)).isEqualTo(6);
        keep("own requests=5");
        assertThat(letIn(10)).isZero();
        keep("own requests=8");
        assertThat(letIn(10)).as("raised, at once").isEqualTo(2);
        clock.addAndGet(HOUR.multipliedBy(2).toNanos());
        assertThat(letIn(10)).isEqualTo(8);
    }

    @Test
    void countOnWhereTheyWereWhenTheyAreRemovedAndMadeAnew() {
        keep("own requests=5", "other requests=1000");
        assertThat(letIn(4)).isEqualTo(4);
        keep("other requests=1000");
        assertThat(letIn(2)).isEqualTo(2);
        keep();
        keep("own requests=5");
        assertThat(letIn(10)).isEqualTo(1);
    }

    @Test
    void doNotForgetCallsUnderWayWhenTheyChange() {
        keep("own concurrent=4");
        List<RatePermit> open = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            open.add(call());
        }
        keep("own concurrent=2");
        open.remove(0).close();
        open.remove(0).close();
        assertThatThrownBy(this::call).isInstanceOf(RateLimitedException.class);
        open.remove(0).close();
        call();
        keep();
        keep("own concurrent=3");
        call();
        assertThatThrownBy(this::call).hasMessageContaining("3 calls at once");
        open.remove(0).close();
        call();
    }

    @Test
    void keepTokensCountedWhenTheyChange() {
        keep("own tokens=1000");
        call(ACME, "shop", 600).settle(500);
        keep("own tokens=700 app=shop");
        call(ACME, "shop", 200);
        assertThatThrownBy(() -> call(ACME, "shop", 1)).isInstanceOf(RateLimitedException.class);
        call(ACME, "other", 600);
    }

    @Test
    void areCountedByThemselvesUnderTheNameOfOneOfSettings() {
        keep("house requests=2");
        assertThat(letIn(10)).isEqualTo(2);
        keep();
        assertThat(letIn(100)).isEqualTo(18);
    }

    @Test
    void areForgottenWhenTheyAreGoneAndNothingOfThemCounts() {
        for (int i = 0; i < 50; i++) {
            keep("own-" + i + " requests=5");
            letIn(1);
            clock.addAndGet(HOUR.multipliedBy(2).toNanos());
        }
        keep();
        letIn(1);
        clock.addAndGet(HOUR.multipliedBy(2).toNanos());
        keep();
        letIn(1);

        assertThat(limiter.subjects()).as("the house's").isEqualTo(1);
    }
}
