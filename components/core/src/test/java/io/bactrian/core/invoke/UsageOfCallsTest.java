package io.bactrian.core.invoke;

import static io.bactrian.core.invoke.BalancedWorld.end;
import static io.bactrian.core.invoke.BalancedWorld.role;
import static io.bactrian.core.invoke.BalancedWorld.text;
import static io.bactrian.core.invoke.FailoverTest.failure;
import static io.bactrian.core.invoke.Fixtures.ACME;
import static io.bactrian.core.invoke.Fixtures.GPT;
import static io.bactrian.core.invoke.Fixtures.LOCAL;
import static io.bactrian.core.invoke.Fixtures.PROVIDER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bactrian.core.config.BalancingStrategy;
import io.bactrian.core.config.ModelFallback;
import io.bactrian.core.config.SystemProviderSource;
import io.bactrian.core.credential.CredentialId;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.model.LlmRequest;
import io.bactrian.core.model.LlmResultChunk;
import io.bactrian.core.model.ModelStream;
import io.bactrian.core.model.Price;
import io.bactrian.core.model.TokenUsage;
import io.bactrian.core.provider.AIModelEntity;
import io.bactrian.core.provider.ModelPricing;
import io.bactrian.core.provider.ModelType;
import io.bactrian.core.provider.ProviderCatalog;
import io.bactrian.core.provider.ProviderEntity;
import io.bactrian.core.tenant.AppId;
import io.bactrian.core.tenant.CallerClaim;
import io.bactrian.core.tenant.Deadline;
import io.bactrian.core.tenant.InvokeSource;
import io.bactrian.core.tenant.RequestId;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tenant.UserId;
import io.bactrian.core.usage.KeptUsage;
import io.bactrian.core.usage.TokenCount;
import io.bactrian.core.usage.UsageOutcome;
import io.bactrian.core.usage.UsageRecord;
import io.bactrian.core.usage.UsageRecorder;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every call of a model leaves one record of what it used, however it ends. */
class UsageOfCallsTest {

    private static final InvocationTarget.Model TINY = InvocationTarget.Model.of(LOCAL, "tiny", ModelType.LLM);
    private static final TokenUsage USED = new TokenUsage(11, 5, 0, 0, 7, 2, 0);

    private final BalancedWorld world = new BalancedWorld();
    private final KeptUsage kept = new KeptUsage();
    private final UsageRecorder recorder =
            UsageRecorder.open(kept, KeptUsage.QUICK, Fixtures.CLOCK, System::nanoTime, UUID.randomUUID());

    UsageOfCallsTest() {
        world.world.observers.add(recorder);
    }

    @AfterEach
    void close() {
        recorder.close();
    }

    /** The one record that there is of all calls. */
    private UsageRecord only() {
        recorder.close();
        assertThat(kept.records()).hasSize(1);
        assertThat(kept.losses()).isEmpty();
        return kept.records().get(0);
    }

    private static LlmResultChunk usage(TokenUsage used) {
        return new LlmResultChunk("1", "gpt-4o", "", "", List.of(), null, used, null);
    }

    private void refused(ThrowingCallable call, ErrorCode code) {
        assertThatThrownBy(call).isInstanceOfSatisfying(InvokeException.class, e -> assertThat(e.code())
                .isEqualTo(code));
    }

    private static UsageOutcome failed(ErrorCode code, Phase phase) {
        return new UsageOutcome.Failed(code, phase);
    }

    @ParameterizedTest
    @EnumSource(names = {"TIMEOUT_FIRST_BYTE", "TIMEOUT_IDLE", "CONNECTION_LOST", "STREAM_TRUNCATED"})
    void estimatesThePromptOfACallThatMayBeBilled(ErrorCode code) {
        world.spread("a");
        world.fails("a", () -> failure(code));

        refused(world::ask, code);

        UsageRecord record = only();
        assertThat(record.counted()).isEqualTo(TokenCount.ESTIMATED);
        assertThat(record.tokens().promptTokens()).isPositive();
        assertThat(record.tokens().completionTokens()).isZero();
    }

