package io.bactrian.engine;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.invoke.CallObserver;
import io.bactrian.core.invoke.Invocation;
import io.bactrian.core.invoke.InvocationTarget;
import io.bactrian.core.invoke.Phase;
import io.bactrian.core.invoke.Resolution;
import io.bactrian.core.model.TokenUsage;
import io.bactrian.core.provider.ModelType;
import io.bactrian.core.provider.ProviderEntity;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Counts calls in Micrometer under the names of the OpenTelemetry conventions for generative AI (v1.41.1):
 * {@code gen_ai.client.operation.duration} in seconds, {@code gen_ai.client.token.usage} in tokens,
 * {@code gen_ai.client.operation.time_to_first_chunk} in seconds. Refusals are counted as well, with their code and phase.
 * Names that come from messages are bounded: beyond so many, models and tools are counted as {@code other} (MEM-03).
 */
final class MicrometerCallObserver implements CallObserver {

    static final String DURATION = "gen_ai.client.operation.duration";
    static final String FIRST_CHUNK = "gen_ai.client.operation.time_to_first_chunk";
    static final String TOKENS = "gen_ai.client.token.usage";

    private static final String TOOL = "execute_tool";
    private static final int MOST_MODELS = 200;

    /** A look through the context's registry at every call would cost more than the call's whole way through the chain. */
    private static final long LOOK_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** Registries are there when a context starts, or soon after: beyond so many calls without one, only some calls look. */
    private static final int FIRST_CALLS = 1_000;

    private static final int ONE_IN = 16;

    private static final Duration[] DURATION_BUCKETS = IntStream.rangeClosed(0, 13)
            .mapToObj(n -> Duration.ofMillis(10L << n))
            .toArray(Duration[]::new);
    private static final double[] TOKEN_BUCKETS =
            DoubleStream.iterate(1, n -> n * 4).limit(14).toArray();

    private final Supplier<Optional<MeterRegistry>> registry;
    private final LongSupplier nanoClock;
    private final Map<Key, Timer> durations = new ConcurrentHashMap<>();
    private final Map<Key, Timer> firstChunks = new ConcurrentHashMap<>();
    private final Map<Key, DistributionSummary> tokens = new ConcurrentHashMap<>();
    private final Map<String, Boolean> models = new ConcurrentHashMap<>();
    private volatile @Nullable MeterRegistry found;
    private volatile long lookAgainAt;
    // counted by whoever comes by, so that it may miss one: it only has to go on
    private int uncounted;

    /**
     * @param registry the context's registry, which may appear only after the first calls
     * @param nanoClock counts nanoseconds
     */
    MicrometerCallObserver(Supplier<Optional<MeterRegistry>> registry, LongSupplier nanoClock) {
        this.registry = registry;
        this.nanoClock = nanoClock;
        this.lookAgainAt = nanoClock.getAsLong();
    }

    private record Key(String operation, String provider, String model, String tool, String kind, String phase) {}

    @Override
    public Observation started(Invocation invocation) {
        return found == null && !looksAgain() ? Observation.NONE : new Running(nanoClock.getAsLong());
    }

    /** Whether a call looks if there is a registry by now: even to look at the clock costs what many calls need not pay. */
    private boolean looksAgain() {
        int calls = uncounted;
        uncounted = calls == FIRST_CALLS + ONE_IN ? FIRST_CALLS + 1 : calls + 1;
        return calls < FIRST_CALLS || calls == FIRST_CALLS + ONE_IN;
    }

    /** @param now the time, or shortly before: one more look at the clock for each call would tell nothing */
    private @Nullable MeterRegistry registry(long now) {
        MeterRegistry known = found;
        if (known != null) {
            return known;
        }
        if (now - lookAgainAt < 0) {
            return null;
        }
        known = registry.get().orElse(null);
        found = known;
        lookAgainAt = now + LOOK_AGAIN_NANOS;
        return known;
    }

    private final class Running implements Observation {

        private final long startedAt;

        Running(long startedAt) {
            this.startedAt = startedAt;
        }

