package io.bactrian.core.manage;

import io.bactrian.core.invoke.ModelStatus;
import io.bactrian.core.provider.AIModelEntity;

/**
 * A model as a tenant has it.
 *
 * @param model its declaration, or what is assumed of one that the tenant named
 * @param enabled whether the tenant's callers may use it, as far as the tenant is concerned
 * @param custom whether the tenant has a configuration of its own for it
 * @param status whether it can be called, and if not, why
 */
public record ModelSettings(AIModelEntity model, boolean enabled, boolean custom, ModelStatus status) {}
