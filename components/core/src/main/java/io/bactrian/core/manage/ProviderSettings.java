package io.bactrian.core.manage;

import io.bactrian.core.provider.ProviderEntity;
import io.bactrian.core.provider.ProviderType;
import java.util.Optional;

/**
 * What a tenant has configured for a provider, as its members see it.
 *
 * @param provider the provider's declaration
 * @param configured whether the tenant has a configuration of its own
 * @param enabled whether that may be used
 * @param preferred whose credentials the tenant wants to use; empty for the rule (its own if it has any)
 * @param descend whether a configuration of its own that cannot be used gives way to the operator's
 * @param credentials how many credentials the tenant has, those of single models among them
 */
public record ProviderSettings(
        ProviderEntity provider,
        boolean configured,
        boolean enabled,
        Optional<ProviderType> preferred,
        boolean descend,
        int credentials) {}
