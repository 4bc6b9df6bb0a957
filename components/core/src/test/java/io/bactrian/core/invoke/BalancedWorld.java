package io.bactrian.core.invoke;

import static io.bactrian.core.invoke.Fixtures.ACME;
import static io.bactrian.core.invoke.Fixtures.GPT;
import static io.bactrian.core.invoke.Fixtures.OPENAI;
import static io.bactrian.core.invoke.Fixtures.PROVIDER;

import io.bactrian.core.balance.BalancingSettings;
import io.bactrian.core.balance.LoadBalancingManager;
import io.bactrian.core.config.BalancingEntry;
import io.bactrian.core.config.BalancingStrategy;
import io.bactrian.core.config.ModelBalancing;
import io.bactrian.core.config.ModelFallback;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.model.FinishReason;
import io.bactrian.core.model.LlmRequest;
import io.bactrian.core.model.LlmResult;
import io.bactrian.core.model.LlmResultChunk;
import io.bactrian.core.model.ModelCall;
import io.bactrian.core.model.ModelStream;
import io.bactrian.core.provider.ModelType;
import io.bactrian.core.tenant.CallerClaim;
import io.bactrian.core.tenant.Deadline;
import io.bactrian.core.tenant.InvokeSource;
import io.bactrian.core.tenant.RequestId;
import io.bactrian.core.tenant.UserId;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A tenant with several keys, a provider that fails by script, a clock that moves only when somebody waits. */
final class BalancedWorld {

    final Fixtures world = new Fixtures();
    final List<String> asked = new ArrayList<>();
    final List<Duration> waits = new ArrayList<>();
    final AtomicLong nanos = new AtomicLong(7_000_000_000_000L);
    final Map<String, Deque<Supplier<InvokeException>>> failures = new HashMap<>();
    final Map<String, List<Object>> streams = new HashMap<>();
    int openStreams;
    BalancingSettings settings = BalancingSettings.DEFAULTS;
    private ModelManager manager;

    BalancedWorld() {
        world.dialect.judge = key -> {
            asked.add(key);
            Deque<Supplier<InvokeException>> script = failures.get(key);
            if (script != null && !script.isEmpty()) {
                InvokeException failure = (script.size() == 1 ? script.peek() : script.poll()).get();
                if (failure != null) {
                    throw failure;
                }
            }
        };
        world.dialect.streamer = this::stream;
    }

    /** Gives the tenant keys of these names and spreads its calls over them. */
    void spread(BalancingStrategy strategy, List<ModelFallback> fallbacks, String... keys) {
        List<BalancingEntry> entries = new ArrayList<>();
        for (String key : keys) {
            entries.add(BalancingEntry.of(world.add(ACME, PROVIDER, key, key)));
        }
        world.store.setBalancing(
                ACME,
                OPENAI,
                new ModelBalancing("gpt-4o", ModelType.LLM, entries.size() > 1, strategy, false, entries, fallbacks));
    }

    void spread(String... keys) {
        spread(BalancingStrategy.ROUND_ROBIN, List.of(), keys);
    }

    /** Makes a key fail from now on. */
    void fails(String key, Supplier<InvokeException> failure) {
        failures.put(key, new ArrayDeque<>(List.of(failure)));
    }

    /** Makes a key fail once and then answer. */
    void failsOnce(String key, Supplier<InvokeException> failure) {
        failures.put(key, new ArrayDeque<>(List.of(failure, () -> null)));
    }

    ModelManager manager() {
        if (manager == null) {
            LoadBalancingManager balancing = new LoadBalancingManager(settings, nanos::get, Fixtures.CLOCK);
            manager = ModelManager.of(
                    new ModelManager.Parts(
                                    world.store,
                                    world.assemblies(),
                                    world.dialects,
                                    null,
                                    world.observers,
                                    world.accessPolicies,
                                    world.credentialPolicies,
                                    world.interceptors)
                            .withBalancing(balancing),
                    wait -> {
                        waits.add(wait);
                        nanos.addAndGet(wait.toNanos());
                    });
        }
        return manager;
    }

    CallerClaim claim() {
        return claim(Duration.ofSeconds(30));
    }

    CallerClaim claim(Duration time) {
        return CallerClaim.ofTenant(ACME, InvokeSource.ROUTE, new RequestId("r-1"), Deadline.in(time, nanos::get));
    }

    /** Asks, and says whose key has answered. */
    String ask() {
        LlmResult result = manager().instance(claim(), GPT).invokeLlm(LlmRequest.ofText("who pays?"));
        return result.text();
    }

    /** Asks on a user's behalf, and says whose key has answered. */
    String askAs(@Nullable UserId user) {
        return askAs(user, GPT);
    }

    /** As {@link #askAs(UserId)}, for another target. */
    String askAs(@Nullable UserId user, InvocationTarget target) {
        CallerClaim claim = Fixtures.claim(ACME, user, Deadline.in(Duration.ofSeconds(30), nanos::get));
        return manager()
                .instance(claim, target)
                .invokeLlm(LlmRequest.ofText("who pays?"))
                .text();
    }

    ModelStream open() {
        return manager().instance(claim(), GPT).streamLlm(LlmRequest.ofText("who pays?"));
    }

    static LlmResultChunk role() {
        return new LlmResultChunk("1", "gpt-4o", "", "", List.of(), null, null, null);
    }

    static LlmResultChunk text(String text) {
        return new LlmResultChunk("1", "gpt-4o", text, "", List.of(), null, null, null);
    }

    static LlmResultChunk end() {
        return new LlmResultChunk("1", "gpt-4o", "", "", List.of(), FinishReason.STOP, null, null);
    }

    private ModelStream stream(ModelCall call, String key) {
        List<Object> script = streams.getOrDefault(key, List.of(role(), text(key), text("!"), end()));
        openStreams++;
        return new Scripted(new ArrayDeque<>(script));
    }

    /** Gives chunks and throws errors, in order. */
    private final class Scripted implements ModelStream {

        private final Deque<Object> script;
        private boolean closed;

        Scripted(Deque<Object> script) {
            this.script = script;
        }

        @Override
        public boolean hasNext() {
            if (!closed && script.peek() instanceof InvokeException failure) {
                close();
                throw failure;
            }
            boolean more = !closed && !script.isEmpty();
            if (!more) {
                close();
            }
            return more;
        }

        @Override
        public LlmResultChunk next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            return (LlmResultChunk) script.remove();
        }

        @Override
        public void close() {
            if (!closed) {
                closed = true;
                openStreams--;
            }
        }
    }
}
