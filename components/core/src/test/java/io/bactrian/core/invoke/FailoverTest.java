package io.bactrian.core.invoke;

import static io.bactrian.core.invoke.Fixtures.ACME;
import static io.bactrian.core.invoke.Fixtures.GPT;
import static io.bactrian.core.invoke.Fixtures.OPENAI;
import static io.bactrian.core.invoke.Fixtures.PROVIDER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.bactrian.core.balance.BalancingSettings;
import io.bactrian.core.balance.CredentialState;
import io.bactrian.core.config.BalancingEntry;
import io.bactrian.core.config.BalancingStrategy;
import io.bactrian.core.config.ModelBalancing;
import io.bactrian.core.config.ModelFallback;
import io.bactrian.core.credential.CredentialName;
import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.ErrorDetails;
import io.bactrian.core.error.FailureClass;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.error.InvokeTimeoutException;
import io.bactrian.core.error.ProtocolException;
import io.bactrian.core.error.RateLimitedException;
import io.bactrian.core.error.RefusedException;
import io.bactrian.core.error.UnauthorizedException;
import io.bactrian.core.error.UnavailableException;
import io.bactrian.core.model.LlmRequest;
import io.bactrian.core.provider.ModelType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Calls over several credentials whose provider fails in every way: whole answers. */
class FailoverTest {

    private final BalancedWorld world = new BalancedWorld();

    static InvokeException failure(ErrorCode code) {
        return switch (code) {
            case RATE_LIMITED, INSUFFICIENT_QUOTA -> new RateLimitedException(code, code.text());
            case AUTHORIZATION_ERROR, PERMISSION_DENIED -> new UnauthorizedException(code, code.text());
            case TIMEOUT_CONNECT, TIMEOUT_FIRST_BYTE, TIMEOUT_FIRST_TOKEN, TIMEOUT_IDLE ->
                new InvokeTimeoutException(code, code.text());
            case PROTOCOL_ERROR, STREAM_TRUNCATED, RESPONSE_TOO_LARGE -> new ProtocolException(code, code.text());
            case CONTENT_FILTER -> new RefusedException(code, code.text());
            case BAD_REQUEST, CONTEXT_LENGTH_EXCEEDED, MODEL_NOT_FOUND, REQUEST_TOO_LARGE ->
                new BadRequestException(code, code.text());
            default -> new UnavailableException(code, code.text());
        };
    }

    static RateLimitedException later(Duration after) {
        return new RateLimitedException(
                ErrorCode.RATE_LIMITED, "later", new ErrorDetails(after, 429, null, null), null);
    }

    /** A failure whose provider says whether the call is to be made once more. */
    private static Supplier<InvokeException> told(ErrorCode code, boolean shouldRetry) {
        ErrorDetails said = new ErrorDetails(null, 500, null, null, shouldRetry);
        return () -> switch (code) {
            case BAD_REQUEST -> new BadRequestException(code, code.text(), said, null);
            case AUTHORIZATION_ERROR -> new UnauthorizedException(code, code.text(), said, null);
            default -> new UnavailableException(code, code.text(), said, null);
        };
    }

    private static Supplier<InvokeException> failing(ErrorCode code) {
        return () -> failure(code);
    }

    @Test
    void spreadsCallsOverTheKeys() {
        world.spread("a", "b", "c");

        for (int i = 0; i < 9; i++) {
            world.ask();
        }

        assertThat(world.asked).hasSize(9);
        assertThat(world.asked.stream().filter("b"::equals)).hasSize(3);
        assertThat(new HashSet<>(world.asked.subList(0, 3))).hasSize(3);
    }

