package io.bactrian.core.provider;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** All provider declarations by id. Immutable; where two sources declare the same id, the later one wins. */
public final class ProviderCatalog {

    private final Map<ProviderId, ProviderEntity> providers;

    private ProviderCatalog(Map<ProviderId, ProviderEntity> providers) {
        this.providers = providers;
    }

    /** The catalogue of these sources, in ascending precedence. */
    public static ProviderCatalog of(List<? extends ProviderSource> sources) {
        Map<ProviderId, ProviderEntity> all = new TreeMap<>();
        sources.forEach(source -> source.providers().forEach(provider -> all.put(provider.provider(), provider)));
        return new ProviderCatalog(Collections.unmodifiableMap(all));
    }

    /** The provider of that id. */
    public Optional<ProviderEntity> find(ProviderId id) {
        return Optional.ofNullable(providers.get(id));
    }

    /** All providers, by id. */
    public Collection<ProviderEntity> all() {
        return providers.values();
    }
}
