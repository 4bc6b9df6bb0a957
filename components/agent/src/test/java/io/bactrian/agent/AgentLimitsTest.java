package io.bactrian.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.invoke.InvocationTarget;
import io.bactrian.core.model.FinishReason;
import io.bactrian.core.model.LlmRequest;
import io.bactrian.core.model.LlmResult;
import io.bactrian.core.model.Price;
import io.bactrian.core.model.PromptMessage;
import io.bactrian.core.model.TokenUsage;
import io.bactrian.core.provider.ModelPricing;
import io.bactrian.core.provider.ModelType;
import io.bactrian.core.tenant.RequestId;
import io.bactrian.core.tool.ToolStream;
import java.math.BigDecimal;
import java.util.List;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a run may use: turns, tokens, money. */
class AgentLimitsTest extends AgentTestBase {

    private static final ModelPricing PRICING =
            new ModelPricing(new BigDecimal("1"), new BigDecimal("2"), null, new BigDecimal("0.1"), "USD");

    @BeforeEach
    void declareTools() {
        tools.text("city", "weather", (what, runtime) -> "Rain");
    }

    private void callForEver() {
        for (int i = 0; i < 200; i++) {
            model.call("weather", "{}");
        }
    }

    @Test
    void asksWithoutToolsOnceItsTurnsAreUsedUp() {
        model.call("weather", "{}").call("weather", "{}").reply("As far as I know.");
        start();

        AgentResult result = ask(WITH_TOOLS + "&maxIterations=2", "hello");

        assertThat(result.status()).isEqualTo(AgentResult.Status.OUT_OF_TURNS);
        assertThat(result.text()).isEqualTo("As far as I know.");
        assertThat(asked(0).tools()).hasSize(1);
        assertThat(asked(1).tools()).hasSize(1);
        assertThat(asked(2).tools()).isEmpty();
        assertThat(model.asked()).hasSize(3);
    }

    @Test
    void failsIfTheModelCallsToolsNevertheless() {
        callForEver();
        start();

        InvokeException error = refused(WITH_TOOLS + "&maxIterations=2", "hello");

        assertThat(error.code()).isEqualTo(ErrorCode.AGENT_LIMIT_REACHED);
        assertThat(error).hasMessageContaining("2 turns with tools").hasMessageContaining("maxIterations");
        assertThat(tools.calls).hasSize(2);
        assertThat(model.asked()).hasSize(3);
    }

    @Test
    void endsAfterNinetyNineTurnsAtTheLatest() {
        callForEver();
        start();

        assertThat(refused(WITH_TOOLS + "&maxIterations=99", "hello").code()).isEqualTo(ErrorCode.AGENT_LIMIT_REACHED);
        assertThat(model.asked()).hasSize(100);
    }