    @ParameterizedTest
    @EnumSource(
            names = {
                "RATE_LIMITED",
                "INSUFFICIENT_QUOTA",
                "AUTHORIZATION_ERROR",
                "PERMISSION_DENIED",
                "SERVER_UNAVAILABLE",
                "OVERLOADED",
                "CONNECTION_FAILED",
                "NAME_NOT_RESOLVED",
                "TLS_FAILED",
                "TIMEOUT_CONNECT",
                "TIMEOUT_FIRST_BYTE",
                "TIMEOUT_IDLE",
                "PROTOCOL_ERROR"
            })
    @DisplayName("UP-02, UP-06: what another key may do better is asked of another key, and nobody notices")
    void theRouteNeverNotices(ErrorCode code) {
        world.spread("a", "b", "c");
        world.fails("b", failing(code));

        for (int i = 0; i < 30; i++) {
            assertThat(world.ask()).isIn("a", "c");
        }

        assertThat(world.asked.stream().filter("b"::equals))
                .as("it is out after its first failure")
                .hasSize(1);
        assertThat(world.waits).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            names = {
                "BAD_REQUEST",
                "CONTEXT_LENGTH_EXCEEDED",
                "CONTENT_FILTER",
                "REQUEST_TOO_LARGE",
                "MODEL_NOT_FOUND",
                "RESPONSE_TOO_LARGE"
            })
    void asksNobodyElseWhatNobodyWouldAnswer(ErrorCode code) {
        world.spread("a", "b");
        world.fails("a", failing(code));
        world.fails("b", failing(code));

        InvokeException error = catchThrowableOfType(InvokeException.class, world::ask);

        assertThat(error.code()).isEqualTo(code);
        assertThat(world.asked).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(names = {"CONNECTION_LOST", "STREAM_TRUNCATED"})
    @DisplayName("UP-03: a whole answer that was lost after the request was sent is not asked for again")
    void sendsNothingTwiceThatMayHaveArrived(ErrorCode code) {
        world.spread("a", "b");
        world.fails("a", failing(code));
        world.fails("b", failing(code));

        assertThatThrownBy(world::ask).isInstanceOf(InvokeException.class);

        assertThat(world.asked).hasSize(1);
    }

    @Test
    @DisplayName("UP-01: with nobody else to ask, a short wish is waited for and a long one is told")
    void waitsForTheOnlyOneIfItsProviderSaysSo() {
        world.spread("a");
        world.failsOnce("a", () -> later(Duration.ofSeconds(2)));
        assertThat(world.ask()).isEqualTo("a");
        assertThat(world.waits).containsExactly(Duration.ofSeconds(2));

        world.fails("a", () -> later(Duration.ofSeconds(20)));
        InvokeException error = catchThrowableOfType(InvokeException.class, world::ask);
        assertThat(error.retryAfter()).contains(Duration.ofSeconds(20));
        assertThat(world.waits).hasSize(1);
    }

    @Test
    void waitsLongerEachTimeAndGivesUpAfterTheLastRetry() {
        world.spread("a");
        world.fails("a", failing(ErrorCode.SERVER_UNAVAILABLE));

        assertThatThrownBy(world::ask).isInstanceOf(UnavailableException.class);

        assertThat(world.asked).hasSize(3);
        assertThat(world.waits).hasSize(2);
        assertThat(world.waits.get(0)).isBetween(Duration.ofMillis(250), Duration.ofMillis(500));
        assertThat(world.waits.get(1)).isBetween(Duration.ofMillis(500), Duration.ofSeconds(1));
    }

    @Test
    void makesACallOnceMoreThatItsProviderWantsOnceMore() {
        world.spread("a");
        world.failsOnce("a", told(ErrorCode.BAD_REQUEST, true));

        assertThat(world.ask()).isEqualTo("a");

        assertThat(world.asked).hasSize(2);
        assertThat(world.waits).hasSize(1);
    }

    @Test
    void asksAnotherKeyForACallThatItsProviderWantsOnceMore() {
        world.spread("a", "b");
        world.fails("a", told(ErrorCode.BAD_REQUEST, true));

        for (int i = 0; i < 6; i++) {
            assertThat(world.ask()).isEqualTo("b");
        }

        assertThat(world.asked.stream().filter("a"::equals))
                .as("a fault in the request cools no key")
                .hasSizeGreaterThan(1);
    }

    @Test
    void givesUpAsOftenAsItIsToldToTryAgain() {
        world.spread("a");
        world.fails("a", told(ErrorCode.BAD_REQUEST, true));

        assertThatThrownBy(world::ask).isInstanceOf(BadRequestException.class);

        assertThat(world.asked).hasSize(1 + BalancingSettings.DEFAULTS.retries());
    }

    @Test
    void makesNoCallOnceMoreThatItsProviderDoesNotWant() {
        world.spread("a");
        world.failsOnce("a", told(ErrorCode.SERVER_UNAVAILABLE, false));

        InvokeException error = catchThrowableOfType(InvokeException.class, world::ask);

        assertThat(error.retriable()).isFalse();
        assertThat(world.asked).containsExactly("a");
        assertThat(world.waits).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"SERVER_UNAVAILABLE", "AUTHORIZATION_ERROR"})
    void asksAnotherKeyWhereAProviderSpeaksForOne(ErrorCode code) {
        world.spread("a", "b");
        world.fails("a", told(code, false));

        for (int i = 0; i < 4; i++) {
            assertThat(world.ask()).isEqualTo("b");
        }
    }

