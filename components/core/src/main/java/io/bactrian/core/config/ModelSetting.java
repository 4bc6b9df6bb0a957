package io.bactrian.core.config;

import io.bactrian.core.provider.ModelType;

/**
 * A tenant's switch for one model ({@code provider_model_settings}).
 *
 * @param model the model's name
 * @param type what it does
 * @param enabled whether the tenant's callers may use it
 */
public record ModelSetting(String model, ModelType type, boolean enabled) {}
