package io.bactrian.core.invoke;

import io.bactrian.core.balance.BalancingSettings;
import io.bactrian.core.balance.LoadBalancingManager;
import io.bactrian.core.config.AuditLog;
import io.bactrian.core.config.ConfigurationSource;
import io.bactrian.core.tenant.Caller;
import io.bactrian.core.tenant.CallerClaim;
import io.bactrian.core.tenant.TenantId;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Hands out models to be called. The way to a model, for endpoints and for code. */
public final class ModelManager {

    private final InvocationChain chain;
    private final CredentialResolver resolver;
    private final TenantInterceptor tenants;
    private final LoadBalancingManager balancing;

    private ModelManager(
            InvocationChain chain,
            CredentialResolver resolver,
            TenantInterceptor tenants,
            LoadBalancingManager balancing) {
        this.chain = chain;
        this.resolver = resolver;
        this.tenants = tenants;
        this.balancing = balancing;
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
     * @param balancing knows who can be called
     * @param quotas what quotas and budgets are kept with; null where they are not kept, and limited ones are refused
     * @param audit takes down calls that are denied, and must not keep them waiting; null where nobody does
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
            int deepest,
            LoadBalancingManager balancing,
            @Nullable QuotaParts quotas,
            @Nullable AuditLog audit) {

        /** A chain without tools and quotas, and with the usual balancing. */
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
                    TenantInterceptor.DEEPEST,
                    new LoadBalancingManager(BalancingSettings.DEFAULTS, System::nanoTime, Clock.systemUTC()),
                    null,
                    null);
        }

        /** The same with tools, and with how deep calls may be nested. */
        public Parts withTools(ToolParts added, int deepestNesting) {
            return with(added, deepestNesting, balancing, quotas, audit);
        }

        /** The same with other balancing. */
        public Parts withBalancing(LoadBalancingManager other) {
            return with(tools, deepest, other, quotas, audit);
        }

        /** The same with quotas and budgets. */
        public Parts withQuotas(QuotaParts added) {
            return with(tools, deepest, balancing, added, audit);
        }

        /** The same, with denied calls taken down. */
        public Parts withAudit(AuditLog added) {
            return with(tools, deepest, balancing, quotas, added);
        }

        private Parts with(
                @Nullable ToolParts ofTools,
                int deepestNesting,
                LoadBalancingManager ofBalancing,
                @Nullable QuotaParts ofQuotas,
                @Nullable AuditLog ofDenials) {
            return new Parts(
                    source,
                    assemblies,
                    dialects,
                    defaultTenant,
                    observers,
                    accessPolicies,
                    credentialPolicies,
                    interceptors,
                    ofTools,
                    deepestNesting,
                    ofBalancing,
                    ofQuotas,
                    ofDenials);
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
        return of(parts, Pauses.ON_THE_THREAD);
    }

    /** With a way to wait between attempts. */
    static ModelManager of(Parts parts, Pauses pauses) {
        CredentialResolver resolver =
                new CredentialResolver(parts.assemblies(), parts.dialects(), parts.quotas() != null);
        ToolParts tools = parts.tools();
        CredentialInterceptor credentials = new CredentialInterceptor(
                resolver, tools == null ? null : tools.credentialResolver(), parts.credentialPolicies());
        TenantInterceptor tenants = new TenantInterceptor(parts.source(), parts.defaultTenant(), parts.deepest());
        Clock clock = parts.assemblies().clock();
        List<Interceptor> links = new ArrayList<>();
        if (parts.audit() != null) {
            // each before those of its phase, and the second one where calls enter again
            links.add(new DenialInterceptor(Phase.TENANT, parts.audit(), clock));
            links.add(new DenialInterceptor(Phase.ACCESS, parts.audit(), clock));
        }
        links.addAll(List.of(
                new ObserveInterceptor(observers(parts.observers())),
                tenants,
                new DefaultModelInterceptor(parts.source()),
                new AccessInterceptor(parts.source(), parts.accessPolicies(), clock),
                credentials,
                new BalanceInterceptor(parts.balancing(), pauses, System::nanoTime),
                new RotationInterceptor(parts.source(), credentials)));
        if (parts.quotas() != null) {
            links.add(QuotaInterceptor.of(parts.quotas()));
        }
        ModelTransport models = new ModelTransport(parts.dialects());
        if (tools == null) {
            links.add(new Transport(models, null));
        } else {
            links.add(new ToolInterceptor(tools.manager()));
            links.add(tools.approvalInterceptor());
            links.add(new Transport(models, new ToolTransport(tools.transformer(), tools.limits())));
        }
        InvocationChain chain = InvocationChain.of(links, parts.interceptors());
        return new ModelManager(chain, resolver, tenants, parts.balancing());
    }

    private static List<CallObserver> observers(List<CallObserver> beans) {
        List<CallObserver> all = new ArrayList<>(beans);
        all.add(new SpendingObserver());
        return all;
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

    /** Knows who can be called, and who is out until when. */
    public LoadBalancingManager balancing() {
        return balancing;
    }

    /** The chain that every call passes. */
    public InvocationChain chain() {
        return chain;
    }
}
