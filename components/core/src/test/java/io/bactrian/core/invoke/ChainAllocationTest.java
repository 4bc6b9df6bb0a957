package io.bactrian.core.invoke;

import static io.bactrian.core.invoke.Fixtures.ACME;
import static io.bactrian.core.invoke.Fixtures.GPT;
import static io.bactrian.core.invoke.Fixtures.PROVIDER;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.bactrian.core.config.CredentialVisibility;
import io.bactrian.core.config.MemberRecord;
import io.bactrian.core.model.LlmRequest;
import io.bactrian.core.model.LlmResult;
import io.bactrian.core.tenant.CallerClaim;
import io.bactrian.core.tenant.Role;
import io.bactrian.core.tenant.UserId;
import java.lang.management.ManagementFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The garbage of a governed call beside that of its dialect: tenant, access, credential, rotation, observers. */
class ChainAllocationTest {

    private static final int CALLS = 2_000;
    private static final long OPTIONAL = 16;
    private static final UserId ANN = new UserId("ann");

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final Fixtures world = new Fixtures();
    private final CallerClaim claim = Fixtures.claim(ACME);
    private final LlmRequest request = LlmRequest.ofText("who pays?");

    @Test
    void makesLittleGarbagePerCall() {
        world.add(ACME, PROVIDER, "own", "key");
        world.dialect.keepsCalls = false;
        ModelManager manager = world.manager();
        calls(manager);

        long before = threads.getCurrentThreadAllocatedBytes();
        calls(manager);
        long perCall = (threads.getCurrentThreadAllocatedBytes() - before) / CALLS;

        assertThat(perCall).as("bytes allocated per call").isLessThan(2_048);
    }

    @Test
    void makesNoMoreGarbageThanAnOptionalWhenItResolvesAgain() {
        world.add(ACME, PROVIDER, "own", "key");
        assertThat(perResolution(null)).as("where nothing is private").isLessThanOrEqualTo(OPTIONAL);
        assertThat(perResolution(ANN))
                .as("where nothing is private, for a user")
                .isLessThanOrEqualTo(OPTIONAL);

        world.store.putMember(ACME, new MemberRecord(ANN, Role.NORMAL));
        world.add(PROVIDER, "of ann", new CredentialVisibility.OnlyMe(ANN));
        assertThat(perResolution(null)).as("beside what is private").isLessThanOrEqualTo(OPTIONAL);
        assertThat(perResolution(ANN)).as("of whom something is for").isLessThanOrEqualTo(OPTIONAL);
    }

    private long perResolution(@Nullable UserId user) {
        CredentialResolver resolver = world.manager().resolver();
        resolve(resolver, user);
        long before = threads.getCurrentThreadAllocatedBytes();
        resolve(resolver, user);
        return (threads.getCurrentThreadAllocatedBytes() - before) / CALLS;
    }

    private static void resolve(CredentialResolver resolver, @Nullable UserId user) {
        for (int i = 0; i < CALLS; i++) {
            if (resolver.resolve(ACME, user, GPT).refusal().isPresent()) {
                throw new AssertionError("refused");
            }
        }
    }

    private void calls(ModelManager manager) {
        for (int i = 0; i < CALLS; i++) {
            LlmResult result = manager.instance(claim, GPT).invokeLlm(request);
            assertKey(result);
        }
    }

    // without an assertion's own garbage
    private static void assertKey(LlmResult result) {
        if (!"key".equals(result.text())) {
            throw new AssertionError(result.text());
        }
    }
}
