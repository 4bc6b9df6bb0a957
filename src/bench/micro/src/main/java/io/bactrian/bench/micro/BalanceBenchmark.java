package io.bactrian.bench.micro;

import io.bactrian.core.balance.Attempt;
import io.bactrian.core.balance.BalancedCredential;
import io.bactrian.core.balance.BalancingPool;
import io.bactrian.core.balance.BalancingSettings;
import io.bactrian.core.balance.CooldownKey;
import io.bactrian.core.balance.LoadBalancingManager;
import io.bactrian.core.config.BalancingStrategy;
import io.bactrian.core.provider.ModelType;
import io.bactrian.core.tenant.TenantId;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Picking a credential and saying how it went: the decisions that balancing adds to a call. */
@State(Scope.Benchmark)
public class BalanceBenchmark {

    /** How many credentials. */
    @Param({"3", "1000"})
    public int credentials;

    /** How they are picked. */
    @Param
    public BalancingStrategy strategy;

    private BalancingPool pool;

    /** A pool in which all are well. */
    @Setup
    public void setUp() {
        LoadBalancingManager manager =
                new LoadBalancingManager(BalancingSettings.DEFAULTS, System::nanoTime, Clock.systemUTC());
        List<BalancedCredential> members = new ArrayList<>();
        for (int i = 0; i < credentials; i++) {
            CooldownKey key = CooldownKey.ofCredential(new TenantId("acme"), Scripted.PROVIDER, "c" + i)
                    .forModel(Scripted.MODEL, ModelType.LLM);
            members.add(new BalancedCredential(key, "c" + i, 1, 1 + i % 7, i));
        }
        pool = manager.pool(members, strategy, false);
    }

    /** Picks one. */
    @Benchmark
    public Attempt pick() {
        Attempt attempt = pool.begin(new BalancingPool.Tried(), 0).orElseThrow();
        attempt.abandoned();
        return attempt;
    }

    /** Picks one and says that it has answered. */
    @Benchmark
    public Attempt decide() {
        Attempt attempt = pool.begin(new BalancingPool.Tried(), 0).orElseThrow();
        attempt.succeeded();
        return attempt;
    }
}
