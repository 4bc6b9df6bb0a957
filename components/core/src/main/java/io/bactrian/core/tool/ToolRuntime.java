package io.bactrian.core.tool;

import io.bactrian.core.credential.Credentials;
import io.bactrian.core.json.JsonObject;
import io.bactrian.core.tenant.Caller;

/**
 * What one call brings to a tool: who calls and with what. Made for each call and shared by no other. Not a record: it may
 * hold a secret, which it never prints.
 */
public final class ToolRuntime {

    private final Caller caller;
    private final ToolInvokeFrom invokeFrom;
    private final Credentials credentials;
    private final ToolCredentialType credentialType;
    private final JsonObject formValues;

    /**
     * @param caller who calls, on whose account, and until when
     * @param invokeFrom who makes use of the tool
     * @param credentials what opens the provider; none if it needs nothing
     * @param credentialType how it opens it
     * @param formValues what whoever built the route or agent has set; they win over the arguments
     */
    public ToolRuntime(
            Caller caller,
            ToolInvokeFrom invokeFrom,
            Credentials credentials,
            ToolCredentialType credentialType,
            JsonObject formValues) {
        this.caller = caller;
        this.invokeFrom = invokeFrom;
        this.credentials = credentials;
        this.credentialType = credentialType;
        this.formValues = formValues;
    }

    /** Who calls, on whose account, and until when. */
    public Caller caller() {
        return caller;
    }

    /** Who makes use of the tool. */
    public ToolInvokeFrom invokeFrom() {
        return invokeFrom;
    }

    /** What opens the provider. To be put on the outgoing request and nowhere else. */
    public Credentials credentials() {
        return credentials;
    }

    /** How it opens it. */
    public ToolCredentialType credentialType() {
        return credentialType;
    }

    /** What whoever built the route or agent has set. */
    public JsonObject formValues() {
        return formValues;
    }

    @Override
    public String toString() {
        return "ToolRuntime[" + caller.tenant() + ", " + caller.requestId() + ", " + invokeFrom.text() + "]";
    }
}