    @RepeatedTest(20)
    void triesThoseOnceMoreWhoseProvidersDoNotMind() {
        world.spread("a", "b");
        world.fails("a", told(ErrorCode.SERVER_UNAVAILABLE, false));
        world.failsOnce("b", failing(ErrorCode.OVERLOADED));

        assertThat(world.ask()).isEqualTo("b");

        assertThat(world.asked).containsOnlyOnce("a").hasSize(3);
        assertThat(world.waits).hasSize(1);
    }

    @Test
    void waitsForWhoWasOutAndNotForWhoWasAsked() {
        world.spread("a", "b", "c");
        world.fails("b", () -> later(Duration.ofSeconds(4)));
        world.fails("c", () -> later(Duration.ofSeconds(4)));
        for (int i = 0; i < 3; i++) {
            assertThat(world.ask()).isEqualTo("a");
        }
        world.asked.clear();
        world.fails("a", () -> later(Duration.ofSeconds(1)));
        world.failsOnce("b", failing(ErrorCode.OVERLOADED));
        world.failsOnce("c", () -> null);

        assertThat(world.ask()).isIn("b", "c");

        assertThat(world.asked).startsWith("a");
        assertThat(world.waits).as("each wait is for somebody").hasSizeLessThan(4);
    }

    @Test
    @DisplayName("UP-03: nor is it if a provider wants it: the one who says so may not be the one who answered")
    void sendsNothingTwiceThatMayHaveArrivedWhateverIsSaid() {
        world.spread("a", "b");
        world.fails("a", told(ErrorCode.CONNECTION_LOST, true));
        world.fails("b", told(ErrorCode.CONNECTION_LOST, true));

        assertThatThrownBy(world::ask).isInstanceOf(InvokeException.class);

        assertThat(world.asked).hasSize(1);
    }

    @Test
    void neverWaitsBeyondTheDeadline() {
        world.spread("a");
        world.fails("a", failing(ErrorCode.SERVER_UNAVAILABLE));

        assertThatThrownBy(() -> world.manager()
                        .instance(world.claim(Duration.ofMillis(100)), GPT)
                        .invokeLlm(LlmRequest.ofText("x")))
                .isInstanceOf(UnavailableException.class);

        assertThat(world.waits).isEmpty();
        assertThat(world.asked).hasSize(1);
    }

    @Test
    void triesAllOnceMoreAfterAWait() {
        world.spread("a", "b");
        world.failsOnce("a", failing(ErrorCode.OVERLOADED));
        world.failsOnce("b", failing(ErrorCode.OVERLOADED));

        assertThat(world.ask()).isIn("a", "b");

        assertThat(world.asked).hasSize(3);
        assertThat(world.waits).hasSize(1);
        assertThat(world.waits.get(0))
                .as("until the first is tried again")
                .isGreaterThanOrEqualTo(Duration.ofSeconds(1));
    }

    @Test
    @DisplayName("UP-07: with all of them out a call is refused at once, with the earliest time, and nobody is asked")
    void refusesAtOnceWhileAllAreOut() {
        world.spread("a", "b", "c");
        world.fails("a", () -> later(Duration.ofSeconds(60)));
        world.fails("b", () -> later(Duration.ofSeconds(40)));
        world.fails("c", () -> later(Duration.ofSeconds(90)));
        InvokeException first = catchThrowableOfType(InvokeException.class, world::ask);
        assertThat(first.code()).isEqualTo(ErrorCode.RATE_LIMITED);
        assertThat(first.retryAfter()).as("the first of all").contains(Duration.ofSeconds(40));
        world.asked.clear();
        world.nanos.addAndGet(Duration.ofSeconds(10).toNanos());

        RateLimitedException error = catchThrowableOfType(RateLimitedException.class, world::ask);

        assertThat(world.asked).isEmpty();
        assertThat(error.code().httpStatus()).isEqualTo(429);
        assertThat(error.retryAfter()).contains(Duration.ofSeconds(30));
        assertThat(error)
                .hasMessageContaining("all 3 credentials of tenant 'acme'")
                .hasMessageContaining("30 s");
        world.nanos.addAndGet(Duration.ofSeconds(31).toNanos());
        world.failures.clear();
        assertThat(world.ask()).isEqualTo("b");
    }

    @Test
    @DisplayName("UP-06: all keys bad: a clear error")
    void saysThatAllAreRefused() {
        world.spread("a", "b");
        world.fails("a", failing(ErrorCode.AUTHORIZATION_ERROR));
        world.fails("b", failing(ErrorCode.AUTHORIZATION_ERROR));

        assertThatThrownBy(world::ask).isInstanceOf(UnauthorizedException.class);
        assertThat(world.asked).hasSize(2);
    }

