package io.bactrian.core.config;

import io.bactrian.core.provider.ProviderId;
import java.util.List;

/** The providers that the operator pays for. */
public interface SystemProviderSource {

    /** Counts changes; cheap. */
    long version();

    /** The operator's entries for a provider, in the order declared. */
    List<SystemProvider> systemProviders(ProviderId provider);

    /** A source without entries. */
    static SystemProviderSource none() {
        return of(List.of());
    }

    /** A source whose entries never change. */
    static SystemProviderSource of(List<SystemProvider> entries) {
        List<SystemProvider> fixed = List.copyOf(entries);
        return new SystemProviderSource() {
            @Override
            public long version() {
                return 0;
            }

            @Override
            public List<SystemProvider> systemProviders(ProviderId provider) {
                return fixed.stream()
                        .filter(entry -> entry.provider().equals(provider))
                        .toList();
            }
        };
    }
}
