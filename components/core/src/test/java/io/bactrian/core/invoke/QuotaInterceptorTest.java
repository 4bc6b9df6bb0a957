package io.bactrian.core.invoke;

import static io.bactrian.core.invoke.Fixtures.ACME;
import static io.bactrian.core.invoke.Fixtures.GPT;
import static io.bactrian.core.invoke.Fixtures.OPENAI;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.bactrian.core.config.SystemProvider.HostingQuota;
import io.bactrian.core.credential.Credentials;
import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.error.InvokeTimeoutException;
import io.bactrian.core.error.MisconfiguredException;
import io.bactrian.core.error.ProtocolException;
import io.bactrian.core.error.RateLimitedException;
import io.bactrian.core.error.UnavailableException;
import io.bactrian.core.model.FinishReason;
import io.bactrian.core.model.LlmRequest;
import io.bactrian.core.model.LlmResult;
import io.bactrian.core.model.LlmResultChunk;
import io.bactrian.core.model.ModelParameters;
import io.bactrian.core.model.ModelStream;
import io.bactrian.core.model.PromptMessage;
import io.bactrian.core.model.TokenUsage;
import io.bactrian.core.provider.AIModelEntity;
import io.bactrian.core.provider.ConfigurateMethod;
import io.bactrian.core.provider.ModelPricing;
import io.bactrian.core.provider.ModelType;
import io.bactrian.core.provider.ParameterValue;
import io.bactrian.core.quota.Alarm;
import io.bactrian.core.quota.BudgetRule;
import io.bactrian.core.quota.Budgets;
import io.bactrian.core.quota.MemoryQuotaLedger;
import io.bactrian.core.quota.ModelCredits;
import io.bactrian.core.quota.QuotaAccount;
import io.bactrian.core.quota.QuotaLimit;
import io.bactrian.core.quota.QuotaPeriod;
import io.bactrian.core.quota.QuotaUnit;
import io.bactrian.core.quota.QuotaUsage;
import io.bactrian.core.tenant.AppId;
import io.bactrian.core.tenant.Caller;
import io.bactrian.core.tenant.CallerClaim;
import io.bactrian.core.tenant.Deadline;
import io.bactrian.core.tenant.InvokeSource;
import io.bactrian.core.tenant.RequestId;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The quota link alone, with a ledger behind it and a chain's rest that does what a test says. */
class QuotaInterceptorTest {

    private static final QuotaPeriod EVER = new QuotaPeriod.Unbounded();
    private static final AppId SHOP = new AppId("shop");
    private static final TokenUsage SEVEN = new TokenUsage(5, 0, 0, 0, 2, 0, 0);

    private final MemoryQuotaLedger ledger = new MemoryQuotaLedger(Alarm.SILENT, Clock.systemUTC(), System::nanoTime);
    private final List<BudgetRule> budgets = new ArrayList<>();
    private final List<Candidate> candidates = new ArrayList<>();
    private final AtomicLong ids = new AtomicLong();
    private final List<String> paid = new ArrayList<>();
    private ModelPricing pricing =
            new ModelPricing(new BigDecimal("2"), new BigDecimal("8"), null, new BigDecimal("0.000001"), "USD");
    private Function<Invocation, InvocationReply> rest = invocation -> answer(SEVEN);

    private static LlmResult answer(@Nullable TokenUsage usage) {
        return new LlmResult(
                "1", "gpt-4o", new PromptMessage.Assistant("12345678"), FinishReason.STOP, usage, null, null);
    }

    private void own() {
        candidates.add(candidate(CredentialSource.CUSTOM_PROVIDER, "own", null));
    }

    private void hosted(String type, String unit, long limit) {
        candidates.add(candidate(CredentialSource.HOSTED, "house-" + type, new HostingQuota(type, unit, limit)));
    }

    private static Candidate candidate(CredentialSource source, String name, @Nullable HostingQuota quota) {
        return new Candidate(new CredentialRef(source, OPENAI, name, name, 1), Credentials.NONE, "gpt-4o", quota);
    }

    private void budget(QuotaUnit unit, long limit) {
        budgets.add(new BudgetRule(
                "b-" + unit.text().replace(':', '-'), ACME, new BudgetRule.Apps.All(), unit, limit, EVER));
    }

