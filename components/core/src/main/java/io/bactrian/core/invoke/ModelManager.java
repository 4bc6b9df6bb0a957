package io.bactrian.core.invoke;

import io.bactrian.core.config.ConfigurationSource;
import io.bactrian.core.tenant.CallerClaim;
import io.bactrian.core.tenant.TenantId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Hands out models to be called. The way to a model, for endpoints and for code. */
public final class ModelManager {

    private final InvocationChain chain;
    private final CredentialResolver resolver;

    private ModelManager(InvocationChain chain, CredentialResolver resolver) {
        this.chain = chain;
        this.resolver = resolver;
    }

    /**
     * What a chain is assembled of.
     *
     * @param source tenants and what they configured
     * @param assemblies the tenants' assemblies over that source
     * @param dialects who speaks to providers
     * @param defaultTenant the tenant of calls that name none; null to refuse them
     * @param observers who learns of calls
     * @param accessPolicies who may call what, beyond membership
     * @param credentialPolicies which credentials may be used by whom
     * @param interceptors the users' links
     */
    public record Parts(
            ConfigurationSource source,
            ModelAssemblies assemblies,
            Dialects dialects,
            @Nullable TenantId defaultTenant,
            List<CallObserver> observers,
            List<AccessPolicy> accessPolicies,
            List<CredentialPolicy> credentialPolicies,
            List<Interceptor> interceptors) {
        /** Copies the lists. */
        public Parts {
            observers = List.copyOf(observers);
            accessPolicies = List.copyOf(accessPolicies);
            credentialPolicies = List.copyOf(credentialPolicies);
            interceptors = List.copyOf(interceptors);
        }
    }

    /** Assembles the chain. */
    public static ModelManager of(Parts parts) {
        CredentialResolver resolver = new CredentialResolver(parts.assemblies(), parts.dialects(), false);
        CredentialInterceptor credentials = new CredentialInterceptor(resolver, parts.credentialPolicies());
        InvocationChain chain = InvocationChain.of(
                List.of(
                        new ObserveInterceptor(parts.observers()),
                        new TenantInterceptor(parts.source(), parts.defaultTenant()),
                        new DefaultModelInterceptor(parts.source()),
                        new AccessInterceptor(parts.source(), parts.accessPolicies()),
                        credentials,
                        new RotationInterceptor(parts.source(), resolver, credentials),
                        new ModelTransport(parts.dialects())),
                parts.interceptors());
        return new ModelManager(chain, resolver);
    }

    /** A model, to be called on somebody's behalf. */
    public ModelInstance instance(CallerClaim claim, InvocationTarget target) {
        return new ModelInstance(chain, claim, target);
    }

    /** Answers which credential would pay. */
    public CredentialResolver resolver() {
        return resolver;
    }

    /** The chain that every call passes. */
    public InvocationChain chain() {
        return chain;
    }
}
