package io.bactrian.tool.builtin;

import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tool.ToolProviderController;
import io.bactrian.core.tool.ToolProviderSource;
import io.bactrian.core.tool.ToolProviderType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Providers that every tenant has: those that come with the component, or a project's own. */
final class BuiltinToolSource implements ToolProviderSource {

    private final List<ToolProviderController> providers;
    private final Map<String, ToolProviderController> byName;

    BuiltinToolSource(List<ToolProviderController> providers) {
        this.providers = List.copyOf(providers);
        // never changed; asked at every call, for which this is quicker than a map that cannot be changed
        this.byName = providers.stream()
                .collect(Collectors.toMap(provider -> provider.entity().name(), Function.identity()));
    }

    @Override
    public ToolProviderType toolProviderType() {
        return ToolProviderType.BUILTIN;
    }

    @Override
    public Optional<ToolProviderController> provider(TenantId tenant, String name) {
        return Optional.ofNullable(byName.get(name));
    }

    @Override
    public List<ToolProviderController> providers(TenantId tenant) {
        return providers;
    }
}
