package io.bactrian.core.access;

import io.bactrian.core.tenant.Role;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What may be done in a tenant, and the least role that may. Roles cover each other ({@link Role#covers}), so one that may do
 * something is followed by all above it. The matrix is that of Dify with its gaps closed: whoever may not change a credential
 * may not have one tried out either, and models are switched on and off by those who answer for them.
 */
public enum Permission {
    /** Calls models that turn texts into vectors or put them in order, as whoever keeps knowledge does. */
    MODEL_EMBED("model.embed", Role.DATASET_OPERATOR),
    /** Calls models of all types. */
    MODEL_INVOKE("model.invoke", Role.NORMAL),
    /** Calls tools, agents among them. */
    TOOL_INVOKE("tool.invoke", Role.NORMAL),

    /** Sees which providers and models there are, and which are the defaults. */
    PROVIDER_VIEW("provider.view", Role.DATASET_OPERATOR),
    /** Switches the tenant's configuration of a provider on and off, resets it, prefers whose credentials are used. */
    PROVIDER_MANAGE("provider.manage", Role.ADMIN),
    /** Switches models on and off, chooses defaults, says how calls are spread and where they go when nobody is left. */
    MODEL_MANAGE("model.manage", Role.ADMIN),

    /** Sees that a credential is there, its secrets hidden. */
    CREDENTIAL_VIEW("credential.view", Role.ADMIN),
    /** Adds a credential. */
    CREDENTIAL_CREATE("credential.create", Role.ADMIN),
    /** Changes, rotates and removes a credential. */
    CREDENTIAL_MANAGE("credential.manage", Role.ADMIN),
    /** Puts a credential in force. */
    CREDENTIAL_USE("credential.use", Role.ADMIN),
    /** Has a credential tried out at its provider: a request to an address that the credential may name. */
    CREDENTIAL_VALIDATE("credential.validate", Role.ADMIN),
    /** Sees the credentials of tools that one's calls may use, their secrets hidden. */
    TOOL_CREDENTIAL_VIEW("tool-credential.view", Role.NORMAL),
    /** Keeps a credential of a tool for one's own calls. */
    TOOL_CREDENTIAL_OWN("tool-credential.own", Role.NORMAL),
    /** Keeps the credentials of tools that all of the tenant may use. */
    TOOL_CREDENTIAL_MANAGE("tool-credential.manage", Role.ADMIN),

    /** Sees who is a member. */
    MEMBER_VIEW("member.view", Role.DATASET_OPERATOR),
    /** Adds a member, with no role above one's own. */
    MEMBER_ADD("member.add", Role.ADMIN),
    /** Changes the role of another member, or removes them. */
    MEMBER_MANAGE("member.manage", Role.OWNER),

    /** Sees one's own API keys; whoever has {@link #APIKEY_MANAGE} sees those of all. */
    APIKEY_VIEW("apikey.view", Role.EDITOR),
    /** Makes API keys for oneself, and withdraws them. */
    APIKEY_OWN("apikey.own", Role.EDITOR),
    /** Makes API keys for others, and withdraws those of all. */
    APIKEY_MANAGE("apikey.manage", Role.ADMIN),

    /** Sees what calls have used. */
    USAGE_VIEW("usage.view", Role.EDITOR),
    /** Sees budgets and limits, and what is left of them. */
    QUOTA_VIEW("quota.view", Role.EDITOR),
    /** Sets budgets and limits of the tenant's own, beside those of the operator. */
    QUOTA_MANAGE("quota.manage", Role.ADMIN),

    /** Sees the calls of tools that wait for a person, with their arguments. */
    APPROVAL_VIEW("approval.view", Role.ADMIN),
    /** Decides on calls of tools that wait for a person. */
    APPROVAL_DECIDE("approval.decide", Role.ADMIN),
    /** Reads the audit log of the tenant. */
    AUDIT_VIEW("audit.view", Role.ADMIN),

    /** Adds, renames, switches off and removes tenants, and sees them all. */
    TENANT_MANAGE("tenant.manage", null);

    private final String text;
    private final @Nullable Role least;

    Permission(String text, @Nullable Role least) {
        this.text = text;
        this.least = least;
    }

    /** The permission as {@code noun.verb}, such as {@code credential.manage}. */
    public String text() {
        return text;
    }

    /** The least role that has it; empty for what only the operator may do. */
    public Optional<Role> least() {
        return Optional.ofNullable(least);
    }

    /** Whether a role has it. */
    public boolean heldBy(Role role) {
        return least != null && role.covers(least);
    }

    /** Whether it is for calls of models and tools rather than for the configuration. */
    public boolean calls() {
        return this == MODEL_EMBED || this == MODEL_INVOKE || this == TOOL_INVOKE;
    }

    /** Whether nothing is changed by it. */
    public boolean reads() {
        return text.endsWith(".view");
    }

    @Override
    public String toString() {
        return text;
    }
}
