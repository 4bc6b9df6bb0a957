package io.bactrian.core.tool;

import io.bactrian.core.credential.CredentialName;
import io.bactrian.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * A call of a tool as a model makes it.
 *
 * @param id the id that the model gave the call
 * @param tool the tool
 * @param arguments what the model wrote: meant to be a JSON object, and not necessarily one
 * @param formValues what whoever built the agent has set, which wins
 * @param approval what the agent wants at least
 * @param credential the one of the tenant's credentials to use; null for the default one
 */
public record AgentToolCall(
        String id,
        Tool tool,
        String arguments,
        JsonObject formValues,
        ToolApproval approval,
        @Nullable CredentialName credential) {

    /** Names the call, and not what it is made with. */
    @Override
    public String toString() {
        return "AgentToolCall[" + tool + "]";
    }
}
