package io.bactrian.core.invoke;

import static io.bactrian.core.invoke.Fixtures.ACME;
import static io.bactrian.core.invoke.Fixtures.GPT;
import static io.bactrian.core.invoke.Fixtures.PROVIDER;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.bactrian.core.model.LlmRequest;
import io.bactrian.core.usage.MemoryUsageStore;
import io.bactrian.core.usage.UsageLimits;
import io.bactrian.core.usage.UsageRecorder;
import java.lang.management.ManagementFactory;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What it costs a call that its usage is taken down. */
class UsageAllocationTest {

    private static final int CALLS = 2_000;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private long bytesPerCall(Fixtures world) {
        world.add(ACME, PROVIDER, "own", "key");
        world.dialect.keepsCalls = false;
        ModelInstance model = world.manager().instance(Fixtures.claim(ACME), GPT);
        LlmRequest request = LlmRequest.ofText("who pays?");
        calls(model, request);
        long before = threads.getCurrentThreadAllocatedBytes();
        calls(model, request);
        return (threads.getCurrentThreadAllocatedBytes() - before) / CALLS;
    }

    private static void calls(ModelInstance model, LlmRequest request) {
        for (int i = 0; i < CALLS; i++) {
            model.invokeLlm(request);
        }
    }

    @Test
    void allocatesLittleOnTheWayOfACall() {
        Fixtures watched = new Fixtures();
        try (UsageRecorder recorder = UsageRecorder.open(
                new MemoryUsageStore(1_000), UsageLimits.USUAL, Fixtures.CLOCK, System::nanoTime, UUID.randomUUID())) {
            watched.observers.add(recorder);
            long without = bytesPerCall(new Fixtures());
            long with = bytesPerCall(watched);

            assertThat(recorder.health().lost())
                    .as("calls whose usage was lost")
                    .isZero();
            assertThat(with - without).as("bytes allocated per call").isBetween(50L, 250L);
        }
    }
}