    @Test
    void offersNoToolsIfItHasNoTurns() {
        model.reply("Straight away.");
        start();

        AgentResult result = ask(WITH_TOOLS + "&maxIterations=0", "hello");

        assertThat(asked(0).tools()).isEmpty();
        assertThat(result.text()).isEqualTo("Straight away.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "&stream=true"})
    void asksNoFurtherQuestionOnceItsTokensAreUsed(String stream) {
        model.call("weather", "{}").reply("never said");
        start();

        InvokeException error = stream.isEmpty()
                ? refused(WITH_TOOLS + "&tokenBudget=4", "one two three four")
                : readRefused(WITH_TOOLS + "&tokenBudget=4" + stream, "one two three four");

        assertThat(error.code()).isEqualTo(ErrorCode.AGENT_LIMIT_REACHED);
        assertThat(error).hasMessageContaining("4 of 4 tokens").hasMessageContaining("tokenBudget");
        assertThat(model.asked()).hasSize(1);
    }

    private InvokeException readRefused(String uri, String body) {
        AgentStream stream = template.requestBody(uri, body, AgentStream.class);
        try {
            stream.collect();
        } catch (InvokeException e) {
            return e;
        }
        throw new AssertionError("it was not refused");
    }

    @Test
    void givesAnAnswerThatWasPaidForThoughItUsedTheLastTokens() {
        model.reply("one two three four five");
        start();

        assertThat(ask(AGENT + "&tokenBudget=2", "hello").text()).isEqualTo("one two three four five");
    }

    @Test
    @DisplayName("A budget that cannot be kept to is refused, not passed over")
    void refusesABudgetOfTokensWhereNobodyCountsThem() {
        model.withoutUsage().call("weather", "{}").reply("never said");
        start();

        InvokeException error = refused(WITH_TOOLS + "&tokenBudget=1000000", "hello");

        assertThat(error.code()).isEqualTo(ErrorCode.AGENT_LIMIT_REACHED);
        assertThat(error).hasMessageContaining("does not say what it uses");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "&stream=true"})
    void asksNoFurtherQuestionOnceItsMoneyIsSpent(String stream) {
        model.priced("gpt-4o-mini", PRICING).call("weather", "{}").reply("never said");
        start();

        InvokeException error = stream.isEmpty()
                ? refused(WITH_TOOLS + "&priceBudget=0.2", "one two three")
                : readRefused(WITH_TOOLS + "&priceBudget=0.2" + stream, "one two three");

        assertThat(error.code()).isEqualTo(ErrorCode.AGENT_LIMIT_REACHED);
        assertThat(error).hasMessageContaining("of 0.2 USD").hasMessageContaining("priceBudget");
    }

    @Test
    void refusesABudgetOfMoneyWhereThePriceIsNotKnown() {
        model.call("weather", "{}").reply("never said");
        start();

        InvokeException error = refused(WITH_TOOLS + "&priceBudget=5", "hello");

        assertThat(error.code()).isEqualTo(ErrorCode.AGENT_LIMIT_REACHED);
        assertThat(error).hasMessageContaining("what its model costs is not known");
    }

    @Test
    void saysWhatTheRunCost() {
        model.priced("gpt-4o-mini", PRICING).call("weather", "{}").reply("one two");
        start();

        Exchange answered = send(WITH_TOOLS, "one two three", exchange -> {});
        AgentResult result = answered.getMessage().getBody(AgentResult.class);

        BigDecimal expected = new BigDecimal(
                        result.usage().promptTokens() + 2 * result.usage().completionTokens())
                .multiply(new BigDecimal("0.1"));
        assertThat(result.price()).isEqualByComparingTo(expected);
        assertThat(result.currency()).isEqualTo("USD");
        assertThat(answered.getMessage().getHeaders())
                .containsEntry(AgentConstants.PRICE_TOTAL, result.price())
                .containsEntry(AgentConstants.PRICE_CURRENCY, "USD");
    }

    private void declareToolThatAsksAModel() {
        tools.add(TestTools.taking("city", "forecast"), (arguments, runtime) -> {
            LlmResult result = engine.modelManager()
                    .instance(
                            runtime.caller().nested("tool:forecast", new RequestId("inner")),
                            InvocationTarget.Model.of(TestEngine.OPENAI, "gpt-4o-mini", ModelType.LLM))
                    .invokeLlm(LlmRequest.ofText("one two three four"));
            return ToolStream.ofText(result.text());
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "&stream=true"})
    void countsWhatItsToolsSpend(String stream) {
        declareToolThatAsksAModel();
        model.priced("gpt-4o-mini", PRICING)
                .calls(call("1", "forecast", "{}"), call("2", "weather", "{}"))
                .reply("rain again")
                .reply("It rains.");
        start();

        AgentResult result = stream.isEmpty()
                ? ask(WITH_TOOLS, "hello")
                : template.requestBody(WITH_TOOLS + stream, "hello", AgentStream.class)
                        .collect();

        List<AgentStep.ToolStep> calls = result.steps().get(0).calls();
        BigDecimal inner = calls.get(0).observation().outcome().meta().cost().get("USD");
        assertThat(inner).isEqualByComparingTo("0.8");
        assertThat(calls.get(1).observation().outcome().meta().cost()).isEmpty();
        BigDecimal own = new BigDecimal(
                        result.usage().promptTokens() + 2 * result.usage().completionTokens())
                .multiply(new BigDecimal("0.1"));
        assertThat(result.price()).isEqualByComparingTo(own.add(inner));
    }

    @Test
    void asksNoFurtherQuestionOnceItsToolsHaveSpentItsMoney() {
        declareToolThatAsksAModel();
        model.priced("gpt-4o-mini", PRICING)
                .call("forecast", "{}")
                .reply("one two three four five six seven eight nine ten")
                .reply("never said");
        start();

        InvokeException error = refused(WITH_TOOLS + "&priceBudget=2", "hello");

        assertThat(error.code()).isEqualTo(ErrorCode.AGENT_LIMIT_REACHED);
        assertThat(error).hasMessageContaining("of 2 USD");
    }

    @Test
    @DisplayName("Prices in two currencies, as of a model and of the one it fell back to, do not add up to one")
    void knowsNoSumOfTwoCurrencies() {
        start();
        AgentSettings settings = context.getEndpoint(AGENT, AgentEndpoint.class).settings();
        RunAccount account = new RunAccount(settings, RunAccount.Used.NOTHING);

        account.add(answer("USD"), null);
        account.add(answer("EUR"), null);

        assertThat(account.used().unpriced()).isTrue();
        assertThat(account.result(AgentResult.Status.ANSWERED, null, List.of(), List.of())
                        .price())
                .isNull();
    }

    private static LlmResult answer(String currency) {
        return new LlmResult(
                null,
                "m",
                new PromptMessage.Assistant("yes"),
                FinishReason.STOP,
                TokenUsage.ofInput(1),
                new Price(BigDecimal.ONE, BigDecimal.ONE, currency),
                null);
    }
}