        @Override
        public void firstChunk(Invocation invocation) {
            MeterRegistry meters = registry(startedAt);
            if (meters != null) {
                firstChunks
                        .computeIfAbsent(key(invocation, "", ""), key -> timer(meters, FIRST_CHUNK, key))
                        .record(nanoClock.getAsLong() - startedAt, TimeUnit.NANOSECONDS);
            }
        }

        @Override
        public void succeeded(Invocation invocation, String responseModel, @Nullable TokenUsage usage) {
            over(invocation, "", "");
            MeterRegistry meters = registry(startedAt);
            if (meters != null && usage != null) {
                count(meters, invocation, "input", usage.promptTokens());
                count(meters, invocation, "output", usage.completionTokens());
            }
        }

        @Override
        public void failed(Invocation invocation, Phase phase, @Nullable ErrorCode code) {
            over(invocation, code == null ? "_OTHER" : code.text(), phase.name());
        }

        private void over(Invocation invocation, String error, String phase) {
            MeterRegistry meters = registry(startedAt);
            if (meters != null) {
                durations
                        .computeIfAbsent(key(invocation, error, phase), key -> timer(meters, DURATION, key))
                        .record(nanoClock.getAsLong() - startedAt, TimeUnit.NANOSECONDS);
            }
        }
    }

    private void count(MeterRegistry meters, Invocation invocation, String kind, long amount) {
        if (amount > 0) {
            tokens.computeIfAbsent(key(invocation, kind, ""), key -> DistributionSummary.builder(TOKENS)
                            .baseUnit("token")
                            .tags(tags(key).and("gen_ai.token.type", key.kind()))
                            .serviceLevelObjectives(TOKEN_BUCKETS)
                            .register(meters))
                    .record(amount);
        }
    }

    private static Timer timer(MeterRegistry meters, String name, Key key) {
        // Prometheus wants the same tag keys on every series of a name: an empty value is an absent one
        Tags tags = DURATION.equals(name)
                ? tags(key).and("error.type", key.kind(), "bactrian.phase", key.phase())
                : tags(key);
        return Timer.builder(name)
                .tags(tags)
                .serviceLevelObjectives(DURATION_BUCKETS)
                .register(meters);
    }

    private static Tags tags(Key key) {
        return Tags.of(
                "gen_ai.operation.name", key.operation(),
                "gen_ai.provider.name", key.provider(),
                "gen_ai.request.model", key.model(),
                "gen_ai.tool.name", key.tool());
    }

    private Key key(Invocation invocation, String kind, String phase) {
        InvocationTarget target = invocation.target();
        if (target instanceof InvocationTarget.Tool tool) {
            return toolKey(invocation, tool, kind, phase);
        }
        if (target instanceof InvocationTarget.NamedTool) {
            return new Key(TOOL, "", "", "", kind, phase);
        }
        ModelType type = target instanceof InvocationTarget.Model model
                ? model.type()
                : ((InvocationTarget.DefaultModel) target).type();
        // a name counts only once the catalogue knows it: anything else may come straight from a message
        Optional<ProviderEntity> provider = invocation.trace().resolution().flatMap(Resolution::provider);
        String modelName = provider.isPresent() && target instanceof InvocationTarget.Model model
                ? bounded(provider.get().provider() + "/" + model.model(), model.model())
                : "";
        return new Key(operation(type), provider.map(ProviderEntity::otelName).orElse(""), modelName, "", kind, phase);
    }

    /** A tool counts by name once it was found: before that, the name may come straight from a message. */
    private Key toolKey(Invocation invocation, InvocationTarget.Tool tool, String kind, String phase) {
        String name = invocation.trace().resolution().isPresent()
                ? bounded(tool.address().toString(), tool.address().tool())
                : "";
        return new Key(TOOL, "", "", name, kind, phase);
    }

    private String bounded(String address, String model) {
        if (models.containsKey(address)) {
            return model;
        }
        if (models.size() >= MOST_MODELS) {
            return "other";
        }
        models.put(address, true);
        return model;
    }

    private static String operation(ModelType type) {
        return switch (type) {
            case LLM -> "chat";
            case TEXT_EMBEDDING -> "embeddings";
            case RERANK, SPEECH2TEXT, MODERATION, TTS -> type.text();
        };
    }
}
