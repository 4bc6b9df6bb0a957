package io.bactrian.model.local;

import io.bactrian.core.model.DialectEnvironment;
import io.bactrian.core.model.ModelDialect;
import io.bactrian.core.model.ModelDialectFactory;
import io.bactrian.core.provider.ProviderSource;
import java.util.List;

/** Brings the dialect {@code local} and the provider of the same name. Costs nothing until a model is first asked. */
public final class LocalDialectFactory implements ModelDialectFactory {

    @Override
    public List<ModelDialect> dialects(DialectEnvironment environment) {
        return List.of(new LocalDialect(environment));
    }

    @Override
    public List<ProviderSource> providers(DialectEnvironment environment) {
        return List.of(() -> List.of(LocalProvider.DECLARATION));
    }
}
