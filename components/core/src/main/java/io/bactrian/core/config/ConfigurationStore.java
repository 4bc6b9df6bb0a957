package io.bactrian.core.config;

import io.bactrian.core.credential.CredentialId;
import io.bactrian.core.credential.CredentialName;
import io.bactrian.core.credential.Credentials;
import io.bactrian.core.limit.RateLimitRule;
import io.bactrian.core.provider.ModelType;
import io.bactrian.core.provider.ProviderId;
import io.bactrian.core.provider.ProviderType;
import io.bactrian.core.quota.BudgetRule;
import io.bactrian.core.rule.RuleStore;
import io.bactrian.core.tenant.Role;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tenant.UserId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A source that can be written. Each method is one transaction: it is done, visible to readers of this node and counted
 * by {@link #version} when it returns, or nothing has changed. Values have been checked by the caller; the store sees to
 * uniqueness and references.
 *
 * <p>Errors: {@link io.bactrian.core.error.BadRequestException} with {@code invalid_param} for a name that is taken or a
 * row that is not there ({@code tenant_not_found}, {@code credential_not_found});
 * {@link io.bactrian.core.error.UnavailableException} with {@code store_unavailable}.
 */
public interface ConfigurationStore extends ConfigurationSource {

    /** Adds a tenant, or changes its name and whether it is enabled. */
    void putTenant(TenantRecord tenant);

    /** Removes a tenant with all it has; its data key is destroyed. False if there was none. */
    boolean removeTenant(TenantId tenant);

    /** All tenants, by id. */
    List<TenantRecord> tenants();

    /** Some of the tenants, in the store's order of their ids. */
    PageOf<TenantRecord> tenants(Page page);

    /** Adds a member or changes their role. */
    void putMember(TenantId tenant, MemberRecord member);

    /** Adds a member. False, and nothing changed, if they are one already. */
    boolean addMember(TenantId tenant, MemberRecord member);

    /**
     * Changes the role of a member, or removes them, on behalf of an owner, who has to be one at that moment: so that of two
     * owners who remove each other one stays.
     *
     * @param by the owner; another than the member
     * @param user the member
     * @param role the new role, not that of the owner; null to remove them
     * @throws io.bactrian.core.error.RefusedException with {@code access_denied} if there is no such owner
     * @throws io.bactrian.core.error.BadRequestException with {@code invalid_param} if there is no such member
     */
    void changeMember(TenantId tenant, UserId by, UserId user, @Nullable Role role);

    /**
     * Makes a user the owner, and whoever was an owner before an admin.
     *
     * @param by the owner who hands over, who has to be one at that moment, as the other has to be a member; null if whoever
     *     runs the installation says so, about any user
     * @throws io.bactrian.core.error.RefusedException with {@code access_denied} if there is no such owner
     * @throws io.bactrian.core.error.BadRequestException with {@code invalid_param} if there is no such member
     */
    void handOver(TenantId tenant, @Nullable UserId by, UserId to);

    /** Removes a member, whom no credential lists any more then; those for them alone stay theirs. False if there was none. */
    boolean removeMember(TenantId tenant, UserId user);

    /** The members of a tenant, by user. */
    List<MemberRecord> members(TenantId tenant);

    /** Some of the members of a tenant, in the store's order of users. */
    PageOf<MemberRecord> members(TenantId tenant, Page page);

    /**
     * Adds a credential. The first one of a scope becomes the active one, and so does one added while none is active
     * because the active one was removed; any other stays inactive until {@link #activateCredential}. Concurrent first
     * ones: exactly one becomes active. Whom it is for, as {@link #setVisibility} has it.
     *
     * @return its new id
     */
    CredentialId addCredential(TenantId tenant, CredentialScope scope, NewCredential credential);

    /**
     * Replaces name and values of a credential; its version goes up by one.
     *
     * @param expectedVersion the version that was read; the update is refused if it has changed since. 0 for any
     */
    void updateCredential(
            TenantId tenant,
            CredentialScope scope,
            CredentialId id,
            long expectedVersion,
            CredentialName name,
            Credentials values);

    /**
     * Says whose calls may use a credential. The version of the credential stays, as its values do.
     *
     * @throws io.bactrian.core.error.BadRequestException with {@code invalid_param} if one of those whom it is to be for is no
     *     member
     */
    void setVisibility(TenantId tenant, CredentialScope scope, CredentialId id, CredentialVisibility visibility);

    /**
     * Replaces the values of a credential, whose version goes up by one, and keeps the old ones beside them for a while:
     * {@link StoredCredential#previous}. Only the values replaced last are kept, and any other change of the credential
     * ends their time. Old values that cannot be read are not kept.
     *
     * @param grace how long the old values stay valid: zero for not at all, {@link GracePeriod#LONGEST} at most
     * @return when the old values stop being valid; empty if they are not kept
     */
    Optional<Instant> rotateCredential(
            TenantId tenant, CredentialScope scope, CredentialId id, Credentials values, Duration grace);

    /**
     * Removes a credential. If it was the active one, none is active then: no other takes its place by itself. Calls are no
     * longer spread over it.
     */
    void removeCredential(TenantId tenant, CredentialScope scope, CredentialId id);

    /** Makes a credential the active one of its scope. */
    void activateCredential(TenantId tenant, CredentialScope scope, CredentialId id);

    /** The file that manages a credential; empty for one made by hand. */
    Optional<String> managedBy(TenantId tenant, CredentialId id);

    /** Removes all a tenant has configured for a provider, models included. False if there was nothing. */
    boolean removeProvider(TenantId tenant, ProviderId provider);

    /**
     * Removes a tenant's configuration of one model with its credentials, and how its calls are spread. False if there was
     * none of either.
     */
    boolean removeModel(TenantId tenant, ProviderId provider, String model, ModelType type);

    /** Switches a tenant's own configuration of a provider on or off. */
    void enableProvider(TenantId tenant, ProviderId provider, boolean enabled);

    /** Sets whose credentials a tenant wants to use, null for the rule, and whether an unusable one gives way. */
    void preferProviderType(TenantId tenant, ProviderId provider, @Nullable ProviderType preferred, boolean descend);

    /** Switches a model on or off for a tenant. */
    void enableModel(TenantId tenant, ProviderId provider, ModelSetting setting);

    /** As {@link #setBalancing(TenantId, ProviderId, ModelBalancing, String)}, by hand. */
    default void setBalancing(TenantId tenant, ProviderId provider, ModelBalancing balancing) {
        setBalancing(tenant, provider, balancing, null);
    }

    /**
     * Sets how calls of a model are spread, and its fallbacks, in place of all that was set for it.
     *
     * @param managedBy the file that says so; null if a person does
     * @throws io.bactrian.core.error.BadRequestException with {@code credential_not_found} if an entry names a credential
     *     that is neither the provider's nor the model's
     */
    void setBalancing(TenantId tenant, ProviderId provider, ModelBalancing balancing, @Nullable String managedBy);

    /**
     * As {@link #setBalancing(TenantId, ProviderId, ModelBalancing, String)}, for who changes part of what they have read:
     * refused with {@code invalid_param} if somebody else has changed it since. A file that manages it still does.
     *
     * @param read what it was; null for nothing
     */
    void replaceBalancing(
            TenantId tenant, ProviderId provider, @Nullable ModelBalancing read, ModelBalancing balancing);

    /** Has calls of a model no longer be spread, and removes its fallbacks. False if nothing was set. */
    boolean removeBalancing(TenantId tenant, ProviderId provider, String model, ModelType type);

    /** The file that says how calls of a model are spread; empty if none does. */
    Optional<String> balancingManagedBy(TenantId tenant, ProviderId provider, String model, ModelType type);

    /** Sets the model that calls without a named model go to; null for none. */
    void setDefaultModel(TenantId tenant, ModelType type, @Nullable ModelReference model);

    /** The budgets that tenants keep. */
    RuleStore<BudgetRule> budgets();

    /** The limits of calls and tokens that tenants keep. */
    RuleStore<RateLimitRule> limits();

    /** The providers that a tenant has configured anything for, by id. */
    List<ProviderId> providers(TenantId tenant);
}
