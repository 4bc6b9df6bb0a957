package io.bactrian.core.config;

import io.bactrian.core.credential.CredentialId;
import io.bactrian.core.provider.ModelType;
import io.bactrian.core.provider.ProviderId;
import io.bactrian.core.provider.ProviderType;
import io.bactrian.core.tenant.TenantId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All that one tenant has configured for one provider.
 *
 * @param tenant the tenant
 * @param provider the provider
 * @param configured whether the tenant has a configuration of its own at provider level: true from its first
 *     credential until the provider is reset, also while no credential is left
 * @param enabled whether the tenant's own configuration may be used
 * @param activeCredential the provider-level credential in force; null when there is none
 * @param credentials all provider-level credentials, oldest first
 * @param models configurations of single models
 * @param settings switches of single models
 * @param preferredType whose credentials the tenant wants to use; null for the rule (its own if it has any)
 * @param descend whether a configuration of its own that cannot be used gives way to the operator's
 * @param balancing how calls of single models are spread over several credentials
 */
public record ProviderRecord(
        TenantId tenant,
        ProviderId provider,
        boolean configured,
        boolean enabled,
        @Nullable CredentialId activeCredential,
        List<StoredCredential> credentials,
        List<CustomModelRecord> models,
        List<ModelSetting> settings,
        @Nullable ProviderType preferredType,
        boolean descend,
        List<ModelBalancing> balancing) {

    /** A record without balancing. */
    public ProviderRecord(
            TenantId tenant,
            ProviderId provider,
            boolean configured,
            boolean enabled,
            @Nullable CredentialId activeCredential,
            List<StoredCredential> credentials,
            List<CustomModelRecord> models,
            List<ModelSetting> settings,
            @Nullable ProviderType preferredType,
            boolean descend) {
        this(
                tenant,
                provider,
                configured,
                enabled,
                activeCredential,
                credentials,
                models,
                settings,
                preferredType,
                descend,
                List.of());
    }

    /** Copies the lists. */
    public ProviderRecord {
        credentials = List.copyOf(credentials);
        models = List.copyOf(models);
        settings = List.copyOf(settings);
        balancing = List.copyOf(balancing);
    }

    /** Nothing configured. */
    public static ProviderRecord none(TenantId tenant, ProviderId provider) {
        return new ProviderRecord(tenant, provider, false, true, null, List.of(), List.of(), List.of(), null, false);
    }

    /**
     * This record with what {@code lower} adds to it: provider credentials if this one has no configuration of the
     * provider, models and switches that it does not have, the preference if it states none.
     */
    ProviderRecord over(ProviderRecord lower) {
        ProviderRecord own = configured ? this : lower;
        boolean preference = preferredType != null || descend;
        return new ProviderRecord(
                tenant,
                provider,
                own.configured,
                own.enabled,
                own.activeCredential,
                own.credentials,
                united(models, lower.models, record -> record.type() + "/" + record.model()),
                united(settings, lower.settings, setting -> setting.type() + "/" + setting.model()),
                preference ? preferredType : lower.preferredType,
                preference ? descend : lower.descend,
                united(balancing, lower.balancing, one -> one.type() + "/" + one.model()).stream()
                        .map(one -> one.among(id -> holds(own.credentials, models, lower.models, id)))
                        .toList());
    }

    /** Whether what is configured on two levels has a credential: what only a lower one has is not there beside an upper one. */
    private static boolean holds(
            List<StoredCredential> ofProvider,
            List<CustomModelRecord> upper,
            List<CustomModelRecord> lower,
            CredentialId id) {
        return Stream.of(
                        ofProvider.stream(),
                        upper.stream().flatMap(model -> model.credentials().stream()),
                        lower.stream().flatMap(model -> model.credentials().stream()))
                .flatMap(Function.identity())
                .anyMatch(credential -> credential.id().equals(id));
    }

    private static <T> List<T> united(List<T> upper, List<T> lower, Function<T, String> key) {
        Map<String, T> united = new LinkedHashMap<>();
        upper.forEach(item -> united.put(key.apply(item), item));
        lower.forEach(item -> united.putIfAbsent(key.apply(item), item));
        return List.copyOf(united.values());
    }

    /** The configuration of one model. */
    public Optional<CustomModelRecord> model(ModelType type, String model) {
        return models.stream()
                .filter(record -> record.type() == type && record.model().equals(model))
                .findFirst();
    }

    /** How calls of one model are spread. */
    public Optional<ModelBalancing> balancing(ModelType type, String model) {
        return balancing.stream()
                .filter(one -> one.type() == type && one.model().equals(model))
                .findFirst();
    }

    /** Whether the tenant's callers may use the model: true unless it was switched off. */
    public boolean modelEnabled(ModelType type, String model) {
        return settings.stream()
                .noneMatch(setting -> !setting.enabled()
                        && setting.type() == type
                        && setting.model().equals(model));
    }
}
