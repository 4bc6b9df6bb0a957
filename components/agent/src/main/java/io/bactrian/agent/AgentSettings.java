package io.bactrian.agent;

import io.bactrian.core.credential.CredentialName;
import io.bactrian.core.invoke.InvocationTarget;
import io.bactrian.core.json.JsonCodec.Check;
import io.bactrian.core.model.ModelParameters;
import io.bactrian.core.model.ResponseFormat;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tool.ToolPattern;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the options of an {@code agent:} endpoint say, read once when it starts.
 *
 * @param name the agent's name
 * @param model the model that is asked
 * @param tools the tools it may call
 * @param missingToolsFail whether a run is refused when a tool that is named is not there
 * @param ask the tools that a person has to approve, whatever the tools themselves say
 * @param formValues what is set for tools already
 * @param toolCredentials the credentials to use for tools, the least exactly named first
 * @param instructions what the model is told first; null for nothing
 * @param parameters model parameters
 * @param responseFormat the form of the answer; null for text
 * @param answerCheck checks the answer against the schema that it has to fit; null for none
 * @param maxIterations how many turns with tools a run has
 * @param tokenBudget how many tokens a run may use; 0 for any number
 * @param priceBudget what a run may cost, in the currency of the model's price; null for anything
 * @param parallel how many tools of one turn run at the same time
 * @param timeout how long a run may take
 * @param stream whether the run comes event by event
 * @param remember whether conversations are remembered
 * @param historyMessages how many messages of a conversation so far the model is shown
 * @param tenant the tenant that the endpoint is fixed to; null for the exchange's
 */
record AgentSettings(
        String name,
        InvocationTarget model,
        List<ToolPattern> tools,
        boolean missingToolsFail,
        List<ToolPattern> ask,
        FormValues formValues,
        List<ToolCredential> toolCredentials,
        @Nullable String instructions,
        ModelParameters parameters,
        @Nullable ResponseFormat responseFormat,
        @Nullable Check answerCheck,
        int maxIterations,
        long tokenBudget,
        @Nullable BigDecimal priceBudget,
        int parallel,
        Duration timeout,
        boolean stream,
        boolean remember,
        int historyMessages,
        @Nullable TenantId tenant) {

    AgentSettings {
        tools = List.copyOf(tools);
        ask = List.copyOf(ask);
        toolCredentials = List.copyOf(toolCredentials);
    }

    /**
     * A credential to use.
     *
     * @param tools the tools that it is for
     * @param credential its name
     */
    record ToolCredential(ToolPattern tools, CredentialName credential) {}
}