    @ParameterizedTest
    @EnumSource(names = {"RATE_LIMITED", "OVERLOADED", "CONNECTION_FAILED", "BAD_REQUEST"})
    void countsNothingOfACallThatNobodyBills(ErrorCode code) {
        world.spread("a");
        world.fails("a", () -> failure(code));

        refused(world::ask, code);

        UsageRecord record = only();
        assertThat(record.counted()).isEqualTo(TokenCount.NONE);
        assertThat(record.tokens()).isEqualTo(TokenUsage.NONE);
    }

    @Test
    void estimatesThePromptOfAStreamThatBrokeOffBeforeItsFirstContent() {
        world.spread("a");
        world.streams.put("a", List.of(role(), failure(ErrorCode.STREAM_TRUNCATED)));

        refused(() -> world.open().forEachRemaining(chunk -> {}), ErrorCode.STREAM_TRUNCATED);

        UsageRecord record = only();
        assertThat(record.counted()).isEqualTo(TokenCount.ESTIMATED);
        assertThat(record.tokens().completionTokens()).isZero();
    }

    private void failAt(Phase phase, RuntimeException failure) {
        world.world.interceptors.add(new Interceptor() {
            @Override
            public Phase phase() {
                return phase;
            }

            @Override
            public InvocationReply intercept(Invocation invocation, Next next) {
                throw failure;
            }
        });
    }

    @Test
    void takesDownWhoUsedWhatAndHowMuch() {
        CredentialId id = world.world.add(ACME, PROVIDER, "own", "key");
        CallerClaim claim = new CallerClaim(
                null,
                ACME,
                new UserId("ann"),
                new AppId("shop"),
                null,
                InvokeSource.ROUTE,
                0,
                new RequestId("call-7"),
                Deadline.in(Duration.ofSeconds(30)));

        world.manager().instance(claim, GPT).invokeLlm(LlmRequest.ofText("who pays?"));

        UsageRecord record = only();
        assertThat(record.requestId()).isEqualTo(new RequestId("call-7"));
        assertThat(record.tenant()).isEqualTo(ACME);
        assertThat(record.user()).isEqualTo(new UserId("ann"));
        assertThat(record.app()).isEqualTo(new AppId("shop"));
        assertThat(record.target()).isEqualTo(GPT);
        assertThat(record.credential().id()).isEqualTo(id.value());
        assertThat(record.credential().source()).isEqualTo(CredentialSource.CUSTOM_PROVIDER);
        assertThat(record.streamed()).isFalse();
        assertThat(record.outcome()).isEqualTo(UsageOutcome.Ended.OK);
        assertThat(record.attempts()).isEqualTo(1);
        assertThat(record.failedAttempts()).isZero();
        assertThat(record.tokens()).isEqualTo(TokenUsage.ofInput(1));
        assertThat(record.counted()).isEqualTo(TokenCount.REPORTED);
        assertThat(record.price()).as("the model has no price").isNull();
        assertThat(record.startedAt()).isEqualTo(Fixtures.CLOCK.instant());
        assertThat(record.duration()).isPositive();
        assertThat(record.firstContent()).isNull();
    }

    /** The provider as it is, with a price. */
    private static ProviderEntity priced() {
        ProviderEntity openai = Fixtures.openai();
        AIModelEntity plain = Fixtures.model("gpt-4o", ModelType.LLM);
        AIModelEntity gpt = new AIModelEntity(
                plain.model(),
                plain.label(),
                plain.modelType(),
                plain.fetchFrom(),
                plain.features(),
                null,
                null,
                false,
                plain.parameterRules(),
                false,
                new ModelPricing(
                        new BigDecimal("2.5"),
                        new BigDecimal("10"),
                        new BigDecimal("1.25"),
                        new BigDecimal("0.000001"),
                        "USD"));
        return new ProviderEntity(
                openai.provider(),
                openai.label(),
                openai.description(),
                null,
                openai.dialect(),
                openai.otelName(),
                openai.supportedModelTypes(),
                openai.configurateMethods(),
                List.of(gpt),
                Map.of(),
                openai.providerCredentialSchema(),
                null,
                Map.of());
    }

