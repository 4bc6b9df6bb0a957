package io.bactrian.core.usage;

import io.bactrian.core.model.TokenUsage;
import java.math.BigDecimal;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What calls used together.
 *
 * @param key what they have in common, by the dimension asked for
 * @param calls how many there were, of any outcome
 * @param failed how many of them were refused or failed
 * @param aborted how many of them were closed before their end
 * @param tokens tokens used
 * @param estimated of how many calls the tokens are an estimate
 * @param cost what was paid, by currency
 */
public record UsageSum(
        String key,
        long calls,
        long failed,
        long aborted,
        TokenUsage tokens,
        long estimated,
        Map<String, BigDecimal> cost) {

    /** Copies the map, in the order of the currencies. */
    public UsageSum {
        cost = Collections.unmodifiableMap(new TreeMap<>(cost));
    }
}
