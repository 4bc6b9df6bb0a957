package io.bactrian.bench.micro;

import io.bactrian.core.config.MemoryConfigurationStore;
import io.bactrian.core.config.SystemProviderSource;
import io.bactrian.core.invoke.Dialects;
import io.bactrian.core.invoke.InvocationTarget;
import io.bactrian.core.invoke.ModelAssemblies;
import io.bactrian.core.invoke.ModelManager;
import io.bactrian.core.model.LlmRequest;
import io.bactrian.core.model.LlmResult;
import io.bactrian.core.provider.ModelType;
import io.bactrian.core.provider.ProviderCatalog;
import io.bactrian.core.tenant.CallerClaim;
import io.bactrian.core.tenant.Deadline;
import io.bactrian.core.tenant.InvokeSource;
import io.bactrian.core.tenant.RequestId;
import io.bactrian.core.tenant.TenantId;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The chain alone, warm, with a member of a tenant as the caller and without an observer. */
@State(Scope.Benchmark)
public class ChainBenchmark {

    private final RequestId id = new RequestId("r-1");
    private final LlmRequest request = LlmRequest.ofText("How many humps has a Bactrian camel?");
    private final InvocationTarget target = InvocationTarget.Model.of(Scripted.PROVIDER, Scripted.MODEL, ModelType.LLM);
    private ModelManager manager;
    private TenantId tenant;

    /** One tenant with ten credentials. */
    @Setup
    public void setUp() {
        MemoryConfigurationStore store = new MemoryConfigurationStore("memory", Clock.systemUTC());
        tenant = Scripted.addTenants(store, 1, 10)[0];
        ProviderCatalog catalog = ProviderCatalog.of(List.of(() -> List.of(Scripted.provider())));
        manager = ModelManager.of(new ModelManager.Parts(
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
                List.of()));
    }

    /** From the claim to the answer. */
    @Benchmark
    public LlmResult chain() {
        CallerClaim claim = new CallerClaim(
                null,
                tenant,
                Scripted.MEMBER,
                null,
                null,
                InvokeSource.ROUTE,
                0,
                id,
                Deadline.in(Duration.ofSeconds(30)));
        return manager.instance(claim, target).invokeLlm(request);
    }
}