    @Test
    void takesDownWhatACallCost() {
        Fixtures fixtures = world.world;
        fixtures.add(ACME, PROVIDER, "own", "key");
        fixtures.dialect.streamer = (call, key) -> streamOf(List.of(text("Hello"), end(), usage(USED)));
        ModelManager manager = ModelManager.of(new ModelManager.Parts(
                fixtures.store,
                new ModelAssemblies(
                        ProviderCatalog.of(List.of(() -> List.of(priced()))),
                        fixtures.store,
                        SystemProviderSource.none(),
                        Duration.ofMinutes(1),
                        1_000,
                        System::nanoTime),
                fixtures.dialects,
                null,
                fixtures.observers,
                List.of(),
                List.of(),
                List.of()));

        manager.instance(Fixtures.claim(ACME), GPT)
                .streamLlm(LlmRequest.ofText("who pays?"))
                .collect();

        Price price = only().price();
        assertThat(price.currency()).isEqualTo("USD");
        // 11 tokens at 2.5, 5 from the cache at 1.25, 9 of output at 10 for a million
        assertThat(price.total()).isEqualByComparingTo("0.0001238");
    }

    private static ModelStream streamOf(List<LlmResultChunk> chunks) {
        Iterator<LlmResultChunk> iterator = chunks.iterator();
        return new ModelStream() {
            @Override
            public boolean hasNext() {
                return iterator.hasNext();
            }

            @Override
            public LlmResultChunk next() {
                return iterator.next();
            }

            @Override
            public void close() {
                // nothing is held
            }
        };
    }

    @Test
    void takesDownAStreamThatWasReadToItsEnd() {
        world.spread("a");
        world.streams.put("a", List.of(role(), text("Hello"), end(), usage(USED)));

        world.open().collect();

        UsageRecord record = only();
        assertThat(record.streamed()).isTrue();
        assertThat(record.outcome()).isEqualTo(UsageOutcome.Ended.OK);
        assertThat(record.tokens()).isEqualTo(USED);
        assertThat(record.counted()).isEqualTo(TokenCount.REPORTED);
        assertThat(record.firstContent()).isBetween(Duration.ZERO, record.duration());
    }

    @Test
    void estimatesWhatAProviderDoesNotSay() {
        world.spread("a");
        world.streams.put("a", List.of(role(), text("eight ch"), text("eight ch"), end()));

        world.open().collect();

        UsageRecord record = only();
        assertThat(record.outcome()).isEqualTo(UsageOutcome.Ended.OK);
        assertThat(record.counted()).isEqualTo(TokenCount.ESTIMATED);
        assertThat(record.tokens().completionTokens())
                .as("a quarter of the bytes")
                .isEqualTo(4);
        assertThat(record.tokens().promptTokens()).isGreaterThanOrEqualTo("who pays?".length());
    }

    @Test
    @DisplayName("STR-08: a stream that is closed early is aborted, with what was delivered of it")
    void tellsAStreamThatWasClosedEarlyFromOneThatEnded() {
        world.spread("a");
        // some providers say at the beginning what the prompt is
        world.streams.put(
                "a", List.of(usage(new TokenUsage(40, 0, 0, 0, 1, 0, 0)), text("eight ch"), text("and more"), end()));

        try (ModelStream stream = world.open()) {
            stream.next();
            stream.next();
        }

        UsageRecord record = only();
        assertThat(record.outcome()).isEqualTo(UsageOutcome.Ended.ABORTED);
        assertThat(record.counted()).isEqualTo(TokenCount.ESTIMATED);
        assertThat(record.tokens().promptTokens()).isEqualTo(40);
        assertThat(record.tokens().completionTokens()).isEqualTo(2);
        assertThat(record.attempts()).isEqualTo(1);
        assertThat(record.credential().name()).isEqualTo("a");
        assertThat(record.firstContent()).isNotNull();
    }

