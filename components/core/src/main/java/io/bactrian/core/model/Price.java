package io.bactrian.core.model;

import io.bactrian.core.provider.ModelPricing;
import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * What a call cost.
 *
 * @param prompt the input, to 7 decimals
 * @param completion the output, to 7 decimals
 * @param currency ISO 4217 code
 */
public record Price(BigDecimal prompt, BigDecimal completion, String currency) {

    private static final int DECIMALS = 7;

    /** The price of some tokens: tokens × price × unit, rounded half up to 7 decimals, as Dify does. */
    public static Price of(TokenUsage usage, ModelPricing pricing) {
        BigDecimal cached = pricing.cacheRead() == null ? pricing.input() : pricing.cacheRead();
        BigDecimal prompt = pricing.input()
                .multiply(BigDecimal.valueOf(usage.promptTokens() - usage.cacheRead()))
                .add(cached.multiply(BigDecimal.valueOf(usage.cacheRead())));
        BigDecimal completion = pricing.output() == null
                ? BigDecimal.ZERO
                : pricing.output().multiply(BigDecimal.valueOf(usage.completionTokens()));
        return new Price(rounded(prompt, pricing), rounded(completion, pricing), pricing.currency());
    }

    /** Input and output together. */
    public BigDecimal total() {
        return prompt.add(completion);
    }

    private static BigDecimal rounded(BigDecimal amount, ModelPricing pricing) {
        return amount.multiply(pricing.unit()).setScale(DECIMALS, RoundingMode.HALF_UP);
    }
}
