package io.bactrian.core.invoke;

import static io.bactrian.core.invoke.BalancedWorld.end;
import static io.bactrian.core.invoke.BalancedWorld.role;
import static io.bactrian.core.invoke.BalancedWorld.text;
import static io.bactrian.core.invoke.FailoverTest.failure;
import static io.bactrian.core.invoke.Fixtures.ACME;
import static io.bactrian.core.invoke.Fixtures.GPT;
import static io.bactrian.core.invoke.Fixtures.LOCAL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.bactrian.core.config.ApiKeyRecord;
import io.bactrian.core.config.BalancingStrategy;
import io.bactrian.core.config.ModelFallback;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.error.RateLimitedException;
import io.bactrian.core.limit.LeasedRateLimiter;
import io.bactrian.core.limit.RateLimit;
import io.bactrian.core.limit.RateResource;
import io.bactrian.core.limit.RateSelector;
import io.bactrian.core.limit.RateSubject;
import io.bactrian.core.model.FinishReason;
import io.bactrian.core.model.LlmRequest;
import io.bactrian.core.model.LlmResultChunk;
import io.bactrian.core.model.ModelStream;
import io.bactrian.core.model.TokenUsage;
import io.bactrian.core.tenant.ApiKeyId;
import io.bactrian.core.tenant.AppId;
import io.bactrian.core.tenant.CallPath;
import io.bactrian.core.tenant.CallerClaim;
import io.bactrian.core.tenant.Deadline;
import io.bactrian.core.tenant.InvokeSource;
import io.bactrian.core.tenant.RequestId;
import io.bactrian.core.tool.ToolAddress;
import io.bactrian.core.tool.ToolInvokeMessage;
import io.bactrian.core.tool.ToolProviderType;
import io.bactrian.core.tool.ToolStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The link that keeps calls within limits, in a whole chain. */
class RateInterceptorTest {

    private final BalancedWorld world = new BalancedWorld();
    private LeasedRateLimiter limiter;

    private static RateLimit limit(RateResource resource, long amount, RateSelector<ApiKeyId> key) {
        return limit(resource.text(), resource, amount, key, RateSelector.any());
    }

    private static RateLimit limit(
            String name, RateResource resource, long amount, RateSelector<ApiKeyId> key, RateSelector<String> model) {
        return new RateLimit(
                name,
                RateSelector.each(),
                RateSelector.any(),
                RateSelector.any(),
                model,
                key,
                resource,
                amount,
                Duration.ofMinutes(1));
    }

    private void limited(RateLimit... limits) {
        limiter = LeasedRateLimiter.inMemory(List.of(limits), world.nanos::get);
        world.world.interceptors.add(RateInterceptor.of(limiter));
    }

    private void limited(RateResource resource, long amount) {
        limited(limit(resource, amount, RateSelector.any()));
    }

    private RateLimitedException refused() {
        RateLimitedException refused = catchThrowableOfType(RateLimitedException.class, world::ask);
        assertThat(refused).as("a refusal").isNotNull();
        return refused;
    }

    private static LlmResultChunk used(long tokens) {
        return new LlmResultChunk(
                "1", "gpt-4o", "", "", List.of(), FinishReason.STOP, TokenUsage.ofInput(tokens), null);
    }

    /** A question that may use so many tokens: one for each of its bytes, and an answer of 4,096. */
    private static LlmRequest asking(int tokens) {
        return LlmRequest.ofText("x".repeat(tokens - 4_096 - 48));
    }

    private void invoke(int tokens) {
        world.manager().instance(world.claim(), GPT).invokeLlm(asking(tokens));
    }

    private ModelStream stream(int tokens) {
        return world.manager().instance(world.claim(), GPT).streamLlm(asking(tokens));
    }

    @Test
    void standsInItsPhaseAndOnlyThere() {
        limited(RateResource.REQUESTS, 1);

        assertThat(world.manager().chain().toString()).contains("RATE RateInterceptor → CREDENTIAL");
    }

    @Test
    void refusesWhatIsTooMuchBeforeACredentialIsTouched() {
        world.spread("a");
        limited(RateResource.REQUESTS, 2);
        world.ask();
        world.ask();

        RateLimitedException refused = refused();

        assertThat(refused.code()).isEqualTo(ErrorCode.RATE_LIMITED);
        assertThat(refused.retryAfter().orElseThrow()).isGreaterThanOrEqualTo(Duration.ofMinutes(1));
        assertThat(world.asked).hasSize(2);
    }

