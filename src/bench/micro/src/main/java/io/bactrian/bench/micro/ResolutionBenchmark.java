package io.bactrian.bench.micro;

import io.bactrian.core.config.MemoryConfigurationStore;
import io.bactrian.core.config.SystemProviderSource;
import io.bactrian.core.invoke.CredentialResolver;
import io.bactrian.core.invoke.Dialects;
import io.bactrian.core.invoke.InvocationTarget;
import io.bactrian.core.invoke.ModelAssemblies;
import io.bactrian.core.invoke.Resolution;
import io.bactrian.core.provider.ModelType;
import io.bactrian.core.provider.ProviderCatalog;
import io.bactrian.core.tenant.TenantId;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Credential resolution, warm, with ever more credentials in the installation, ten for each tenant. */
@State(Scope.Benchmark)
public class ResolutionBenchmark {

    private static final int SPREAD = 1_000;

    /** How many there are. */
    @Param({"1", "1000", "1000000"})
    public int credentials;

    private final InvocationTarget.Model target =
            InvocationTarget.Model.of(Scripted.PROVIDER, Scripted.MODEL, ModelType.LLM);
    private CredentialResolver resolver;
    private TenantId[] tenants;
    private TenantId hot;
    private TenantId guarded;
    private int turn;

    /** Adds the tenants. */
    @Setup
    public void setUp() {
        MemoryConfigurationStore store = new MemoryConfigurationStore("memory", Clock.systemUTC());
        tenants = Scripted.addTenants(store, Math.max(1, credentials / 10), Math.min(10, credentials));
        hot = tenants[tenants.length / 2];
        guarded = Scripted.addGuarded(store);
        resolver = new CredentialResolver(
                new ModelAssemblies(
                        ProviderCatalog.of(List.of(() -> List.of(Scripted.provider()))),
                        store,
                        SystemProviderSource.of(List.of()),
                        Duration.ofSeconds(30),
                        100_000,
                        System::nanoTime),
                new Dialects(List.of(new Scripted())),
                false);
        if (hot().refusal().isPresent() || ofMember().refusal().isPresent()) {
            throw new IllegalStateException("nothing was resolved");
        }
    }

    /** One tenant that calls again and again. */
    @Benchmark
    public Resolution hot() {
        return resolver.resolve(hot, target);
    }

    /** A member of a tenant whose credentials are each for one member. */
    @Benchmark
    public Resolution ofMember() {
        return resolver.resolve(guarded, Scripted.MEMBER, target);
    }

    /** A thousand tenants in turn, or as many as there are: the processor's caches are part of it. */
    @Benchmark
    public Resolution spread() {
        int next = turn + 1;
        turn = next >= Math.min(SPREAD, tenants.length) ? 0 : next;
        return resolver.resolve(tenants[turn], target);
    }
}
