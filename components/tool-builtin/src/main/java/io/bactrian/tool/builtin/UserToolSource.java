package io.bactrian.tool.builtin;

import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tool.ToolProviderController;
import io.bactrian.core.tool.ToolProviderSource;
import io.bactrian.core.tool.ToolProviderType;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The providers that a project's own beans are; every tenant has them. */
final class UserToolSource implements ToolProviderSource {

    private final Map<String, ToolProviderController> providers;

    /** @param providers the providers by name, in order */
    UserToolSource(Map<String, ToolProviderController> providers) {
        this.providers = providers;
    }

    @Override
    public ToolProviderType toolProviderType() {
        return ToolProviderType.BUILTIN;
    }

    @Override
    public Optional<ToolProviderController> provider(TenantId tenant, String name) {
        return Optional.ofNullable(providers.get(name));
    }

    @Override
    public List<ToolProviderController> providers(TenantId tenant) {
        return List.copyOf(providers.values());
    }
}