    private Invocation invocation(String id, LlmRequest request) {
        CallerClaim claim = new CallerClaim(
                null,
                ACME,
                null,
                SHOP,
                null,
                InvokeSource.ROUTE,
                0,
                new RequestId(id),
                Deadline.in(Duration.ofSeconds(30)));
        Caller caller = new Caller(ACME, null, SHOP, null, InvokeSource.ROUTE, 0, claim.requestId(), claim.deadline());
        return Invocation.of(claim, GPT, request).withCaller(caller).withResolution(resolution());
    }

    private Resolution resolution() {
        AIModelEntity model = new AIModelEntity(
                "gpt-4o",
                "gpt-4o",
                ModelType.LLM,
                ConfigurateMethod.PREDEFINED_MODEL,
                Set.of(),
                1_000,
                null,
                false,
                List.of(),
                true,
                pricing);
        return new Resolution(ACME, GPT, Fixtures.openai(), model, candidates, List.of(), null);
    }

    private static LlmRequest question() {
        return LlmRequest.ofText("hello")
                .withParameters(ModelParameters.of(Map.of("max_tokens", new ParameterValue.Number(BigDecimal.TEN))));
    }

    private QuotaInterceptor link() {
        return QuotaInterceptor.of(
                new QuotaParts(ledger, new Budgets(budgets), new ModelCredits(Map.of("openai/gpt-4o", 3L))));
    }

    private InvocationReply call() {
        return call(link(), invocation("r-" + ids.incrementAndGet(), question()));
    }

    private InvocationReply call(QuotaInterceptor link, Invocation invocation) {
        return link.intercept(invocation, next(link));
    }

    private Interceptor.Next next(QuotaInterceptor link) {
        return new Interceptor.Next() {
            @Override
            public InvocationReply proceed(Invocation invocation) {
                invocation.resolution().candidates().forEach(ref -> paid.add(ref.name()));
                invocation.trace().attempt();
                return rest.apply(invocation);
            }

            @Override
            public InvocationReply reenter(Invocation invocation) {
                return link.intercept(invocation.withResolution(resolution()), this);
            }
        };
    }

    private QuotaUsage hostedUsage(String type, QuotaUnit unit, long limit) {
        return ledger.usage(
                new QuotaLimit(new QuotaAccount.Hosted(ACME, OPENAI, "house-" + type, type), unit, limit, EVER));
    }

    private long used(QuotaUnit unit, long limit) {
        QuotaUsage usage = ledger.usage(new QuotaLimit(
                new QuotaAccount.Budget(ACME, null, "b-" + unit.text().replace(':', '-')), unit, limit, EVER));
        assertThat(usage.held()).as("nothing is held for a call that is over").isZero();
        return usage.used();
    }

    private static UnavailableException overloaded() {
        return new UnavailableException(ErrorCode.OVERLOADED, "busy");
    }

    @Test
    void settlesByWhatWasUsed() {
        own();
        QuotaUnit.Money usd = new QuotaUnit.Money("USD");
        budget(QuotaUnit.TIMES, 10);
        budget(QuotaUnit.TOKENS, 1_000);
        budget(QuotaUnit.CREDITS, 10);
        budget(usd, 1_000_000);

        call();

        assertThat(used(QuotaUnit.TIMES, 10)).isEqualTo(1);
        assertThat(used(QuotaUnit.TOKENS, 1_000)).isEqualTo(7);
        assertThat(used(QuotaUnit.CREDITS, 10)).isEqualTo(3);
        assertThat(used(usd, 1_000_000)).as("5 × 2 + 2 × 8 millionths").isEqualTo(26);
    }

    @Test
    void holdsWhatTheCallMayUseAtMostWhileItIsUnderWay() {
        own();
        budget(QuotaUnit.TOKENS, 1_000);
        List<Long> held = new ArrayList<>();
        rest = invocation -> {
            held.add(ledger.usage(new QuotaLimit(
                            new QuotaAccount.Budget(ACME, null, "b-tokens"), QuotaUnit.TOKENS, 1_000, EVER))
                    .held());
            return answer(SEVEN);
        };

        call();

        // 5 bytes, 16 around the message, 16 around the prompt, 10 of the answer
        assertThat(held).containsExactly(47L);
    }

