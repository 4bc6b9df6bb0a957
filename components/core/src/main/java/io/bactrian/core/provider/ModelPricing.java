package io.bactrian.core.provider;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * What a model costs.
 *
 * @param input price of an input token, times {@code unit}
 * @param output price of an output token, times {@code unit}; null for models without output tokens
 * @param cacheRead price of an input token that the provider had cached, times {@code unit}; null if it is as any other
 * @param unit what a price is multiplied by to be that of one token: 0.000001 for prices per million
 * @param currency ISO 4217 code
 */
public record ModelPricing(
        BigDecimal input,
        @Nullable BigDecimal output,
        @Nullable BigDecimal cacheRead,
        BigDecimal unit,
        String currency) {}
