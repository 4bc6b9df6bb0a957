package io.bactrian.core.manage;

import io.bactrian.core.access.AccessControl;
import io.bactrian.core.access.Actor;
import io.bactrian.core.access.Permission;
import io.bactrian.core.config.ConfigurationSource;
import io.bactrian.core.config.ConfigurationStore;
import io.bactrian.core.config.ModelReference;
import io.bactrian.core.config.ModelSetting;
import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.invoke.CredentialResolver;
import io.bactrian.core.invoke.InvocationTarget;
import io.bactrian.core.invoke.ProviderConfiguration;
import io.bactrian.core.provider.AIModelEntity;
import io.bactrian.core.provider.ModelType;
import io.bactrian.core.provider.ProviderCatalog;
import io.bactrian.core.provider.ProviderId;
import io.bactrian.core.tenant.TenantId;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which models a tenant has, which of them are on, and which are the defaults. All members see it, owners and admins change it. */
public final class ModelSettingsManager {

    private final ConfigurationStore store;
    private final ConfigurationSource source;
    private final ProviderCatalog catalog;
    private final CredentialResolver resolver;
    private final AccessControl access;

    /**
     * @param store where it is written
     * @param source what is in force, that of settings too
     * @param catalog knows the models
     * @param resolver knows whether they can be called
     * @param access decides who may, and takes it down
     */
    public ModelSettingsManager(
            ConfigurationStore store,
            ConfigurationSource source,
            ProviderCatalog catalog,
            CredentialResolver resolver,
            AccessControl access) {
        this.store = store;
        this.source = source;
        this.catalog = catalog;
        this.resolver = resolver;
        this.access = access;
    }

    /**
     * The models of a provider: those declared and those that the tenant added, by type.
     *
     * @throws BadRequestException with {@code provider_not_found}
     */
    public List<ModelSettings> list(Actor actor, TenantId tenant, ProviderId provider) {
        access.require(actor, tenant, Permission.PROVIDER_VIEW, provider.value());
        ProviderSettingsManager.declared(catalog, provider);
        List<ModelSettings> all = new ArrayList<>();
        resolver.configuration(tenant, provider).ifPresent(configuration -> {
            for (ModelType type : ModelType.values()) {
                configuration
                        .bundle(type)
                        .models()
                        .forEach(model -> all.add(settings(tenant, configuration, type, model)));
            }
        });
        return all;
    }

    /**
     * A model of a provider: one of those that are listed, or one that the provider lets a tenant name.
     *
     * @throws BadRequestException with {@code provider_not_found}
     */
    public Optional<ModelSettings> find(
            Actor actor, TenantId tenant, ProviderId provider, String model, ModelType type) {
        access.require(actor, tenant, Permission.PROVIDER_VIEW, provider.value());
        checkName(model);
        Optional<AIModelEntity> entity =
                ProviderSettingsManager.declared(catalog, provider).modelOrTemplate(type, model);
        return resolver.configuration(tenant, provider)
                .flatMap(configuration -> entity.map(found -> settings(tenant, configuration, type, found)));
    }

    private ModelSettings settings(
            TenantId tenant, ProviderConfiguration configuration, ModelType type, AIModelEntity model) {
        String name = model.model();
        return new ModelSettings(
                model,
                configuration.custom().modelEnabled(type, name),
                configuration.custom().model(type, name).isPresent(),
                resolver.status(
                        tenant,
                        InvocationTarget.Model.of(configuration.provider().provider(), name, type)));
    }

    /** Lets a tenant's callers use a model, or no longer. */
    public void enable(
            Actor actor, TenantId tenant, ProviderId provider, String model, ModelType type, boolean enabled) {
        String action = enabled ? "model.enable" : "model.disable";
        access.audited(actor, tenant, Permission.MODEL_MANAGE, action, subject(provider, model, type), () -> {
            ProviderSettingsManager.declared(catalog, provider);
            checkName(model);
            store.enableModel(tenant, provider, new ModelSetting(model, type, enabled));
            return provider;
        });
    }

    /**
     * Removes a tenant's own configuration of a model, its credentials too.
     *
     * @throws BadRequestException with {@code model_not_found} if there is none
     */
    public void remove(Actor actor, TenantId tenant, ProviderId provider, String model, ModelType type) {
        access.audited(actor, tenant, Permission.MODEL_MANAGE, "model.remove", subject(provider, model, type), () -> {
            if (!store.removeModel(tenant, provider, model, type)) {
                throw new BadRequestException(
                        ErrorCode.MODEL_NOT_FOUND,
                        "tenant '" + tenant + "' has configured no model of that name and type " + type
                                + " for provider '" + provider + "'");
            }
            return provider;
        });
    }

    /**
     * Sets the model that calls without a named model go to.
     *
     * @param model the model; null for none
     * @throws BadRequestException with {@code provider_not_found} or {@code model_not_found}
     */
    public void setDefault(Actor actor, TenantId tenant, ModelType type, @Nullable ModelReference model) {
        String subject = model == null ? "none (" + type + ")" : model + " (" + type + ")";
        access.audited(actor, tenant, Permission.MODEL_MANAGE, "model.default", subject, () -> {
            if (model != null
                    && ProviderSettingsManager.declared(catalog, model.provider())
                            .modelOrTemplate(type, model.model())
                            .isEmpty()) {
                throw new BadRequestException(
                        ErrorCode.MODEL_NOT_FOUND,
                        "provider '" + model.provider() + "' has no such model of type " + type);
            }
            store.setDefaultModel(tenant, type, model);
            return type;
        });
    }

    /** The models that calls without a named model go to, by type; no entry where there is none. */
    public Map<ModelType, ModelReference> defaults(Actor actor, TenantId tenant) {
        access.require(actor, tenant, Permission.PROVIDER_VIEW, "default models");
        Map<ModelType, ModelReference> defaults = new EnumMap<>(ModelType.class);
        for (ModelType type : ModelType.values()) {
            source.defaultModel(tenant, type).ifPresent(model -> defaults.put(type, model));
        }
        return defaults;
    }

    private static void checkName(String model) {
        try {
            InvocationTarget.Model.of(new ProviderId("any"), model, ModelType.LLM);
        } catch (IllegalArgumentException e) {
            throw new BadRequestException(ErrorCode.INVALID_PARAM, String.valueOf(e.getMessage()));
        }
    }

    private static String subject(ProviderId provider, String model, ModelType type) {
        return provider + "/" + model + " (" + type + ")";
    }
}