    @Test
    void refusesBeforeAnythingIsSentWhatABudgetDoesNotAllow() {
        own();
        budget(QuotaUnit.TOKENS, 46);

        RateLimitedException refused = catchThrowableOfType(RateLimitedException.class, this::call);

        assertThat(refused.code()).isEqualTo(ErrorCode.PROVIDER_QUOTA_EXCEEDED);
        assertThat(paid).isEmpty();
        assertThat(used(QuotaUnit.TOKENS, 46)).isZero();
    }

    @Test
    void letsCallsPassThatNothingLimits() {
        own();
        hosted("paid", "times", -1);
        InvocationReply[] seen = new InvocationReply[1];
        rest = invocation -> {
            assertThat(invocation.resolution().candidates()).hasSize(2);
            return seen[0] = answer(SEVEN);
        };

        assertThat(call()).isSameAs(seen[0]);
    }

    @Test
    @DisplayName("Purses are tried one after the other: paid, free, trial, each with its own limit")
    void goesOnToTheNextPurseWhenOneIsUsedUp() {
        hosted("paid", "times", 1);
        hosted("free", "credits", 3);
        hosted("trial", "tokens", 60);

        for (int i = 0; i < 3; i++) {
            call();
        }

        assertThat(paid).containsExactly("house-paid", "house-free", "house-trial");
        assertThat(hostedUsage("paid", QuotaUnit.TIMES, 1).used()).isEqualTo(1);
        assertThat(hostedUsage("free", QuotaUnit.CREDITS, 3).used()).isEqualTo(3);
        assertThat(hostedUsage("trial", QuotaUnit.TOKENS, 60).used()).isEqualTo(7);
        call();
        RateLimitedException refused = catchThrowableOfType(RateLimitedException.class, () -> {
            while (true) {
                call();
            }
        });
        assertThat(refused).hasMessageContaining("house-paid").hasNoCause();
        assertThat(refused.getSuppressed()).hasSize(2);
    }

    @Test
    void goesOnToTheNextPurseWhenACallFailsInAWayThatPassesOn() {
        own();
        hosted("paid", "times", 5);
        rest = invocation -> {
            if (paid.size() == 1) {
                throw new RateLimitedException(ErrorCode.INSUFFICIENT_QUOTA, "no money left");
            }
            return answer(SEVEN);
        };

        call();

        assertThat(paid).containsExactly("own", "house-paid");
        assertThat(hostedUsage("paid", QuotaUnit.TIMES, 5).used()).isEqualTo(1);
    }

    @Test
    void spendsNothingOfTheOperatorsBecauseTheTenantsOwnProviderIsBusy() {
        own();
        hosted("paid", "times", 5);
        rest = invocation -> {
            throw overloaded();
        };

        assertThatThrownBy(this::call).isInstanceOf(UnavailableException.class);

        assertThat(paid).containsExactly("own");
    }

    @Test
    void tellsTheFirstErrorWhenNoPurseIsLeft() {
        hosted("paid", "times", 5);
        hosted("trial", "times", 5);
        rest = invocation -> {
            throw paid.size() == 1 ? overloaded() : new RateLimitedException(ErrorCode.RATE_LIMITED, "later");
        };

        UnavailableException failed = catchThrowableOfType(UnavailableException.class, this::call);

        assertThat(failed.code()).isEqualTo(ErrorCode.OVERLOADED);
        assertThat(failed.getSuppressed()).hasSize(1);
        assertThat(hostedUsage("paid", QuotaUnit.TIMES, 5).used()).isZero();
    }

    @Test
    void doesNotAskAnotherPurseWhereTheCallItselfIsAtFault() {
        own();
        hosted("paid", "times", 5);
        rest = invocation -> {
            throw new BadRequestException(ErrorCode.BAD_REQUEST, "no such thing");
        };

        assertThatThrownBy(this::call).isInstanceOf(BadRequestException.class);
        assertThat(paid).containsExactly("own");
    }

