package io.bactrian.bench.micro;

import io.bactrian.core.config.MemoryConfigurationStore;
import io.bactrian.core.config.SystemProviderSource;
import io.bactrian.core.invoke.Dialects;
import io.bactrian.core.invoke.InvocationTarget;
import io.bactrian.core.invoke.ModelAssemblies;
import io.bactrian.core.invoke.ModelManager;
import io.bactrian.core.invoke.QuotaParts;
import io.bactrian.core.invoke.RateInterceptor;
import io.bactrian.core.limit.LeasedRateLimiter;
import io.bactrian.core.limit.RateLimiter;
import io.bactrian.core.model.LlmRequest;
import io.bactrian.core.model.LlmResult;
import io.bactrian.core.provider.ModelType;
import io.bactrian.core.provider.ProviderCatalog;
import io.bactrian.core.quota.Alarm;
import io.bactrian.core.quota.ModelCredits;
import io.bactrian.core.quota.QuotaLedger;
import io.bactrian.core.tenant.CallerClaim;
import io.bactrian.core.tenant.Deadline;
import io.bactrian.core.tenant.InvokeSource;
import io.bactrian.core.tenant.RequestId;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.store.BactrianStore;
import io.bactrian.store.StoreSettings;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * The chain alone, warm, with a member of a tenant as the caller and without an observer: as it is where nobody has set a budget or
 * a limit, and with budgets from a local lease and limits.
 */
@State(Scope.Benchmark)
public class ChainBenchmark {

    /** More than a ledger remembers: each is a call of its own. */
    private static final int IDS = 1 << 16;

    /** What is kept to: nothing, two budgets, or those and three limits. */
    @Param({"nothing", "budgets", "limits"})
    public String rules;

    private final RequestId[] ids = new RequestId[IDS];
    private final LlmRequest request = LlmRequest.ofText("How many humps has a Bactrian camel?");
    private final InvocationTarget target = InvocationTarget.Model.of(Scripted.PROVIDER, Scripted.MODEL, ModelType.LLM);
    private @Nullable BactrianStore accounts;
    private @Nullable QuotaLedger ledger;
    private ModelManager manager;
    private TenantId tenant;
    private int turn;

    /** One tenant with ten credentials. */
    @Setup
    public void setUp() {
        for (int i = 0; i < IDS; i++) {
            ids[i] = new RequestId("call-" + i);
        }
        MemoryConfigurationStore store = new MemoryConfigurationStore("memory", Clock.systemUTC());
        tenant = Scripted.addTenants(store, 1, 10)[0];
        ProviderCatalog catalog = ProviderCatalog.of(List.of(() -> List.of(Scripted.provider())));
        boolean limits = "limits".equals(rules);
        ModelManager.Parts parts = new ModelManager.Parts(
                store,
                new ModelAssemblies(
                        catalog,
                        store,
                        SystemProviderSource.of(List.of()),
                        Duration.ofSeconds(30),
                        100_000,
                        System::nanoTime),
                new Dialects(List.of(new Scripted())),
                null,
                List.of(),
                List.of(),
                List.of(),
                limits ? List.of(RateInterceptor.of(limiter())) : List.of());
        manager = ModelManager.of("nothing".equals(rules) ? parts : parts.withQuotas(leasedQuotas()));
    }

    private static RateLimiter limiter() {
        return LeasedRateLimiter.inMemory(Rules.limits(), System::nanoTime);
    }

    /** From a lease of accounts in a database, which knows the tenant too. */
    private QuotaParts leasedQuotas() {
        BactrianStore opened = BactrianStore.open(StoreSettings.inMemory("bench-" + UUID.randomUUID()), Clock.systemUTC());
        Scripted.addTenants(opened, 1, 1);
        QuotaLedger leased = opened.quotas(Alarm.SILENT, System::nanoTime);
        accounts = opened;
        ledger = leased;
        return new QuotaParts(leased, Rules.budgets(), new ModelCredits(Map.of()));
    }

    /** Closes what was opened. */
    @TearDown
    public void tearDown() {
        if (ledger != null) {
            ledger.close();
        }
        if (accounts != null) {
            accounts.close();
        }
    }

    /** From the claim to the answer. */
    @Benchmark
    public LlmResult chain() {
        turn = (turn + 1) & (IDS - 1);
        CallerClaim claim = new CallerClaim(
                null,
                tenant,
                Scripted.MEMBER,
                null,
                null,
                InvokeSource.ROUTE,
                0,
                ids[turn],
                Deadline.in(Duration.ofSeconds(30)));
        return manager.instance(claim, target).invokeLlm(request);
    }
}
