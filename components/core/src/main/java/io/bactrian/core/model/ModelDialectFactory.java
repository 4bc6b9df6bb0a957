package io.bactrian.core.model;

import io.bactrian.core.provider.ProviderSource;
import java.util.List;

/** Makes dialects when a context starts. Found by {@link java.util.ServiceLoader}, or as a bean. */
public interface ModelDialectFactory {

    /** The dialects, ready to be called. */
    List<ModelDialect> dialects(DialectEnvironment environment);

    /** Provider declarations that come with the dialects; none by default. */
    default List<ProviderSource> providers(DialectEnvironment environment) {
        return List.of();
    }
}