    @Test
    void givesBackWhatWasNotBilled() {
        own();
        budget(QuotaUnit.TOKENS, 1_000);
        for (InvokeException failure : List.of(
                overloaded(),
                new UnavailableException(ErrorCode.CONNECTION_FAILED, "no way"),
                new RateLimitedException(ErrorCode.RATE_LIMITED, "slower"),
                new BadRequestException(ErrorCode.BAD_REQUEST, "no"))) {
            rest = invocation -> {
                throw failure;
            };
            assertThatThrownBy(this::call).isSameAs(failure);
        }
        assertThat(used(QuotaUnit.TOKENS, 1_000)).isZero();
    }

    @Test
    void chargesThePromptWhereTheProviderMayBillIt() {
        own();
        budget(QuotaUnit.TOKENS, 1_000);
        rest = invocation -> {
            throw new InvokeTimeoutException(ErrorCode.TIMEOUT_FIRST_BYTE, "silence");
        };
        assertThatThrownBy(this::call).isInstanceOf(InvokeTimeoutException.class);
        assertThat(used(QuotaUnit.TOKENS, 1_000)).isEqualTo(37);

        rest = invocation -> {
            throw new IllegalStateException("a fault of the house");
        };
        assertThatThrownBy(this::call).isInstanceOf(IllegalStateException.class);
        assertThat(used(QuotaUnit.TOKENS, 1_000)).isEqualTo(74);
    }

    @Test
    void takesAQuarterOfTheBytesForTokensWhereTheProviderSaysNothing() {
        own();
        budget(QuotaUnit.TOKENS, 1_000);
        rest = invocation -> answer(null);

        call();

        assertThat(used(QuotaUnit.TOKENS, 1_000)).isEqualTo(37 + 2);
    }

    private static LlmResultChunk chunk(String text, @Nullable FinishReason finish, @Nullable TokenUsage usage) {
        return new LlmResultChunk("1", "gpt-4o", text, "", List.of(), finish, usage, null);
    }

    /** A stream of these pieces; the error comes after them, if there is one. */
    private static ModelStream stream(@Nullable RuntimeException error, LlmResultChunk... chunks) {
        Iterator<LlmResultChunk> pieces = Arrays.asList(chunks).iterator();
        return new ModelStream() {
            private volatile boolean closed;

            @Override
            public boolean hasNext() {
                if (!closed && !pieces.hasNext() && error != null) {
                    throw error;
                }
                return !closed && pieces.hasNext();
            }

            @Override
            public LlmResultChunk next() {
                return pieces.next();
            }

            @Override
            public void close() {
                closed = true;
            }
        };
    }

    private ModelStream streamed() {
        return (ModelStream)
                call(link(), invocation("r-" + ids.incrementAndGet(), question().streaming(true)));
    }

    @Test
    void settlesAStreamAtItsEndByItsUsage() {
        own();
        budget(QuotaUnit.TOKENS, 1_000);
        rest = invocation ->
                stream(null, chunk("a", null, null), chunk("b", FinishReason.STOP, null), chunk("", null, SEVEN));

        try (ModelStream stream = streamed()) {
            assertThat(stream.collect().usage()).isEqualTo(SEVEN);
        }

        assertThat(used(QuotaUnit.TOKENS, 1_000)).isEqualTo(7);
    }

    /** How many tokens a stream is charged that fails before its first piece. */
    private long chargedForAStreamThatFailsAtOnce(RuntimeException error) {
        own();
        budget(QuotaUnit.TOKENS, 10_000);
        rest = invocation -> {
            invocation.trace().attempt();
            return stream(error);
        };
        assertThatThrownBy(() -> streamed().collect()).isSameAs(error);
        return used(QuotaUnit.TOKENS, 10_000);
    }

    @Test
    void chargesNothingForAStreamThatFailsBeforeItsFirstPieceAndThatNobodyBills() {
        assertThat(chargedForAStreamThatFailsAtOnce(overloaded())).isZero();
    }

    @Test
    void chargesThePromptOfAStreamThatFailsBeforeItsFirstPieceAndThatMayBeBilled() {
        assertThat(chargedForAStreamThatFailsAtOnce(new ProtocolException(ErrorCode.STREAM_TRUNCATED, "it broke off")))
                .isPositive();
    }

