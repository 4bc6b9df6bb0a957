package io.bactrian.cli;

import io.bactrian.core.config.CredentialScope;
import io.bactrian.core.provider.ModelType;
import io.bactrian.core.provider.ProviderId;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What a credential opens: a provider, or one of its models. */
final class CredentialScopeOptions {

    @Parameters(index = "0", paramLabel = "PROVIDER", description = "The provider.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    ProviderId provider;

    @Option(
            names = "--model",
            paramLabel = "MODEL",
            description = "The model it is for; without it, all of the provider's.")
    @Nullable
    String model;

    @Option(
            names = "--type",
            paramLabel = "TYPE",
            defaultValue = "llm",
            description = "What that model does: llm or text-embedding; by default ${DEFAULT-VALUE}.")
    ModelType type = ModelType.LLM;

    CredentialScope scope() {
        return model == null
                ? new CredentialScope.OfProvider(provider)
                : new CredentialScope.OfModel(provider, model, type);
    }
}
