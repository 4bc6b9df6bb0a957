package io.bactrian.core.config;

import io.bactrian.core.provider.ProviderId;

/**
 * A model by name.
 *
 * @param provider the provider
 * @param model the model's name
 */
public record ModelReference(ProviderId provider, String model) {
    @Override
    public String toString() {
        return provider + "/" + model;
    }
}
