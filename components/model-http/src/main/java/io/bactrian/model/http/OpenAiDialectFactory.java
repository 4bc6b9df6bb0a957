package io.bactrian.model.http;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.MisconfiguredException;
import io.bactrian.core.model.DialectEnvironment;
import io.bactrian.core.model.ModelDialect;
import io.bactrian.core.model.ModelDialectFactory;
import io.bactrian.core.provider.ProviderSource;
import io.bactrian.egress.EgressClient;
import io.bactrian.egress.EgressLimits;
import java.time.Clock;
import java.util.List;

/**
 * Brings the OpenAI dialect and the provider catalogue. From the environment it takes the {@link EgressClient} that
 * every call leaves through and, where the installation has them, its {@link EgressLimits} and its {@link Clock}.
 */
public final class OpenAiDialectFactory implements ModelDialectFactory {

    /** Found by {@link java.util.ServiceLoader}. */
    public OpenAiDialectFactory() {}

    @Override
    public List<ModelDialect> dialects(DialectEnvironment environment) {
        EgressClient client = environment
                .find(EgressClient.class)
                .orElseThrow(() -> new MisconfiguredException(
                        ErrorCode.MISCONFIGURED,
                        "the dialect '" + OpenAiDialect.NAME
                                + "' needs an EgressClient: add bactrian-engine, which makes one"));
        return List.of(new OpenAiDialect(
                client,
                environment.find(EgressLimits.class).orElse(EgressLimits.DEFAULT),
                environment.find(Clock.class).orElseGet(Clock::systemUTC)));
    }

    @Override
    public List<ProviderSource> providers(DialectEnvironment environment) {
        return List.of(CatalogProviderSource.of(environment));
    }
}
