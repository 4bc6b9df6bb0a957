package io.bactrian.core.invoke;

import static io.bactrian.core.invoke.Fixtures.GPT;
import static io.bactrian.core.invoke.Fixtures.OPENAI;
import static io.bactrian.core.invoke.Fixtures.PROVIDER;
import static org.assertj.core.api.Assertions.assertThat;

import io.bactrian.core.balance.BalancingSettings;
import io.bactrian.core.balance.LoadBalancingManager;
import io.bactrian.core.config.BalancingEntry;
import io.bactrian.core.config.BalancingStrategy;
import io.bactrian.core.config.ModelBalancing;
import io.bactrian.core.config.SystemProviderSource;
import io.bactrian.core.config.TenantRecord;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.limit.LeasedRateLimiter;
import io.bactrian.core.limit.RateLimit;
import io.bactrian.core.limit.RateResource;
import io.bactrian.core.limit.RateSelector;
import io.bactrian.core.model.LlmRequest;
import io.bactrian.core.model.LlmResultChunk;
import io.bactrian.core.model.ModelStream;
import io.bactrian.core.provider.ModelType;
import io.bactrian.core.quota.Alarm;
import io.bactrian.core.quota.BudgetRule;
import io.bactrian.core.quota.Budgets;
import io.bactrian.core.quota.MemoryQuotaLedger;
import io.bactrian.core.quota.ModelCredits;
import io.bactrian.core.quota.QuotaPeriod;
import io.bactrian.core.quota.QuotaUnit;
import io.bactrian.core.tenant.CallerClaim;
import io.bactrian.core.tenant.Deadline;
import io.bactrian.core.tenant.InvokeSource;
import io.bactrian.core.tenant.RequestId;
import io.bactrian.core.tenant.TenantId;
import java.lang.management.ManagementFactory;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import javax.management.JMException;
import javax.management.ObjectName;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Many calls of many tenants, with balancing, quotas and limits on, some failing and some broken off: what is left of them. */
class RetainedHeapTest {

    private static final int TENANTS = 300;
    /** Fewer than there are tenants: what is forgotten and found again leaves nothing either. */
    private static final int MOST_ASSEMBLIES = 200;

    private static final int CALLS = 20_000;
    private static final long BETWEEN_CALLS = Duration.ofMillis(20).toNanos();

    private final AtomicLong nanos = new AtomicLong();
    private final AtomicLong ids = new AtomicLong();
    private final Fixtures world = new Fixtures();
    private final List<TenantId> tenants = new ArrayList<>();

    private void addTenants() {
        for (int i = 0; i < TENANTS; i++) {
            TenantId tenant = new TenantId("tenant-" + i);
            tenants.add(tenant);
            world.store.putTenant(new TenantRecord(tenant, tenant.value(), true));
            List<BalancingEntry> entries = new ArrayList<>();
            for (String name : List.of("a", "b")) {
                entries.add(BalancingEntry.of(world.add(tenant, PROVIDER, name, name)));
            }
            world.store.setBalancing(
                    tenant,
                    OPENAI,
                    new ModelBalancing(
                            "gpt-4o", ModelType.LLM, true, BalancingStrategy.POWER_OF_TWO, false, entries, List.of()));
        }
    }

    private static RateLimit limit(RateResource resource, long amount) {
        return new RateLimit(
                resource.text(),
                RateSelector.each(),
                RateSelector.any(),
                RateSelector.any(),
                RateSelector.any(),
                RateSelector.any(),
                resource,
                amount,
                Duration.ofMinutes(1));
    }

