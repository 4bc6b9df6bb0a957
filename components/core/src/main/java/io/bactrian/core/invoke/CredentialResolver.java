package io.bactrian.core.invoke;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.provider.ProviderCatalog;
import io.bactrian.core.provider.ProviderEntity;
import io.bactrian.core.provider.ProviderId;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tenant.UserId;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Answers which credential pays for a call: custom model credentials, custom provider credentials, system credentials,
 * hosted quota. Fails closed and says why. An answer is kept until the tenant's configuration changes.
 */
public final class CredentialResolver {

    private final ModelAssemblies assemblies;
    private final Dialects dialects;
    private final boolean quotaEnforced;

    /**
     * @param assemblies the tenants' configuration
     * @param dialects asked what they know of models that users name
     * @param quotaEnforced whether the chain has a quota phase; without one, metered credentials are refused
     */
    public CredentialResolver(ModelAssemblies assemblies, Dialects dialects, boolean quotaEnforced) {
        this.assemblies = assemblies;
        this.dialects = dialects;
        this.quotaEnforced = quotaEnforced;
    }

    /**
     * Resolves the credentials of a call that names no user. Never throws for what a tenant has or has not configured: that is in the answer.
     *
     * @throws io.bactrian.core.error.UnavailableException with {@code store_unavailable} if the source cannot answer
     */
    public Resolution resolve(TenantId tenant, InvocationTarget.Model target) {
        return resolve(tenant, null, target);
    }

    /**
     * Resolves the credentials of a call that a user makes: those that are for others are not there.
     *
     * @param user the user; null for a call that names none, which has what is for all of the tenant
     * @throws io.bactrian.core.error.UnavailableException with {@code store_unavailable} if the source cannot answer
     */
    public Resolution resolve(TenantId tenant, @Nullable UserId user, InvocationTarget.Model target) {
        ProviderManager manager = assemblies.of(tenant).providerManager();
        Optional<ProviderConfiguration> found = manager.configuration(target.provider());
        if (found.isEmpty()) {
            return unknownProvider(tenant, target, manager.catalog());
        }
        ProviderConfiguration configuration = found.get();
        return resolution(configuration, configuration.audience(user), target);
    }

    /**
     * Resolves as if every credential of the tenant were for whoever asks: for those who manage them, and want to see how they are
     * doing. No call is made by it.
     *
     * @throws io.bactrian.core.error.UnavailableException with {@code store_unavailable} if the source cannot answer
     */
    public Resolution resolveForManagers(TenantId tenant, InvocationTarget.Model target) {
        ProviderManager manager = assemblies.of(tenant).providerManager();
        return manager.configuration(target.provider())
                .map(configuration -> resolution(configuration, configuration.managers(), target))
                .orElseGet(() -> unknownProvider(tenant, target, manager.catalog()));
    }

    private Resolution resolution(
            ProviderConfiguration configuration, Audience audience, InvocationTarget.Model target) {
        Resolution known = configuration.known(audience, target, assemblies.clock());
        return known != null ? known : configuration.keep(audience, target, walk(configuration, audience, target));
    }

    /** What a tenant has at a provider; empty if no provider of that name is declared. */
    public Optional<ProviderConfiguration> configuration(TenantId tenant, ProviderId provider) {
        return assemblies.of(tenant).providerManager().configuration(provider);
    }

    /** Whether a tenant can call a model, and if not, why. */
    public ModelStatus status(TenantId tenant, InvocationTarget.Model target) {
        return ModelStatus.of(resolve(tenant, target));
    }

    private Resolution walk(ProviderConfiguration configuration, Audience audience, InvocationTarget.Model target) {
        Resolution found = new ResolutionWalk(
                        configuration,
                        audience,
                        target,
                        dialects,
                        quotaEnforced,
                        assemblies.clock().instant())
                .walk();
        return configuration.stale() ? found.asStale(configuration.sourceName()) : found;
    }

    private static Resolution unknownProvider(TenantId tenant, InvocationTarget.Model target, ProviderCatalog catalog) {
        String known = catalog.all().stream()
                .map(ProviderEntity::provider)
                .map(Object::toString)
                .collect(Collectors.joining(", "));
        return new Resolution(
                tenant,
                target,
                null,
                null,
                List.of(),
                List.of(),
                new Resolution.Refusal(
                        ErrorCode.PROVIDER_NOT_FOUND,
                        "there is no provider '" + target.provider() + "' (there are: " + known
                                + "): correct the name, or declare it in config/providers/" + target.provider()
                                + ".yaml; any server that speaks the OpenAI API is reached through"
                                + " 'openai-compatible'"));
    }
}