    @Test
    void takesAStreamForAnsweredThatIsClosedWhenAllWasSaid() {
        world.spread("a");
        world.streams.put("a", List.of(text("Hello"), end(), usage(USED)));

        try (ModelStream stream = world.open()) {
            stream.next();
            stream.next();
        }

        assertThat(only().outcome()).isEqualTo(UsageOutcome.Ended.OK);
    }

    @Test
    void takesDownAStreamThatNobodyRead() {
        world.spread("a");

        world.open().close();

        UsageRecord record = only();
        assertThat(record.outcome()).isEqualTo(UsageOutcome.Ended.ABORTED);
        assertThat(record.tokens().completionTokens()).isZero();
        assertThat(record.firstContent()).isNull();
    }

    @Test
    void takesDownOneEndOfAStreamThatIsClosedWhileItIsRead() throws Exception {
        CountDownLatch reading = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        world.world.add(ACME, PROVIDER, "own", "key");
        world.world.dialect.streamer = (call, key) -> new ModelStream() {
            @Override
            public boolean hasNext() {
                reading.countDown();
                await(closed);
                throw failure(ErrorCode.CANCELLED);
            }

            @Override
            public LlmResultChunk next() {
                throw new AssertionError("there is nothing");
            }

            @Override
            public void close() {
                closed.countDown();
            }
        };
        ModelStream stream = world.open();
        ExecutorService reader = Executors.newSingleThreadExecutor();
        try {
            Future<?> read = reader.submit(() -> refused(stream::hasNext, ErrorCode.CANCELLED));
            await(reading);
            stream.close();
            read.get(10, TimeUnit.SECONDS);
        } finally {
            reader.shutdownNow();
        }

        assertThat(only().outcome()).isEqualTo(UsageOutcome.Ended.ABORTED);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void takesDownAStreamThatBroke() {
        world.spread("a");
        world.streams.put("a", List.of(text("eight ch"), failure(ErrorCode.STREAM_TRUNCATED)));

        try (ModelStream stream = world.open()) {
            refused(() -> stream.forEachRemaining(chunk -> {}), ErrorCode.STREAM_TRUNCATED);
        }

        UsageRecord record = only();
        assertThat(record.outcome()).isEqualTo(failed(ErrorCode.STREAM_TRUNCATED, Phase.TRANSPORT));
        assertThat(record.outcome().text()).isEqualTo("stream_truncated");
        assertThat(record.counted()).isEqualTo(TokenCount.ESTIMATED);
        assertThat(record.tokens().completionTokens()).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource(
            value = Phase.class,
            names = {"OBSERVE"},
            mode = EnumSource.Mode.EXCLUDE)
    void takesDownARefusalAtEachPhase(Phase phase) {
        world.world.add(ACME, PROVIDER, "own", "key");
        failAt(phase, failure(ErrorCode.OVERLOADED));

        refused(() -> world.ask(), ErrorCode.OVERLOADED);

        UsageRecord record = only();
        assertThat(record.outcome()).isEqualTo(failed(ErrorCode.OVERLOADED, phase));
        assertThat(record.tenant()).isEqualTo(phase == Phase.TENANT ? record.tenant() : ACME);
        assertThat(record.target()).isEqualTo(GPT);
        assertThat(record.attempts()).isZero();
        assertThat(record.credential()).as("nothing was attempted with any").isNull();
        assertThat(record.tokens()).isEqualTo(TokenUsage.NONE);
        assertThat(record.counted()).isEqualTo(TokenCount.NONE);
    }

    @Test
    void takesDownACallWhoseTenantIsNotThere() {
        refused(() -> Fixtures.ask(world.manager(), new TenantId("nobody"), GPT), ErrorCode.TENANT_NOT_FOUND);

        UsageRecord record = only();
        assertThat(record.tenant()).as("nobody has looked who that is").isNull();
        assertThat(record.outcome()).isEqualTo(failed(ErrorCode.TENANT_NOT_FOUND, Phase.TENANT));
    }

    @Test
    void takesDownACallThatNoCredentialPaysFor() {
        refused(() -> world.ask(), ErrorCode.PROVIDER_NOT_INITIALIZE);

        assertThat(only().outcome()).isEqualTo(failed(ErrorCode.PROVIDER_NOT_INITIALIZE, Phase.CREDENTIAL));
    }

    @Test
    void takesDownABug() {
        failAt(Phase.RATE, new IllegalStateException("a bug"));

        assertThatThrownBy(() -> world.ask()).isInstanceOf(IllegalStateException.class);

        assertThat(only().outcome().text()).isEqualTo("internal_error");
    }

    @Test
    void countsTheAttemptsAndNamesTheCredentialThatPaid() {
        world.spread("a", "b");
        world.fails("a", () -> failure(ErrorCode.SERVER_UNAVAILABLE));
        while (!world.asked.contains("a")) {
            world.ask();
        }

        recorder.close();
        UsageRecord last = kept.records().get(kept.records().size() - 1);
        assertThat(kept.records()).hasSize(world.asked.size() - 1);
        assertThat(last.outcome()).isEqualTo(UsageOutcome.Ended.OK);
        assertThat(last.attempts()).isEqualTo(2);
        assertThat(last.failedAttempts()).isEqualTo(1);
        assertThat(last.credential().name()).isEqualTo("b");
    }

    @Test
    void namesTheFallbackThatAnswered() {
        world.spread(BalancingStrategy.ROUND_ROBIN, List.of(ModelFallback.of(LOCAL, "tiny")), "a");
        world.fails("a", () -> failure(ErrorCode.SERVER_UNAVAILABLE));

        assertThat(world.ask()).isEqualTo("no key");

        UsageRecord record = only();
        assertThat(record.target()).isEqualTo(TINY);
        assertThat(record.credential().source()).isEqualTo(CredentialSource.NONE_NEEDED);
        assertThat(record.attempts()).isGreaterThan(record.failedAttempts());
    }

    @Test
    void namesTheModelAskedForWhereItsFallbacksFailToo() {
        world.spread(BalancingStrategy.ROUND_ROBIN, List.of(ModelFallback.of(LOCAL, "tiny")), "a");
        world.fails("a", () -> failure(ErrorCode.OVERLOADED));
        world.fails("no key", () -> failure(ErrorCode.SERVER_UNAVAILABLE));

        refused(() -> world.ask(), ErrorCode.OVERLOADED);

        UsageRecord record = only();
        assertThat(record.target()).isEqualTo(GPT);
        assertThat(record.credential().name()).isEqualTo("a");
        assertThat(record.outcome().text()).isEqualTo("overloaded");
        assertThat(record.failedAttempts()).isGreaterThanOrEqualTo(2);
    }

    @Test
    void doesNotTakeAFallbackThatWasRefusedForTheOneThatPaid() {
        world.spread(BalancingStrategy.ROUND_ROBIN, List.of(ModelFallback.of(LOCAL, "unheard-of")), "a");
        world.fails("a", () -> failure(ErrorCode.OVERLOADED));

        refused(() -> world.ask(), ErrorCode.OVERLOADED);

        UsageRecord record = only();
        assertThat(record.target()).isEqualTo(GPT);
        assertThat(record.credential().name()).isEqualTo("a");
    }

    @Test
    void givesEachRecordAnIdOfItsOwn() {
        world.spread("a");
        for (int i = 0; i < 50; i++) {
            world.ask();
        }

        recorder.close();
        assertThat(kept.records()).hasSize(50);
        assertThat(Set.copyOf(kept.records().stream().map(UsageRecord::id).toList()))
                .hasSize(50);
    }
}
