package io.bactrian.engine;

import io.bactrian.core.config.CredentialScope;
import io.bactrian.core.config.MemoryConfigurationStore;
import io.bactrian.core.config.ModelReference;
import io.bactrian.core.config.NewCredential;
import io.bactrian.core.config.TenantRecord;
import io.bactrian.core.credential.CredentialForm;
import io.bactrian.core.credential.CredentialId;
import io.bactrian.core.credential.CredentialName;
import io.bactrian.core.credential.CredentialValue;
import io.bactrian.core.credential.Credentials;
import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.MisconfiguredException;
import io.bactrian.core.provider.ModelType;
import io.bactrian.core.provider.ProviderCatalog;
import io.bactrian.core.provider.ProviderEntity;
import io.bactrian.core.provider.ProviderId;
import io.bactrian.core.tenant.TenantId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Configuration from properties, for projects without a store: {@code bactrian.credentials.NAME.provider}, the fields of
 * the provider's form beside it, {@code bactrian.balancing.NAME.model} and what belongs to it, and
 * {@code bactrian.default-model.TYPE}. Everything that is wrong is told at once.
 */
final class PropertyConfiguration {

    static final String CREDENTIALS = "bactrian.credentials.";
    static final String DEFAULT_MODEL = "bactrian.default-model.";

    /** Beside the fields of the form, what a credential in properties may say of itself. */
    private static final Set<String> OWN = Set.of("provider", "tenant", "model", "type", "active");

    private final Settings settings;
    private final ProviderCatalog catalog;
    private final @Nullable TenantId defaultTenant;
    private final MemoryConfigurationStore store;
    private final List<String> problems = new ArrayList<>();

    private PropertyConfiguration(
            Settings settings,
            ProviderCatalog catalog,
            @Nullable TenantId defaultTenant,
            MemoryConfigurationStore store) {
        this.settings = settings;
        this.catalog = catalog;
        this.defaultTenant = defaultTenant;
        this.store = store;
    }

    /**
     * Reads the properties into a store.
     *
     * @throws MisconfiguredException naming every property that is wrong
     */
    static void read(
            Settings settings,
            ProviderCatalog catalog,
            @Nullable TenantId defaultTenant,
            MemoryConfigurationStore store) {
        PropertyConfiguration configuration = new PropertyConfiguration(settings, catalog, defaultTenant, store);
        if (defaultTenant != null) {
            store.putTenant(new TenantRecord(defaultTenant, defaultTenant.value(), true));
        }
        configuration.credentials();
        new PropertyBalancing(store, catalog, defaultTenant, configuration.problems).read(settings);
        configuration.defaultModels();
        if (!configuration.problems.isEmpty()) {
            throw new MisconfiguredException(ErrorCode.MISCONFIGURED, String.join("\n", configuration.problems));
        }
    }

    private void credentials() {
        NamedSettings.read(settings, CREDENTIALS, problems).forEach(this::credential);
    }

    private void credential(String name, Map<String, String> fields) {
        String prefix = CREDENTIALS + name + ".";
        try {
            ProviderEntity provider = provider(prefix, fields.get("provider"));
            TenantId tenant = tenant(prefix, fields.get("tenant"));
            CredentialScope scope = scope(prefix, provider, fields);
            Credentials checked = form(scope, provider).check(given(provider, fields));
            CredentialId id = store.addCredential(
                    tenant, scope, new NewCredential(new CredentialName(name), checked, "properties"));
            if (Boolean.parseBoolean(fields.getOrDefault("active", "false"))) {
                store.activateCredential(tenant, scope, id);
            }
        } catch (BadRequestException | IllegalArgumentException e) {
            problems.add(prefix + "*: " + e.getMessage());
        }
    }

    private static CredentialForm form(CredentialScope scope, ProviderEntity provider) {
        return scope instanceof CredentialScope.OfModel && provider.modelCredentialSchema() != null
                ? provider.modelCredentialSchema()
                : provider.providerCredentialSchema();
    }

    private ProviderEntity provider(String prefix, @Nullable String id) {
        if (id == null || id.isBlank()) {
            throw new IllegalArgumentException("set " + prefix + "provider, such as openai");
        }
        return catalog.find(new ProviderId(id.strip()))
                .orElseThrow(() -> new IllegalArgumentException("there is no provider '" + id + "', there are "
                        + catalog.all().stream().map(ProviderEntity::provider).toList()));
    }

    private TenantId tenant(String prefix, @Nullable String named) {
        TenantId tenant = named == null || named.isBlank() ? defaultTenant : new TenantId(named.strip());
        if (tenant == null) {
            throw new IllegalArgumentException("set " + prefix + "tenant, since there is no bactrian.tenant.default");
        }
        if (store.tenant(tenant).isEmpty()) {
            store.putTenant(new TenantRecord(tenant, tenant.value(), true));
        }
        return tenant;
    }

    private static CredentialScope scope(String prefix, ProviderEntity provider, Map<String, String> fields) {
        String model = fields.get("model");
        if (model == null || model.isBlank()) {
            return new CredentialScope.OfProvider(provider.provider());
        }
        String type = fields.getOrDefault("type", ModelType.LLM.text());
        return new CredentialScope.OfModel(
                provider.provider(),
                model.strip(),
                ModelType.of(type.strip())
                        .orElseThrow(() -> new IllegalArgumentException(
                                prefix + "type has to be one of " + List.of(ModelType.values()))));
    }

    private static Credentials given(ProviderEntity provider, Map<String, String> fields) {
        Map<String, CredentialValue> values = new LinkedHashMap<>();
        fields.forEach((field, value) -> {
            boolean ofForm = provider.providerCredentialSchema().field(field).isPresent();
            if (ofForm || !OWN.contains(field)) {
                values.put(field, new CredentialValue.Text(value.strip()));
            }
        });
        return Credentials.of(values);
    }

    private void defaultModels() {
        SettingNames.spellings(DEFAULT_MODEL).forEach(this::defaultModels);
    }

    private void defaultModels(String prefix) {
        settings.startingWith(prefix).forEach((property, value) -> {
            Optional<ModelType> type = ModelType.of(property.substring(prefix.length()));
            int slash = value.indexOf('/');
            if (type.isEmpty() || slash <= 0 || slash == value.length() - 1) {
                problems.add(property + ": has to be " + DEFAULT_MODEL + "TYPE=PROVIDER/MODEL, such as " + DEFAULT_MODEL
                        + "llm=openai/gpt-4o-mini");
                return;
            }
            if (defaultTenant == null) {
                problems.add(property + ": needs bactrian.tenant.default");
                return;
            }
            try {
                store.setDefaultModel(
                        defaultTenant,
                        type.get(),
                        new ModelReference(
                                new ProviderId(value.substring(0, slash).strip()),
                                value.substring(slash + 1).strip()));
            } catch (IllegalArgumentException e) {
                problems.add(property + ": " + e.getMessage());
            }
        });
    }
}
