package io.bactrian.store;

import io.bactrian.core.config.CredentialScope;
import io.bactrian.core.config.ModelSetting;
import io.bactrian.core.credential.CredentialId;
import io.bactrian.core.provider.ModelType;
import io.bactrian.core.provider.ProviderId;
import io.bactrian.core.provider.ProviderType;
import io.bactrian.core.tenant.TenantId;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * {@code providers}, {@code provider_models}, {@code provider_model_settings} and
 * {@code tenant_preferred_model_providers}, written.
 */
final class ScopeTables {

    /** What goes with a provider, in the order in which nothing refers to what has gone. */
    private static final List<String> REMOVE_PROVIDER = List.of(
            ModelSettingStatements.REMOVE_PREFERENCE,
            BalancingStatements.REMOVE_PROVIDERS_FALLBACKS,
            BalancingStatements.REMOVE_PROVIDERS_ENTRIES,
            ModelSettingStatements.REMOVE_SETTINGS,
            VisibilityStatements.REMOVE_MODELS_PERMISSIONS,
            VisibilityStatements.REMOVE_PROVIDERS_PERMISSIONS,
            CredentialVersionStatements.RETIRE_MODELS_CREDENTIALS,
            ModelStatements.DEACTIVATE_MODELS,
            ModelCredentialStatements.REMOVE_MODEL_CREDENTIALS,
            ModelStatements.REMOVE_MODELS,
            CredentialVersionStatements.RETIRE_PROVIDERS_CREDENTIALS,
            ProviderStatements.DEACTIVATE_PROVIDER,
            ProviderCredentialStatements.REMOVE_PROVIDER_CREDENTIALS,
            ProviderStatements.REMOVE_PROVIDER);

    private static final List<String> REMOVE_MODEL = List.of(
            VisibilityStatements.REMOVE_ONE_MODELS_PERMISSIONS,
            CredentialVersionStatements.RETIRE_ONE_MODELS_CREDENTIALS,
            ModelStatements.DEACTIVATE_MODEL,
            ModelCredentialStatements.REMOVE_ONE_MODELS_CREDENTIALS,
            ModelStatements.REMOVE_MODEL);

    private final Database database;
    private final Changes changes;
    private final BalancingTables balancing;
    private final Clock clock;

    ScopeTables(Database database, Changes changes, BalancingTables balancing, Clock clock) {
        this.database = database;
        this.changes = changes;
        this.balancing = balancing;
        this.clock = clock;
    }

    /** Adds the rows of a scope that are missing. Part of a change. */
    void ensure(TenantId tenant, CredentialScope scope) {
        Map<String, String> names = Rows.scope(tenant, scope);
        if (!exists(ProviderStatements.PROVIDER, names)) {
            database.sql(ProviderStatements.ADD_PROVIDER)
                    .params(names)
                    .param("now", now())
                    .update();
        }
        if (scope instanceof CredentialScope.OfModel && !exists(ModelStatements.MODEL, names)) {
            database.sql(ModelStatements.ADD_MODEL)
                    .params(names)
                    .param("now", now())
                    .update();
        }
    }

    private boolean exists(String statement, Map<String, String> names) {
        return database.sql(statement)
                .params(names)
                .query((row, n) -> true)
                .optional()
                .isPresent();
    }

    /** The credential of a scope that is in force. Part of a change. */
    @Nullable
    CredentialId active(TenantId tenant, CredentialScope scope) {
        String statement =
                scope instanceof CredentialScope.OfModel ? ModelStatements.MODEL : ProviderStatements.PROVIDER;
        return database.sql(statement)
                .params(Rows.scope(tenant, scope))
                .query((row, n) -> Optional.ofNullable(Rows.textOrNull(row, "credential_id")))
                .optional()
                .flatMap(active -> active)
                .map(CredentialId::new)
                .orElse(null);
    }

    /** Sets the credential of a scope that is in force. Part of a change. */
    void activate(TenantId tenant, CredentialScope scope, @Nullable CredentialId active) {
        String statement = scope instanceof CredentialScope.OfModel
                ? ModelStatements.CONFIGURE_MODEL
                : ProviderStatements.CONFIGURE_PROVIDER;
        database.sql(statement)
                .params(Rows.scope(tenant, scope))
                .param("active", active == null ? null : active.value())
                .param("now", now())
                .update();
    }

    void enable(TenantId tenant, ProviderId provider, boolean enabled) {
        changes.change(tenant, () -> {
            ensure(tenant, new CredentialScope.OfProvider(provider));
            return of(ProviderStatements.ENABLE_PROVIDER, tenant, provider)
                    .param("enabled", enabled)
                    .param("now", now())
                    .update();
        });
    }

    void prefer(TenantId tenant, ProviderId provider, @Nullable ProviderType preferred, boolean descend) {
        changes.change(tenant, () -> {
            if (preferred == null && !descend) {
                return of(ModelSettingStatements.REMOVE_PREFERENCE, tenant, provider)
                        .update();
            }
            String type = preferred == null ? null : preferred.text();
            int updated = written(ModelSettingStatements.UPDATE_PREFERENCE, tenant, provider, type, descend);
            return updated > 0
                    ? updated
                    : written(ModelSettingStatements.ADD_PREFERENCE, tenant, provider, type, descend);
        });
    }

    private int written(
            String statement, TenantId tenant, ProviderId provider, @Nullable String preferred, boolean descend) {
        return of(statement, tenant, provider)
                .param("preferred", preferred)
                .param("descend", descend)
                .param("now", now())
                .update();
    }

    void enableModel(TenantId tenant, ProviderId provider, ModelSetting setting) {
        changes.change(tenant, () -> {
            int updated = written(ModelSettingStatements.UPDATE_SETTING, tenant, provider, setting);
            return updated > 0 ? updated : written(ModelSettingStatements.ADD_SETTING, tenant, provider, setting);
        });
    }

    private int written(String statement, TenantId tenant, ProviderId provider, ModelSetting setting) {
        return of(statement, tenant, provider)
                .param("model", setting.model())
                .param("type", setting.type().text())
                .param("enabled", setting.enabled())
                .param("now", now())
                .update();
    }

    boolean removeProvider(TenantId tenant, ProviderId provider) {
        return changes.remove(tenant, () -> {
            boolean configured = ProviderTables.names(database, tenant).contains(provider);
            REMOVE_PROVIDER.forEach(statement -> of(statement, tenant, provider).update());
            return configured;
        });
    }

    boolean removeModel(TenantId tenant, ProviderId provider, String model, ModelType type) {
        CredentialScope.OfModel scope = new CredentialScope.OfModel(provider, model, type);
        Map<String, String> names = Rows.scope(tenant, scope);
        return changes.remove(tenant, () -> {
            boolean balanced = balancing.removed(tenant, scope);
            boolean there = balanced || exists(ModelStatements.MODEL, names);
            REMOVE_MODEL.forEach(
                    statement -> database.sql(statement).params(names).update());
            return there;
        });
    }

    private JdbcClient.StatementSpec of(String statement, TenantId tenant, ProviderId provider) {
        return database.sql(statement).param("tenant", tenant.value()).param("provider", provider.value());
    }

    private OffsetDateTime now() {
        return clock.instant().atOffset(ZoneOffset.UTC);
    }
}
