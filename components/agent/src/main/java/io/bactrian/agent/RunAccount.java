package io.bactrian.agent;

import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.invoke.Invocation;
import io.bactrian.core.model.FinishReason;
import io.bactrian.core.model.LlmResult;
import io.bactrian.core.model.Price;
import io.bactrian.core.model.PromptMessage;
import io.bactrian.core.model.TokenUsage;
import io.bactrian.core.tool.Approval;
import io.bactrian.core.tool.ToolOutcome;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a run has used so far, held against what it may use. */
final class RunAccount {

    private final AgentSettings settings;
    private Used used;

    /** @param used what the run had used before it waited for a person */
    RunAccount(AgentSettings settings, Used used) {
        this.settings = settings;
        this.used = used;
    }

    /**
     * What was used.
     *
     * @param usage the tokens that providers spoke of; null if none ever did
     * @param unmetered whether there was an answer whose tokens are not known
     * @param price what is known to have been paid; null for nothing
     * @param currency of the price
     * @param unpriced whether there was an answer whose price is not known, or is in another currency
     */
    record Used(
            @Nullable TokenUsage usage,
            boolean unmetered,
            @Nullable BigDecimal price,
            @Nullable String currency,
            boolean unpriced) {

        static final Used NOTHING = new Used(null, false, null, null, false);

        private Used plus(@Nullable TokenUsage tokens, Optional<Price> cost) {
            TokenUsage sum = usage == null || tokens == null ? (usage == null ? tokens : usage) : usage.plus(tokens);
            Used counted = new Used(sum, unmetered || tokens == null, price, currency, unpriced || cost.isEmpty());
            return cost.map(known -> counted.plus(known.total(), known.currency()))
                    .orElse(counted);
        }

        private Used plus(BigDecimal amount, String of) {
            return currency == null || currency.equals(of)
                    ? new Used(usage, unmetered, price == null ? amount : price.add(amount), of, unpriced)
                    : new Used(usage, unmetered, price, currency, true);
        }
    }

    /** Counts what the calls of a tool have cost. */
    void add(ToolOutcome outcome) {
        outcome.meta().cost().forEach((of, amount) -> used = used.plus(amount, of));
    }

    /** What was used so far. */
    Used used() {
        return used;
    }

    /** @throws BadRequestException with {@code agent_limit_reached} if a budget is used up, or cannot be kept to */
    void checkBudgets() {
        checkTokens();
        checkPrice();
    }

    private void checkTokens() {
        if (settings.tokenBudget() == 0) {
            return;
        }
        if (used.unmetered()) {
            throw refused(
                    "has a tokenBudget, but its model does not say what it uses: leave the option out, and use maxIterations"
                            + " and maxTokens");
        }
        TokenUsage usage = used.usage();
        if (usage != null && usage.totalTokens() >= settings.tokenBudget()) {
            throw refused("has used " + usage.totalTokens() + " of " + settings.tokenBudget()
                    + " tokens without an answer (option tokenBudget)");
        }
    }

    private void checkPrice() {
        BigDecimal most = settings.priceBudget();
        if (most == null) {
            return;
        }
        if (used.unpriced()) {
            throw refused("has a priceBudget, but what its model costs is not known: set it in config/providers, or use"
                    + " tokenBudget");
        }
        BigDecimal price = used.price();
        if (price != null && price.compareTo(most) >= 0) {
            throw refused("has used " + price.toPlainString() + " of " + most.toPlainString() + " " + used.currency()
                    + " without an answer (option priceBudget)");
        }
    }

    private BadRequestException refused(String why) {
        return new BadRequestException(ErrorCode.AGENT_LIMIT_REACHED, "agent '" + settings.name() + "' " + why);
    }

    /**
     * Counts an answer.
     *
     * @param call the call that it came of
     */
    void add(LlmResult result, Invocation call) {
        TokenUsage usage = result.usage();
        // a streamed answer does not bring its price: it follows from the model's
        Optional<Price> cost = usage == null
                ? Optional.empty()
                : Optional.ofNullable(result.price())
                        .or(() -> call.trace().pricing().map(known -> Price.of(usage, known)));
        used = used.plus(usage, cost);
    }

    /** The result of the run. */
    AgentResult result(
            AgentResult.Status status, @Nullable LlmResult answer, List<AgentStep> steps, List<Approval> pending) {
        LlmResult last = answer == null
                ? new LlmResult(null, "", new PromptMessage.Assistant(""), FinishReason.TOOL_CALLS, null, null, null)
                : answer;
        boolean priced = used.price() != null && !used.unpriced();
        return new AgentResult(
                status,
                last,
                steps,
                used.usage(),
                priced ? used.price() : null,
                priced ? used.currency() : null,
                pending);
    }
}
