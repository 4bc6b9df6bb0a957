package io.bactrian.core.invoke;

import io.bactrian.core.config.ConfigurationSource;
import io.bactrian.core.tenant.Caller;
import io.bactrian.core.tenant.CallerClaim;
import io.bactrian.core.tenant.TenantId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Hands out models to be called. The way to a model, for endpoints and for code. */
public final class ModelManager {

    private final InvocationChain chain;
    private final CredentialResolver resolver;
    private final TenantInterceptor tenants;

    private ModelManager(InvocationChain chain, CredentialResolver resolver, TenantInterceptor tenants) {
        this.chain = chain;
        this.resolver = resolver;
        this.tenants = tenants;
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
     * @param tools what calls of tools need; null where there are no tools
     * @param deepest how deep calls may be nested
     */
    public record Parts(
            ConfigurationSource source,
            ModelAssemblies assemblies,
            Dialects dialects,
            @Nullable TenantId defaultTenant,
            List<CallObserver> observers,
            List<AccessPolicy> accessPolicies,
            List<CredentialPolicy> credentialPolicies,
            List<Interceptor> interceptors,
            @Nullable ToolParts tools,
            int deepest) {

        /** A chain without tools. */
        public Parts(
                ConfigurationSource source,
                ModelAssemblies assemblies,
                Dialects dialects,
                @Nullable TenantId defaultTenant,
                List<CallObserver> observers,
                List<AccessPolicy> accessPolicies,
                List<CredentialPolicy> credentialPolicies,
                List<Interceptor> interceptors) {
            this(
                    source,
                    assemblies,
                    dialects,
                    defaultTenant,
                    observers,
                    accessPolicies,
                    credentialPolicies,
                    interceptors,
                    null,
                    TenantInterceptor.DEEPEST);
        }

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
        ToolParts tools = parts.tools();
        CredentialInterceptor credentials = new CredentialInterceptor(
                resolver, tools == null ? null : tools.credentialResolver(), parts.credentialPolicies());
        TenantInterceptor tenants = new TenantInterceptor(parts.source(), parts.defaultTenant(), parts.deepest());
        List<Interceptor> links = new ArrayList<>(List.of(
                new ObserveInterceptor(parts.observers()),
                tenants,
                new DefaultModelInterceptor(parts.source()),
                new AccessInterceptor(parts.source(), parts.accessPolicies()),
                credentials,
                new RotationInterceptor(parts.source(), credentials)));
        ModelTransport models = new ModelTransport(parts.dialects());
        if (tools == null) {
            links.add(new Transport(models, null));
        } else {
            links.add(new ToolInterceptor(tools.manager()));
            links.add(tools.approvalInterceptor());
            links.add(new Transport(models, new ToolTransport(tools.transformer(), tools.limits())));
        }
        InvocationChain chain = InvocationChain.of(links, parts.interceptors());
        return new ModelManager(chain, resolver, tenants);
    }

    /** A model, to be called on somebody's behalf. */
    public ModelInstance instance(CallerClaim claim, InvocationTarget target) {
        return new ModelInstance(chain, claim, target);
    }

    /**
     * Who makes a call, as the tenant phase settles it: for agents, which make calls of their own on somebody's behalf.
     *
     * @throws io.bactrian.core.error.InvokeException if the call would be refused there
     */
    public Caller caller(CallerClaim claim) {
        return tenants.settle(claim);
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
