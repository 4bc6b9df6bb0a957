package io.bactrian.core.quota;

import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.MisconfiguredException;
import io.bactrian.core.model.LlmRequest;
import io.bactrian.core.model.ModelParameters;
import io.bactrian.core.model.ModelRequest;
import io.bactrian.core.model.TextEmbeddingRequest;
import io.bactrian.core.model.TokenUsage;
import io.bactrian.core.provider.AIModelEntity;
import io.bactrian.core.provider.ModelPricing;
import io.bactrian.core.provider.ParameterRule;
import io.bactrian.core.provider.ParameterValue;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Optional;

/**
 * What a call may use at most, before it is made, and what one has used. The bound counts a token for each byte of the
 * prompt, as a token has at least one, and as many more as the answer may have. Tokens are counted only if somebody asks.
 */
public final class UsageEstimate {

    private static final BigDecimal MICROS = BigDecimal.valueOf(QuotaUnit.Money.MICROS);
    private static final long MOST = Long.MAX_VALUE / 4;

    private final ModelRequest request;
    private final AIModelEntity model;
    private final long credits;
    private final boolean free;
    private long promptTokens = -1;
    private long outputTokens = -1;

    /**
     * @param request what is asked
     * @param model the model's declaration
     * @param credits the credits of a call of the model
     * @param free whether nobody bills it: its provider asks for no credential
     */
    public UsageEstimate(ModelRequest request, AIModelEntity model, long credits, boolean free) {
        this.request = request;
        this.model = model;
        this.credits = credits;
        this.free = free;
    }

    /**
     * How much of a unit the call may use at most.
     *
     * @throws BadRequestException if nothing says how long the answer may become
     * @throws MisconfiguredException if the model has no price in that currency
     */
    public long most(QuotaUnit unit) {
        if (unit instanceof QuotaUnit.Counted counted) {
            return switch (counted) {
                case TIMES -> 1;
                case CREDITS -> credits;
                case TOKENS -> promptTokens() + outputTokens();
            };
        }
        return cost((QuotaUnit.Money) unit, promptTokens(), outputTokens());
    }

    /** How much of a unit a call has used that used these tokens. */
    public long used(QuotaUnit unit, TokenUsage usage) {
        if (unit instanceof QuotaUnit.Counted counted) {
            return switch (counted) {
                case TIMES -> 1;
                case CREDITS -> credits;
                case TOKENS -> usage.totalTokens();
            };
        }
        return cost((QuotaUnit.Money) unit, usage);
    }

    /** The tokens of the prompt at most. */
    public long promptTokens() {
        if (promptTokens < 0) {
            promptTokens = Math.min(MOST, PromptBytes.of(request, model));
        }
        return promptTokens;
    }

    /**
     * The tokens of the answer at most: what the request allows, else what the model can, else its context window; for each
     * of the answers asked for.
     */
    public long outputTokens() {
        if (outputTokens < 0) {
            outputTokens = request instanceof LlmRequest llm ? outputOf(llm.parameters()) : 0;
        }
        return outputTokens;
    }

    private long outputOf(ModelParameters parameters) {
        long each = number(parameters, "max_completion_tokens")
                .or(() -> number(parameters, "max_tokens"))
                .or(() -> greatest("max_completion_tokens"))
                .or(() -> greatest("max_tokens"))
                .or(() -> Optional.ofNullable(model.contextSize()).map(Integer::longValue))
                .orElseThrow(() -> new BadRequestException(
                        ErrorCode.INVALID_PARAM,
                        "nothing says how long an answer of model '" + model.model()
                                + "' may become, and a quota counts its tokens: give max_tokens, or declare the model's"
                                + " context_size"));
        long answers = Math.max(1, number(parameters, "n").orElse(1L));
        return each > MOST / answers ? MOST : each * answers;
    }

    private static Optional<Long> number(ModelParameters parameters, String name) {
        return parameters
                .find(name)
                .flatMap(value -> value instanceof ParameterValue.Number number
                                && number.number().signum() > 0
                        ? Optional.of(whole(number.number()))
                        : Optional.empty());
    }

    private Optional<Long> greatest(String parameter) {
        return model.rule(parameter).map(ParameterRule::max).map(UsageEstimate::whole);
    }

    private static long whole(BigDecimal number) {
        BigDecimal most = BigDecimal.valueOf(MOST);
        return number.compareTo(most) > 0
                ? MOST
                : number.setScale(0, RoundingMode.CEILING).longValueExact();
    }

    /** What these tokens cost, in millionths, a fraction counting as a whole one. */
    private long cost(QuotaUnit.Money money, TokenUsage usage) {
        if (free && model.pricing() == null) {
            return 0;
        }
        ModelPricing pricing = pricing(money);
        BigDecimal cached = pricing.cacheRead() == null ? pricing.input() : pricing.cacheRead();
        BigDecimal output = pricing.output() == null ? BigDecimal.ZERO : pricing.output();
        return micros(
                pricing,
                pricing.input()
                        .multiply(BigDecimal.valueOf(usage.promptTokens() - usage.cacheRead()))
                        .add(cached.multiply(BigDecimal.valueOf(usage.cacheRead())))
                        .add(output.multiply(BigDecimal.valueOf(usage.completionTokens()))));
    }

    /** As above, the prompt by whichever price of a token of it is the highest. */
    private long cost(QuotaUnit.Money money, long prompt, long output) {
        if (free && model.pricing() == null) {
            return 0;
        }
        ModelPricing pricing = pricing(money);
        BigDecimal input =
                pricing.cacheRead() == null ? pricing.input() : pricing.input().max(pricing.cacheRead());
        BigDecimal ofOutput = pricing.output() == null ? BigDecimal.ZERO : pricing.output();
        return micros(
                pricing, input.multiply(BigDecimal.valueOf(prompt)).add(ofOutput.multiply(BigDecimal.valueOf(output))));
    }

    private static long micros(ModelPricing pricing, BigDecimal price) {
        return whole(price.multiply(pricing.unit()).multiply(MICROS));
    }

    private ModelPricing pricing(QuotaUnit.Money money) {
        ModelPricing pricing = model.pricing();
        if (pricing == null || !pricing.currency().equals(money.currency())) {
            throw new MisconfiguredException(
                    ErrorCode.MISCONFIGURED,
                    "model '" + model.model() + "' has no price in " + money.currency()
                            + ", and a budget counts money: declare its pricing in that currency (0 if it costs"
                            + " nothing), or set the budget in tokens");
        }
        return pricing;
    }

    /** What a call is taken to have used that broke off: its prompt, and of the answer what was delivered. */
    public TokenUsage brokenOff(long promptKnown, long deliveredTokens) {
        long prompt = promptKnown > 0 ? promptKnown : promptTokens();
        return new TokenUsage(prompt, 0, 0, 0, request instanceof TextEmbeddingRequest ? 0 : deliveredTokens, 0, 0);
    }
}