    @Test
    void tellsOfSeveralFailuresTheOneThereIsHopeIn() {
        world.spread("a", "b");
        world.fails("a", () -> later(Duration.ofSeconds(30)));
        world.fails("b", failing(ErrorCode.AUTHORIZATION_ERROR));

        InvokeException error = catchThrowableOfType(InvokeException.class, world::ask);

        assertThat(error.code()).isEqualTo(ErrorCode.RATE_LIMITED);
        assertThat(error.retryAfter()).contains(Duration.ofSeconds(30));
    }

    @Test
    void makesNoMoreAttemptsThanItMay() {
        world.settings = new BalancingSettings(
                0,
                Duration.ofMillis(1),
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                Duration.ofHours(1),
                3,
                null);
        String[] keys = Stream.of("a b c d e f g h".split(" ")).toArray(String[]::new);
        world.spread(keys);
        for (String key : keys) {
            world.fails(key, failing(ErrorCode.SERVER_UNAVAILABLE));
        }

        assertThatThrownBy(world::ask).isInstanceOf(UnavailableException.class);

        assertThat(world.asked).hasSize(3);
    }

    @Test
    void usesTheNamedCredentialAndNoOther() {
        world.spread("a", "b");
        world.fails("a", failing(ErrorCode.AUTHORIZATION_ERROR));
        InvocationTarget named = new InvocationTarget.Model(OPENAI, "gpt-4o", ModelType.LLM, new CredentialName("a"));

        assertThatThrownBy(() -> world.manager().instance(world.claim(), named).invokeLlm(LlmRequest.ofText("x")))
                .isInstanceOf(UnauthorizedException.class);

        assertThat(world.asked).containsExactly("a");
    }

    @Test
    void inheritStandsForTheCredentialInForce() {
        var own = world.world.add(ACME, PROVIDER, "own", "own");
        var other = world.world.add(ACME, PROVIDER, "other", "other");
        world.world.store.activateCredential(ACME, PROVIDER, own);
        world.world.store.setBalancing(
                ACME,
                OPENAI,
                new ModelBalancing(
                        "gpt-4o",
                        ModelType.LLM,
                        true,
                        BalancingStrategy.ROUND_ROBIN,
                        false,
                        List.of(BalancingEntry.inherit(), BalancingEntry.of(other)),
                        List.of()));

        assertThat(Set.of(world.ask(), world.ask())).containsExactlyInAnyOrder("own", "other");
    }

    @Test
    void oneThatIsLeftOfSeveralPaysAsAnyCredentialDoes() {
        world.spread("a", "b");
        var left = world.world
                .store
                .provider(ACME, OPENAI)
                .orElseThrow()
                .credentials()
                .get(1)
                .id();
        world.world.store.removeCredential(
                ACME,
                PROVIDER,
                world.world
                        .store
                        .provider(ACME, OPENAI)
                        .orElseThrow()
                        .credentials()
                        .get(0)
                        .id());

        assertThat(world.ask()).isEqualTo("b");

        world.world.store.removeCredential(ACME, PROVIDER, left);
        world.world.store.activateCredential(ACME, PROVIDER, world.world.add(ACME, PROVIDER, "new", "new"));
        assertThat(world.ask()).as("nothing is left to spread calls over").isEqualTo("new");
    }

    @Test
    void callsThatArePaidFromOnePurseShareItsPools() {
        world.spread("a", "b");
        Resolution all = world.manager().resolver().resolve(ACME, GPT);

        Resolution first = all.purse(0, 1);

        assertThat(first.candidates()).containsExactly(all.candidates().get(0));
        assertThat(all.purse(0, 1)).isSameAs(first);
        assertThat(all.purse(1, 2).candidates())
                .containsExactly(all.candidates().get(1));
        assertThat(all.purse(0, 2)).isSameAs(all);
    }

    @Test
    void everyAttemptCanBeSeen() {
        world.spread("a", "b", "c");
        world.fails("a", failing(ErrorCode.RATE_LIMITED));
        world.fails("b", failing(ErrorCode.AUTHORIZATION_ERROR));
        List<CallTrace> traces = new ArrayList<>();
        world.world.interceptors.add(new Interceptor() {
            @Override
            public Phase phase() {
                return Phase.TENANT;
            }

            @Override
            public InvocationReply intercept(Invocation invocation, Next next) {
                traces.add(invocation.trace());
                return next.proceed(invocation);
            }
        });

        for (int i = 0; i < 3; i++) {
            assertThat(world.ask()).isEqualTo("c");
        }

        List<FailedAttempt> failed = traces.stream()
                .flatMap(trace -> trace.failedAttempts().stream())
                .toList();
        assertThat(failed)
                .extracting(FailedAttempt::toString)
                .containsExactlyInAnyOrder(GPT + " with 'a': rate_limit_error", GPT + " with 'b': authorization_error");
        assertThat(traces.get(0).attempts())
                .isEqualTo(1 + traces.get(0).failedAttempts().size());
        assertThat(world.manager()
                        .resolver()
                        .resolve(ACME, GPT)
                        .states(world.manager().balancing()))
                .extracting(CredentialState::errors)
                .containsExactly(1L, 1L, 0L);
    }

