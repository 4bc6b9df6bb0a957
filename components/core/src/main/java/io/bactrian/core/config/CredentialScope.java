package io.bactrian.core.config;

import io.bactrian.core.provider.ModelType;
import io.bactrian.core.provider.ProviderId;

/** What a credential opens: a provider with all its models, or one model. */
public sealed interface CredentialScope {

    /** The provider in question. */
    ProviderId provider();

    /**
     * A provider with all its models.
     *
     * @param provider the provider
     */
    record OfProvider(ProviderId provider) implements CredentialScope {
        @Override
        public String toString() {
            return provider.value();
        }
    }

    /**
     * One model.
     *
     * @param provider the provider
     * @param model the model's name
     * @param type what the model does
     */
    record OfModel(ProviderId provider, String model, ModelType type) implements CredentialScope {
        @Override
        public String toString() {
            return provider + "/" + model + " (" + type + ")";
        }
    }
}
