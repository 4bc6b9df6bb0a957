package io.bactrian.core.config;

import io.bactrian.core.credential.CredentialId;
import io.bactrian.core.provider.ModelType;
import io.bactrian.core.provider.ProviderType;
import io.bactrian.core.tenant.UserId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A provider's record with one thing changed. */
final class MemoryProviders {

    private MemoryProviders() {}

    static ProviderRecord withCredentials(
            ProviderRecord old, @Nullable CredentialId active, List<StoredCredential> credentials) {
        return new ProviderRecord(
                old.tenant(),
                old.provider(),
                true,
                old.enabled(),
                active,
                credentials,
                old.models(),
                old.settings(),
                old.preferredType(),
                old.descend(),
                old.balancing());
    }

    static ProviderRecord withModels(ProviderRecord old, List<CustomModelRecord> models) {
        return new ProviderRecord(
                old.tenant(),
                old.provider(),
                old.configured(),
                old.enabled(),
                old.activeCredential(),
                old.credentials(),
                models,
                old.settings(),
                old.preferredType(),
                old.descend(),
                old.balancing());
    }

    /** The record after a user has left: no credential lists them any more. */
    static ProviderRecord withoutUser(ProviderRecord old, UserId user) {
        List<CustomModelRecord> models = old.models().stream()
                .map(model -> new CustomModelRecord(
                        model.model(),
                        model.type(),
                        model.activeCredential(),
                        MemoryCredentials.without(model.credentials(), user)))
                .toList();
        return new ProviderRecord(
                old.tenant(),
                old.provider(),
                old.configured(),
                old.enabled(),
                old.activeCredential(),
                MemoryCredentials.without(old.credentials(), user),
                models,
                old.settings(),
                old.preferredType(),
                old.descend(),
                old.balancing());
    }

    static ProviderRecord withoutModel(ProviderRecord old, String model, ModelType type) {
        ProviderRecord without = withModels(
                old,
                old.models().stream()
                        .filter(other -> other.type() != type || !other.model().equals(model))
                        .toList());
        return withBalancing(without, MemoryBalancing.without(without, model, type));
    }

    static ProviderRecord withBalancing(ProviderRecord old, List<ModelBalancing> balancing) {
        return new ProviderRecord(
                old.tenant(),
                old.provider(),
                old.configured(),
                old.enabled(),
                old.activeCredential(),
                old.credentials(),
                old.models(),
                old.settings(),
                old.preferredType(),
                old.descend(),
                balancing);
    }

    static ProviderRecord withEnabled(ProviderRecord old, boolean enabled) {
        return new ProviderRecord(
                old.tenant(),
                old.provider(),
                old.configured(),
                enabled,
                old.activeCredential(),
                old.credentials(),
                old.models(),
                old.settings(),
                old.preferredType(),
                old.descend(),
                old.balancing());
    }

    static ProviderRecord withPreference(ProviderRecord old, @Nullable ProviderType preferred, boolean descend) {
        return new ProviderRecord(
                old.tenant(),
                old.provider(),
                old.configured(),
                old.enabled(),
                old.activeCredential(),
                old.credentials(),
                old.models(),
                old.settings(),
                preferred,
                descend,
                old.balancing());
    }

    static ProviderRecord withSetting(ProviderRecord old, ModelSetting setting) {
        List<ModelSetting> settings = new ArrayList<>(old.settings());
        settings.removeIf(
                other -> other.type() == setting.type() && other.model().equals(setting.model()));
        settings.add(setting);
        return new ProviderRecord(
                old.tenant(),
                old.provider(),
                old.configured(),
                old.enabled(),
                old.activeCredential(),
                old.credentials(),
                old.models(),
                settings,
                old.preferredType(),
                old.descend(),
                old.balancing());
    }
}