    static Stream<Arguments> fallbacks() {
        return Stream.of(
                Arguments.of(ErrorCode.RATE_LIMITED, FailureClass.USUAL_FALLBACK, true),
                Arguments.of(ErrorCode.SERVER_UNAVAILABLE, FailureClass.USUAL_FALLBACK, true),
                Arguments.of(ErrorCode.AUTHORIZATION_ERROR, FailureClass.USUAL_FALLBACK, true),
                Arguments.of(ErrorCode.CONTEXT_LENGTH_EXCEEDED, FailureClass.USUAL_FALLBACK, false),
                Arguments.of(ErrorCode.CONTEXT_LENGTH_EXCEEDED, Set.of(FailureClass.CONTEXT_LENGTH), true),
                Arguments.of(ErrorCode.CONTENT_FILTER, Set.of(FailureClass.CONTENT_REFUSED), true),
                Arguments.of(ErrorCode.MODEL_NOT_FOUND, Set.of(FailureClass.MODEL_NOT_FOUND), true),
                Arguments.of(ErrorCode.RATE_LIMITED, Set.of(FailureClass.CONTEXT_LENGTH), false),
                Arguments.of(ErrorCode.BAD_REQUEST, FailureClass.USUAL_FALLBACK, false));
    }

    @ParameterizedTest
    @MethodSource("fallbacks")
    void asksTheFallbackAfterFailuresOfItsKindsOnly(ErrorCode code, Set<FailureClass> on, boolean asked) {
        world.settings = BalancingSettings.DEFAULTS.withRetries(0);
        world.spread(BalancingStrategy.ROUND_ROBIN, List.of(new ModelFallback(Fixtures.LOCAL, "tiny", on)), "a", "b");
        world.fails("a", failing(code));
        world.fails("b", failing(code));

        if (asked) {
            assertThat(world.ask()).isEqualTo("no key");
        } else {
            InvokeException error = catchThrowableOfType(InvokeException.class, world::ask);
            assertThat(error.code()).isEqualTo(code);
            assertThat(world.asked).doesNotContain("no key");
        }
    }

    @Test
    void theFallbackPassesTheChainAnew() {
        world.settings = BalancingSettings.DEFAULTS.withRetries(0);
        world.spread(
                BalancingStrategy.ROUND_ROBIN,
                List.of(ModelFallback.of(Fixtures.LOCAL, "tiny"), ModelFallback.of(OPENAI, "gpt-4o-mini")),
                "a");
        world.fails("a", failing(ErrorCode.OVERLOADED));
        List<String> judged = new ArrayList<>();
        world.world.accessPolicies.add((caller, target) -> {
            judged.add(target.toString());
            return target.toString().startsWith("local")
                    ? java.util.Optional.of("not for you")
                    : java.util.Optional.empty();
        });

        InvokeException error = catchThrowableOfType(InvokeException.class, world::ask);

        assertThat(error.code()).as("of the model that was named").isEqualTo(ErrorCode.OVERLOADED);
        assertThat(judged).containsExactly("openai/gpt-4o (llm)", "local/tiny (llm)", "openai/gpt-4o-mini (llm)");
        assertThat(error.getSuppressed()).hasSize(2);
    }

    @Test
    void fallbacksThatPointAtEachOtherEnd() {
        world.settings = BalancingSettings.DEFAULTS.withRetries(0);
        world.spread(BalancingStrategy.ROUND_ROBIN, List.of(ModelFallback.of(OPENAI, "gpt-4o-mini")), "a");
        world.world.store.setBalancing(
                ACME,
                OPENAI,
                new ModelBalancing(
                        "gpt-4o-mini",
                        ModelType.LLM,
                        false,
                        BalancingStrategy.ROUND_ROBIN,
                        false,
                        List.of(),
                        List.of(ModelFallback.of(OPENAI, "gpt-4o"))));
        world.fails("a", failing(ErrorCode.OVERLOADED));

        assertThatThrownBy(world::ask).isInstanceOf(UnavailableException.class);

        assertThat(world.asked).containsExactly("a", "a");
    }
}
