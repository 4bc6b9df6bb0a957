package io.bactrian.admin;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.bactrian.core.usage.UsageSum;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Usage in JSON. */
final class UsageShapes {

    private UsageShapes() {}

    /** What calls used. */
    @Shape
    @Schema(name = "UsageReport")
    record Report(
            @JsonProperty(required = true) @Schema(allowableValues = {"model", "app", "user", "day"})
            String by,

            @JsonProperty(required = true) @Schema(description = "The first day, in UTC.", example = "2026-01-31")
            String since,

            @Schema(description = "The day after the last one.") @Nullable
            String until,

            @JsonProperty(required = true) List<Sum> sums,

            @JsonProperty(required = true) @Schema(description = "Whether no sum was left out.")
            boolean complete,

            @JsonProperty(required = true)
            @Schema(description = "How many calls are in none of the sums, as their records were lost.")
            long lost) {}

    /** What calls used together. */
    @Shape
    @Schema(name = "UsageSum")
    record Sum(
            @JsonProperty(required = true) @Schema(description = "What they have in common; empty for none of it.")
            String key,

            @JsonProperty(required = true) long calls,
            @JsonProperty(required = true) long failed,
            @JsonProperty(required = true) long aborted,
            @JsonProperty(required = true) long inputTokens,
            @JsonProperty(required = true) long cacheReadTokens,
            @JsonProperty(required = true) long outputTokens,
            @JsonProperty(required = true) long reasoningTokens,

            @JsonProperty(required = true) @Schema(description = "Of how many calls the tokens are an estimate.")
            long estimated,

            @JsonProperty(required = true) @Schema(description = "What was paid, by currency, exactly.")
            Map<String, String> cost) {

        static Sum of(UsageSum sum) {
            Map<String, String> cost = new LinkedHashMap<>();
            sum.cost()
                    .forEach((currency, amount) ->
                            cost.put(currency, amount.stripTrailingZeros().toPlainString()));
            return new Sum(
                    sum.key(),
                    sum.calls(),
                    sum.failed(),
                    sum.aborted(),
                    sum.tokens().promptTokens(),
                    sum.tokens().cacheRead(),
                    sum.tokens().completionTokens(),
                    sum.tokens().reasoning(),
                    sum.estimated(),
                    cost);
        }
    }
}
