package io.bactrian.tool.workflow;

import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tool.Tool;
import io.bactrian.core.tool.ToolEntity;
import io.bactrian.core.tool.ToolProviderController;
import io.bactrian.core.tool.ToolProviderEntity;
import io.bactrian.core.tool.ToolProviderType;
import java.util.List;
import java.util.Set;

/**
 * A route as the one tool of a provider of its own name.
 *
 * @param entity the provider
 * @param tool the tool
 * @param tenants whom it is for; empty for all
 * @param route the id of the route
 */
record Publication(ToolProviderEntity entity, Tool tool, Set<TenantId> tenants, String route)
        implements ToolProviderController {

    Publication {
        tenants = Set.copyOf(tenants);
    }

    /** The name of the tool. */
    String name() {
        return entity.name();
    }

    /** The declaration of the tool. */
    ToolEntity declaration() {
        return tool.entity();
    }

    /** Whether it is for that tenant. */
    boolean isFor(TenantId tenant) {
        return tenants.isEmpty() || tenants.contains(tenant);
    }

    /** Whether there may be a tenant for whom both are. */
    boolean overlaps(Publication other) {
        return tenants.isEmpty() || other.tenants.isEmpty() || tenants.stream().anyMatch(other.tenants::contains);
    }

    @Override
    public ToolProviderType toolProviderType() {
        return ToolProviderType.WORKFLOW;
    }

    @Override
    public List<Tool> tools() {
        return List.of(tool);
    }

    /** The route and whom it is for. */
    @Override
    public String toString() {
        return "route '" + route + "' (" + (tenants.isEmpty() ? "all tenants" : "tenants " + sorted()) + ")";
    }

    private List<String> sorted() {
        return tenants.stream().map(TenantId::value).sorted().toList();
    }
}
