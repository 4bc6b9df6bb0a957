package io.bactrian.core.quota;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.MisconfiguredException;
import io.bactrian.core.model.JsonText;
import io.bactrian.core.model.LlmRequest;
import io.bactrian.core.model.ModelParameters;
import io.bactrian.core.model.PromptMessage;
import io.bactrian.core.model.PromptMessageContent;
import io.bactrian.core.model.PromptMessageTool;
import io.bactrian.core.model.TextEmbeddingRequest;
import io.bactrian.core.model.TokenUsage;
import io.bactrian.core.provider.AIModelEntity;
import io.bactrian.core.provider.ConfigurateMethod;
import io.bactrian.core.provider.ModelPricing;
import io.bactrian.core.provider.ModelType;
import io.bactrian.core.provider.ParameterRule;
import io.bactrian.core.provider.ParameterType;
import io.bactrian.core.provider.ParameterValue;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class UsageEstimateTest {

    private static final QuotaUnit.Money USD = new QuotaUnit.Money("USD");

    private static AIModelEntity model(
            @Nullable Integer window, @Nullable ModelPricing pricing, ParameterRule... rules) {
        return new AIModelEntity(
                "m",
                "m",
                ModelType.LLM,
                ConfigurateMethod.PREDEFINED_MODEL,
                Set.of(),
                window,
                null,
                false,
                List.of(rules),
                true,
                pricing);
    }

    private static ModelPricing pricing(String input, @Nullable String output) {
        return new ModelPricing(
                new BigDecimal(input),
                output == null ? null : new BigDecimal(output),
                null,
                new BigDecimal("0.000001"),
                "USD");
    }

    private static ParameterRule maxTokens(long most) {
        return new ParameterRule(
                "max_tokens", ParameterType.INT, false, null, null, BigDecimal.valueOf(most), null, List.of());
    }

    private static LlmRequest with(Map<String, Integer> numbers) {
        Map<String, ParameterValue> values = new java.util.HashMap<>();
        numbers.forEach((name, number) -> values.put(name, new ParameterValue.Number(BigDecimal.valueOf(number))));
        return LlmRequest.ofText("").withParameters(ModelParameters.of(values));
    }

    private static UsageEstimate of(LlmRequest request, AIModelEntity model) {
        return new UsageEstimate(request, model, 1, false);
    }

    @Test
    void countsATokenForEachByte() {
        Random random = new Random(1);
        for (int i = 0; i < 2_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int j = random.nextInt(40); j > 0; j--) {
                int point = random.nextInt(3) == 0 ? random.nextInt(0x110000) : random.nextInt(0x900);
                if (point < 0xD800 || point > 0xDFFF) {
                    text.appendCodePoint(point);
                }
            }
            assertThat(Utf8.bytes(text.toString())).isEqualTo(text.toString().getBytes(StandardCharsets.UTF_8).length);
        }
        assertThat(of(LlmRequest.ofText("grüße"), model(10, null)).promptTokens())
                .isEqualTo(7 + 2 * PromptBytes.AROUND);
    }

    @Test
    void countsWhatStandsBesideTheMessages() {
        LlmRequest plain = LlmRequest.ofText("x");
        LlmRequest full = new LlmRequest(
                List.of(
                        new PromptMessage.User("x"),
                        new PromptMessage.Assistant(
                                List.of(), null, List.of(new PromptMessage.ToolCall("id", "n", "{}")), "thought"),
                        new PromptMessage.Tool(List.of(new PromptMessageContent.Text("result")), "id")),
                ModelParameters.NONE,
                List.of(new PromptMessageTool("tool", "what it does", new JsonText("{\"type\":\"object\"}"), false)),
                null,
                List.of(),
                null,
                false,
                null);

        long more = of(full, model(10, null)).promptTokens()
                - of(plain, model(10, null)).promptTokens();

        assertThat(more).isEqualTo(4 * PromptBytes.AROUND + 7 + 2 + 1 + 2 + 6 + 2 + 4 + 12 + 17);
    }

    @Test
    void takesTheWholeWindowForWhatOnlyTheProviderFetches() {
        LlmRequest request = LlmRequest.of(List.of(new PromptMessage.User(
                List.of(PromptMessageContent.Media.imageUrl("https://example.com/a.png")), null)));

        assertThat(of(request, model(128_000, null)).promptTokens()).isGreaterThan(128_000);
        assertThat(of(request, model(null, null)).promptTokens()).isGreaterThan(100_000);
    }

    @Test
    void boundsTheAnswerByTheRequestThenTheModelThenItsWindow() {
        AIModelEntity model = model(4_000, null, maxTokens(500));
        assertThat(of(with(Map.of("max_tokens", 20)), model).outputTokens()).isEqualTo(20);
        assertThat(of(with(Map.of("max_tokens", 20, "max_completion_tokens", 30)), model)
                        .outputTokens())
                .isEqualTo(30);
        assertThat(of(with(Map.of("max_tokens", 20, "n", 4)), model).outputTokens())
                .isEqualTo(80);
        assertThat(of(with(Map.of()), model).outputTokens()).isEqualTo(500);
        assertThat(of(with(Map.of("max_tokens", -1)), model).outputTokens()).isEqualTo(500);
        assertThat(of(with(Map.of()), model(4_000, null)).outputTokens()).isEqualTo(4_000);
        assertThatThrownBy(() -> of(with(Map.of()), model(null, null)).outputTokens())
                .isInstanceOf(BadRequestException.class)
                .hasMessageContainingAll("max_tokens", "context_size");
        assertThat(of(with(Map.of()), model(null, null)).most(QuotaUnit.TIMES)).isEqualTo(1);
    }

    @Test
    void countsEmbeddingsWithoutAnAnswer() {
        UsageEstimate estimate = new UsageEstimate(
                TextEmbeddingRequest.ofDocuments(List.of("ab", "cde")), model(null, pricing("1", null)), 1, false);

        assertThat(estimate.most(QuotaUnit.TOKENS)).isEqualTo(5 + 2 * PromptBytes.AROUND);
        assertThat(estimate.most(USD)).isEqualTo(5 + 2 * PromptBytes.AROUND);
    }

    @Test
    void countsMoneyInMillionthsRoundedUp() {
        AIModelEntity model = model(100, pricing("0.15", "0.6"));
        UsageEstimate estimate = of(with(Map.of("max_tokens", 10)), model);

        assertThat(estimate.used(USD, new TokenUsage(1, 0, 0, 0, 0, 0, 0))).isEqualTo(1);
        assertThat(estimate.used(USD, new TokenUsage(100, 0, 0, 0, 10, 0, 0))).isEqualTo(21);
        assertThat(estimate.most(USD)).isEqualTo(11); // 32 × 0.15 + 10 × 0.6
        assertThatThrownBy(() -> estimate.most(new QuotaUnit.Money("EUR"))).isInstanceOf(MisconfiguredException.class);
    }

    @Test
    void takesWhatNobodyBillsForFree() {
        UsageEstimate local = new UsageEstimate(LlmRequest.ofText("x"), model(100, null), 1, true);

        assertThat(local.most(USD)).isZero();
        assertThat(local.used(USD, new TokenUsage(9, 0, 0, 0, 9, 0, 0))).isZero();
        assertThatThrownBy(() -> of(LlmRequest.ofText("x"), model(100, null)).most(USD))
                .isInstanceOf(MisconfiguredException.class);
    }
}