    @Test
    @DisplayName("STR-08: a stream that is closed early is settled once, by its prompt and what was delivered")
    void settlesAStreamThatIsClosedEarly() {
        own();
        budget(QuotaUnit.TOKENS, 1_000);
        rest = invocation -> stream(
                null,
                chunk("a", null, null),
                chunk("b", null, null),
                chunk("c", null, null),
                chunk("d", FinishReason.STOP, SEVEN));
        ModelStream stream = streamed();
        stream.next();
        stream.next();
        stream.next();
        stream.close();
        stream.close();
        assertThat(stream.hasNext()).isFalse();

        // 37 of the prompt; three pieces are at least three tokens
        assertThat(used(QuotaUnit.TOKENS, 1_000)).isEqualTo(40);
    }

    @Test
    @DisplayName("STR-01: a stream that breaks off is settled by what is known and what was delivered")
    void settlesAStreamThatBreaksOff() {
        own();
        budget(QuotaUnit.TOKENS, 1_000);
        UnavailableException lost = new UnavailableException(ErrorCode.CONNECTION_LOST, "gone");
        rest = invocation -> stream(
                lost, chunk("x".repeat(40), null, new TokenUsage(6, 0, 0, 0, 1, 0, 0)), chunk("yyyy", null, null));

        assertThatThrownBy(() -> streamed().collect()).isSameAs(lost);

        assertThat(used(QuotaUnit.TOKENS, 1_000))
                .as("6 of the prompt, 44 bytes")
                .isEqualTo(6 + 11);
    }

    @Test
    void settlesByFullUsageIfItIsKnownThoughNobodyReadsToTheEnd() {
        own();
        budget(QuotaUnit.TOKENS, 1_000);
        rest = invocation -> stream(null, chunk("a", FinishReason.STOP, SEVEN), chunk("", null, null));
        ModelStream stream = streamed();
        stream.next();
        stream.close();

        assertThat(used(QuotaUnit.TOKENS, 1_000)).isEqualTo(7);
    }

    @Test
    @DisplayName(
            "CONC-02: two calls of one request id at once are one charge and one call; one after the other are two")
    void makesOneCallOfARequestIdAtATime() {
        own();
        budget(QuotaUnit.TIMES, 10);
        QuotaInterceptor link = link();
        Invocation invocation = invocation("same", question());
        List<Throwable> inside = new ArrayList<>();
        rest = first -> {
            rest = second -> answer(SEVEN);
            inside.add(
                    catchThrowableOfType(BadRequestException.class, () -> call(link, invocation("same", question()))));
            return answer(SEVEN);
        };

        call(link, invocation);
        assertThat(inside).singleElement().satisfies(refused -> assertThat(refused)
                .hasMessageContainingAll("'same'", "under way"));
        assertThat(paid).hasSize(1);
        assertThat(used(QuotaUnit.TIMES, 10)).isEqualTo(1);

        call(link, invocation("same", question()));
        call(link, invocation("same", question()));
        assertThat(used(QuotaUnit.TIMES, 10)).isEqualTo(3);
    }

    @Test
    void replacesWhatWasReservedWhenAnotherModelIsAsked() {
        own();
        budget(QuotaUnit.TOKENS, 50);
        QuotaInterceptor link = link();
        Interceptor.Next next = next(link);
        rest = invocation -> {
            if (invocation.reentries() == 0) {
                return next.reenter(invocation.retargeted(GPT));
            }
            return answer(SEVEN);
        };

        call(link, invocation("r", question()));

        assertThat(paid).hasSize(2);
        assertThat(used(QuotaUnit.TOKENS, 50))
                .as("both at once would have been too much")
                .isEqualTo(7);
    }

    @Test
    void refusesMoneyThatCannotBeCountedAndAnswersWithoutAnEnd() {
        own();
        budget(new QuotaUnit.Money("EUR"), 1_000);
        assertThatThrownBy(this::call)
                .isInstanceOf(MisconfiguredException.class)
                .hasMessageContaining("no price in EUR");

        pricing = null;
        assertThatThrownBy(this::call).isInstanceOf(MisconfiguredException.class);
        assertThat(paid).isEmpty();
    }
}
