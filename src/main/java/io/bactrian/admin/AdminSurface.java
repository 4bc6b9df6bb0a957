package io.bactrian.admin;

import io.bactrian.core.credential.Secret;
import io.bactrian.engine.Installation;
import io.bactrian.http.Administration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.RoutesBuilder;

/** The administration of an installation over HTTP. */
public final class AdminSurface {

    /** The setting that says whether it is served. */
    public static final String ENABLED = "bactrian.admin.enabled";

    private final Map<String, Operations> byTag = new LinkedHashMap<>();
    private final Operations all;
    private final AdminDispatcher dispatcher;

    /** @param installation what is administered */
    public AdminSurface(Installation installation) {
        tag("tenants", new TenantResource(installation.tenantManager()).operations());
        tag("members", new MemberResource(installation.memberManager()).operations());
        tag("api-keys", new ApiKeyResource(installation.apiKeyManager()).operations());
        tag("providers", new ProviderResource(installation.providerSettingsManager()).operations());
        tag("credentials", credentials(installation));
        tag("models", models(installation));
        tag(
                "balancing",
                new BalancingResource(installation.balancingManager(), installation.modelManager()).operations());
        tag("budgets", new BudgetResource(installation.budgetManager()).operations());
        tag("limits", new LimitResource(installation.limitManager()).operations());
        tag("usage", new UsageResource(installation.usageManager(), installation.clock()).operations());
        tag("approvals", new ApprovalResource(installation.approvalManager()).operations());
        tag("audit", new AuditResource(installation.auditManager()).operations());
        List<Operation> operations = new ArrayList<>();
        byTag.values().forEach(of -> operations.addAll(of.all()));
        this.all = new Operations(operations);
        this.dispatcher = new AdminDispatcher(all, installation.configuration(), installation.access());
    }

    private void tag(String tag, List<Operation> operations) {
        byTag.put(tag, new Operations(operations));
    }

    private static List<Operation> credentials(Installation installation) {
        List<Operation> operations = new ArrayList<>(
                CredentialResource.ofProviders(installation.credentialManager()).operations());
        operations.addAll(
                CredentialResource.ofModels(installation.credentialManager()).operations());
        return operations;
    }

    private static List<Operation> models(Installation installation) {
        List<Operation> operations =
                new ArrayList<>(new ModelResource(installation.modelSettingsManager()).operations());
        operations.addAll(new DefaultModelResource(installation.modelSettingsManager()).operations());
        return operations;
    }

    /** The routes that serve it. */
    public RoutesBuilder routes() {
        return new AdminRoutes(byTag, dispatcher);
    }

    /**
     * What the server has to know of it.
     *
     * @param operatorToken lets whoever runs the installation in
     * @param context has the routes when the description is asked for
     */
    public Administration administration(Secret operatorToken, CamelContext context) {
        return new Administration(operatorToken, new OpenApiDocument(context), all::methods);
    }
}