    @Test
    void freesThePermitWhenTheAnswerIsThereOrTheCallHasFailed() {
        world.spread("a");
        limited(RateResource.CONCURRENT, 1);
        for (int i = 0; i < 3; i++) {
            world.ask();
        }
        world.fails("a", () -> failure(ErrorCode.BAD_REQUEST));
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(world::ask).isInstanceOfSatisfying(InvokeException.class, e -> assertThat(e.code())
                    .isEqualTo(ErrorCode.BAD_REQUEST));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"read", "closed", "failed", "closed twice", "read and closed"})
    @DisplayName("STR-08: a stream holds its permit until it ends, however that is, and lets go once")
    void holdsThePermitForTheLifeOfAStream(String ending) {
        world.spread("a");
        world.streams.put(
                "a",
                ending.equals("failed")
                        ? List.of(role(), text("x"), failure(ErrorCode.STREAM_TRUNCATED))
                        : List.of(role(), text("x"), text("y"), end()));
        limited(RateResource.CONCURRENT, 2);
        ModelStream other = world.open();
        ModelStream stream = world.open();
        stream.next();
        refused();

        switch (ending) {
            case "read" -> stream.forEachRemaining(chunk -> {});
            case "closed" -> stream.close();
            case "failed" ->
                assertThatThrownBy(() -> stream.forEachRemaining(chunk -> {})).isInstanceOf(InvokeException.class);
            case "closed twice" -> {
                stream.close();
                stream.close();
            }
            default -> {
                stream.forEachRemaining(chunk -> {});
                stream.close();
            }
        }

        world.ask();
        ModelStream third = world.open();
        refused();
        third.close();
        other.close();
    }

    @Test
    void letsAnotherThreadEndAStream() throws Exception {
        world.spread("a");
        limited(RateResource.CONCURRENT, 1);
        ModelStream stream = world.open();
        ExecutorService other = Executors.newSingleThreadExecutor();
        try {
            other.submit(stream::close).get(60, TimeUnit.SECONDS);
        } finally {
            other.shutdownNow();
        }

        world.ask();
    }

    @Test
    void settlesTokensByWhatTheProviderSays() {
        world.spread("a");
        limited(RateResource.TOKENS, 10_000);
        for (int i = 0; i < 100; i++) {
            // uses one
            invoke(5_000);
        }

        invoke(9_900);
        assertThatThrownBy(() -> invoke(9_950)).isInstanceOf(RateLimitedException.class);
    }

    @Test
    void settlesAStreamByTheUsageInIt() {
        world.spread("a");
        world.streams.put("a", List.of(role(), text("x"), used(12_000)));
        limited(RateResource.TOKENS, 20_000);

        stream(19_000).collect();

        assertThatThrownBy(() -> stream(9_000)).isInstanceOf(RateLimitedException.class);
        stream(7_000).close();
    }

    @Test
    @DisplayName("STR-01: a stream that broke off without saying what it used has used its estimate")
    void keepsTheEstimateOfAStreamThatBrokeOff() {
        world.spread("a");
        world.streams.put("a", List.of(role(), text("x"), failure(ErrorCode.CONNECTION_LOST)));
        limited(RateResource.TOKENS, 10_000);
        ModelStream stream = stream(8_000);
        assertThatThrownBy(stream::collect).isInstanceOf(InvokeException.class);

        assertThatThrownBy(() -> stream(5_000)).isInstanceOf(RateLimitedException.class);
    }

    @ParameterizedTest
    @EnumSource(names = {"AUTHORIZATION_ERROR", "BAD_REQUEST", "CONNECTION_FAILED"})
    void givesTheTokensBackOfACallThatTheProviderDidNotAnswer(ErrorCode code) {
        world.spread("a");
        world.fails("a", () -> failure(code));
        limited(RateResource.TOKENS, 10_000);

        for (int i = 0; i < 5; i++) {
            assertThatThrownBy(() -> invoke(9_000))
                    .isInstanceOf(InvokeException.class)
                    .hasMessageNotContaining("limit 'tokens'");
        }
    }

    @Test
    void asksACallForAnotherModelOnlyForWhatItDoesNotHold() {
        world.spread(BalancingStrategy.ROUND_ROBIN, List.of(ModelFallback.of(LOCAL, "tiny")), "a");
        world.fails("a", () -> failure(ErrorCode.AUTHORIZATION_ERROR));
        limited(
                limit(RateResource.CONCURRENT, 1, RateSelector.any()),
                limit(RateResource.REQUESTS, 3, RateSelector.any()),
                limit("tiny", RateResource.REQUESTS, 2, RateSelector.any(), RateSelector.only("tiny")));

        assertThat(world.ask()).isEqualTo("no key");
        assertThat(world.ask()).isEqualTo("no key");
        InvokeException failed = catchThrowableOfType(InvokeException.class, world::ask);

        assertThat(failed.code())
                .as("why the model that was named did not answer")
                .isNotEqualTo(ErrorCode.RATE_LIMITED);
        assertThat(failed.getSuppressed()).anyMatch(e -> e.getMessage().contains("limit 'tiny'"));
        assertThat(refused()).hasMessageContaining("limit 'requests'");
    }

    @Test
    void holdsOnePermitForACallAndItsFallback() {
        world.spread(BalancingStrategy.ROUND_ROBIN, List.of(ModelFallback.of(LOCAL, "tiny")), "a");
        world.fails("a", () -> failure(ErrorCode.AUTHORIZATION_ERROR));
        limited(RateResource.CONCURRENT, 1);

        for (int i = 0; i < 5; i++) {
            assertThat(world.ask()).isEqualTo("no key");
        }
        ModelStream stream = world.open();
        refused();
        assertThat(stream.collect().text()).isEqualTo("no key!");
        assertThat(world.ask()).isEqualTo("no key");
    }

    @Test
    void countsCallsByTheirApiKey() {
        world.spread("a");
        limited(limit(RateResource.REQUESTS, 1, RateSelector.each()));

        for (String key : List.of("ak_1", "ak_2")) {
            world.world.store.addApiKey(
                    new ApiKeyRecord(key, ACME, "test", null, new AppId("shop"), Instant.EPOCH, null),
                    key.substring(3).repeat(64));
            CallerClaim claim = new CallerClaim(
                    null,
                    ACME,
                    null,
                    new AppId("shop"),
                    null,
                    InvokeSource.HTTP,
                    0,
                    new RequestId("r"),
                    Deadline.in(Duration.ofSeconds(30), world.nanos::get),
                    CallPath.NONE,
                    new ApiKeyId(key));
            world.manager().instance(claim, GPT).invokeLlm(LlmRequest.ofText("hi"));
            assertThatThrownBy(() -> world.manager().instance(claim, GPT).invokeLlm(LlmRequest.ofText("hi")))
                    .isInstanceOf(RateLimitedException.class)
                    .hasMessageContaining("API key " + key);
        }
        world.ask();
        world.ask();
    }

    @Test
    void holdsThePermitOfAToolUntilItsMessagesEnd() {
        limited(RateResource.CONCURRENT, 1);
        Interceptor link = RateInterceptor.of(limiter);
        InvocationTarget tool =
                new InvocationTarget.Tool(new ToolAddress(ToolProviderType.BUILTIN, "time", "now"), null);
        CallerClaim claim = world.claim();
        Invocation call = Invocation.of(claim, tool, new InvocationRequest() {})
                .withCaller(world.manager().caller(claim));
        Interceptor.Next next = new Interceptor.Next() {
            @Override
            public InvocationReply proceed(Invocation invocation) {
                return ToolStream.ofText("noon");
            }

            @Override
            public InvocationReply reenter(Invocation invocation) {
                throw new AssertionError("nobody asks for that");
            }
        };

        ToolStream stream = (ToolStream) link.intercept(call, next);
        assertThatThrownBy(() -> link.intercept(call, next)).isInstanceOf(RateLimitedException.class);
        assertThat(stream.next()).isEqualTo(new ToolInvokeMessage.Text("noon"));
        assertThat(stream.hasNext()).isFalse();
        stream.close();

        ((ToolStream) link.intercept(call, next)).close();
        link.intercept(call, next);
        assertThatThrownBy(() -> link.intercept(call, next)).isInstanceOf(RateLimitedException.class);
    }

    @Test
    void leavesCallsAloneThatNoLimitIsAbout() {
        world.spread("a");
        limited(new RateLimit(
                "other",
                RateSelector.each(),
                RateSelector.only(new AppId("nobody")),
                RateSelector.any(),
                RateSelector.any(),
                RateSelector.any(),
                RateResource.CONCURRENT,
                1,
                Duration.ZERO));

        for (int i = 0; i < 3; i++) {
            world.open();
        }
        assertThat(limiter.acquire(
                        new RateSubject(ACME, new AppId("nobody"), null, null, null),
                        () -> 0,
                        world.claim().deadline(),
                        null))
                .isNotNull();
    }
}