    private ModelManager manager() {
        addTenants();
        world.dialect.keepsCalls = false;
        world.dialect.judge = key -> {
            if (ids.get() % 50 == 0) {
                throw FailoverTest.failure(ErrorCode.OVERLOADED);
            }
        };
        world.dialect.streamer = (call, key) -> new Pieces(key);
        world.interceptors.add(RateInterceptor.of(LeasedRateLimiter.inMemory(
                List.of(
                        limit(RateResource.REQUESTS, 20),
                        limit(RateResource.TOKENS, 1_000_000),
                        limit(RateResource.CONCURRENT, 10)),
                nanos::get)));
        QuotaParts quotas = new QuotaParts(
                new MemoryQuotaLedger(Alarm.SILENT, Clock.systemUTC(), nanos::get),
                new Budgets(List.of(
                        budget("hour", new QuotaPeriod.Rolling(Duration.ofHours(1))),
                        budget("ever", new QuotaPeriod.Unbounded()))),
                new ModelCredits(Map.of()));
        ModelAssemblies assemblies = new ModelAssemblies(
                world.catalog,
                world.store,
                SystemProviderSource.of(List.of()),
                Duration.ofMinutes(1),
                MOST_ASSEMBLIES,
                nanos::get);
        return ModelManager.of(
                new ModelManager.Parts(
                                world.store,
                                assemblies,
                                world.dialects,
                                null,
                                List.of(),
                                List.of(),
                                List.of(),
                                world.interceptors)
                        .withBalancing(
                                new LoadBalancingManager(BalancingSettings.DEFAULTS, nanos::get, Clock.systemUTC()))
                        .withQuotas(quotas),
                wait -> nanos.addAndGet(wait.toNanos()));
    }

    private static BudgetRule budget(String name, QuotaPeriod period) {
        return new BudgetRule(name, null, new BudgetRule.Apps.All(), QuotaUnit.Counted.TIMES, 1_000_000_000, period);
    }

    /** A short stream. */
    private static final class Pieces implements ModelStream {

        private final ArrayDeque<LlmResultChunk> left;

        Pieces(String key) {
            left = new ArrayDeque<>(List.of(BalancedWorld.role(), BalancedWorld.text(key), BalancedWorld.end()));
        }

        @Override
        public boolean hasNext() {
            return !left.isEmpty();
        }

        @Override
        public LlmResultChunk next() {
            return left.remove();
        }

        @Override
        public void close() {
            left.clear();
        }
    }

    /** Makes calls of one tenant after the other; gives how many were answered. */
    private int calls(ModelManager manager) {
        int answered = 0;
        for (int i = 0; i < CALLS; i++) {
            nanos.addAndGet(BETWEEN_CALLS);
            CallerClaim claim = CallerClaim.ofTenant(
                    tenants.get(i % TENANTS),
                    InvokeSource.ROUTE,
                    new RequestId("call-" + ids.incrementAndGet()),
                    Deadline.in(Duration.ofSeconds(30), nanos::get));
            answered += ask(manager.instance(claim, GPT), i % 3) ? 1 : 0;
        }
        return answered;
    }

    private static boolean ask(ModelInstance model, int how) {
        try {
            if (how == 0) {
                model.invokeLlm(LlmRequest.ofText("who pays?"));
            } else {
                try (ModelStream stream = model.streamLlm(LlmRequest.ofText("who pays?"))) {
                    stream.next();
                    while (how == 1 && stream.hasNext()) {
                        stream.next();
                    }
                }
            }
            return true;
        } catch (InvokeException refused) {
            return false;
        }
    }

    /** How many objects of each of our classes are alive. */
    private static Map<String, Long> alive() throws JMException {
        String histogram = (String) ManagementFactory.getPlatformMBeanServer()
                .invoke(
                        new ObjectName("com.sun.management:type=DiagnosticCommand"),
                        "gcClassHistogram",
                        new Object[] {new String[0]},
                        new String[] {String[].class.getName()});
        Map<String, Long> counts = new TreeMap<>();
        for (String line : histogram.split("\n")) {
            String[] parts = line.strip().split("\\s+");
            if (parts.length >= 4 && parts[3].startsWith("io.bactrian.")) {
                counts.merge(parts[3], Long.parseLong(parts[1]), Long::sum);
            }
        }
        return counts;
    }

    @Test
    @DisplayName("MEM-02: calls leave nothing behind but what is bounded")
    void keepsNothingOfCallsThatAreOver() throws Exception {
        ModelManager manager = manager();
        // what is bounded is full by then: assemblies, slots, meters, buckets, the reservations that are remembered
        calls(manager);
        calls(manager);
        Map<String, Long> before = alive();

        int answered = calls(manager);
        Map<String, Long> after = alive();

        assertThat(answered).as("most calls were answered").isGreaterThan(CALLS / 2);
        assertThat(before.values().stream().mapToLong(Long::longValue).sum())
                .as("something is kept, and found")
                .isGreaterThan(TENANTS);
        assertThat(after).allSatisfy((type, count) -> assertThat(count - before.getOrDefault(type, 0L))
                .as(type)
                .isLessThan(CALLS / 100));
    }
}
