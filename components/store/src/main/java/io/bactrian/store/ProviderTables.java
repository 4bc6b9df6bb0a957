package io.bactrian.store;

import io.bactrian.core.config.CredentialScope;
import io.bactrian.core.config.CustomModelRecord;
import io.bactrian.core.config.ModelSetting;
import io.bactrian.core.config.ProviderRecord;
import io.bactrian.core.config.StoredCredential;
import io.bactrian.core.credential.CredentialId;
import io.bactrian.core.credential.CredentialName;
import io.bactrian.core.provider.ModelType;
import io.bactrian.core.provider.ProviderId;
import io.bactrian.core.provider.ProviderType;
import io.bactrian.core.tenant.TenantId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.RowMapper;

/** All that is configured for a provider, read: one moment's state, its values closed until somebody needs them. */
final class ProviderTables {

    private final Database database;
    private final Vault vault;
    private final CredentialRows rows;
    private final BalancingRows balancing;
    private final VisibilityTables visibilities;

    private record Provider(
            boolean configured, boolean enabled, @Nullable CredentialId active) {}

    private record Preference(@Nullable ProviderType preferred, boolean descend) {}

    private record Model(
            String name, ModelType type, @Nullable CredentialId active) {}

    /** A credential and the scope whose row it is. */
    private record Scoped(CredentialScope scope, StoredCredential credential) {}

    ProviderTables(
            Database database,
            Vault vault,
            CredentialRows rows,
            BalancingRows balancing,
            VisibilityTables visibilities) {
        this.database = database;
        this.vault = vault;
        this.rows = rows;
        this.balancing = balancing;
        this.visibilities = visibilities;
    }

    List<ProviderId> providers(TenantId tenant) {
        return database.answer(() -> names(database, tenant));
    }

    /** The providers that a tenant has configured anything for, by id. Part of an answer or a change. */
    static List<ProviderId> names(Database database, TenantId tenant) {
        return database
                .sql(ProviderStatements.PROVIDERS)
                .param("tenant", tenant.value())
                .query(String.class)
                .list()
                .stream()
                .map(ProviderId::new)
                .sorted()
                .toList();
    }

    Optional<ProviderRecord> provider(TenantId tenant, ProviderId provider) {
        ProviderRecord none = ProviderRecord.none(tenant, provider);
        ProviderRecord record = database.read(() -> record(tenant, provider));
        return Optional.of(record).filter(found -> !found.equals(none));
    }

    private ProviderRecord record(TenantId tenant, ProviderId provider) {
        Provider row = first(ProviderStatements.PROVIDER, tenant, provider, ProviderTables::providerRow)
                .orElse(new Provider(false, true, null));
        Preference preference = first(
                        ModelSettingStatements.PREFERENCE, tenant, provider, ProviderTables::preferenceRow)
                .orElse(new Preference(null, false));
        CredentialScope whole = new CredentialScope.OfProvider(provider);
        List<StoredCredential> own = list(
                ProviderCredentialStatements.PROVIDER_CREDENTIALS,
                tenant,
                provider,
                (r, n) -> credential(tenant, whole, r));
        List<CustomModelRecord> models = models(tenant, provider);
        UnaryOperator<StoredCredential> listed = visibilities.listed(
                tenant,
                provider,
                Stream.concat(own.stream(), models.stream().flatMap(model -> model.credentials().stream()))
                        .toList());
        return new ProviderRecord(
                tenant,
                provider,
                row.configured(),
                row.enabled(),
                row.active(),
                own.stream().map(listed).toList(),
                models.stream().map(model -> with(model, listed)).toList(),
                list(ModelSettingStatements.SETTINGS, tenant, provider, ProviderTables::settingRow).stream()
                        .flatMap(Optional::stream)
                        .toList(),
                preference.preferred(),
                preference.descend(),
                balancing.list(tenant, provider));
    }

    private static CustomModelRecord with(CustomModelRecord model, UnaryOperator<StoredCredential> change) {
        return new CustomModelRecord(
                model.model(),
                model.type(),
                model.activeCredential(),
                model.credentials().stream().map(change).toList());
    }

    private List<CustomModelRecord> models(TenantId tenant, ProviderId provider) {
        List<Model> models = list(ModelStatements.MODELS, tenant, provider, ProviderTables::modelRow).stream()
                .flatMap(Optional::stream)
                .toList();
        if (models.isEmpty()) {
            return List.of();
        }
        List<Scoped> credentials = list(
                        ModelCredentialStatements.MODEL_CREDENTIALS,
                        tenant,
                        provider,
                        (r, n) -> scoped(tenant, provider, r))
                .stream()
                .flatMap(Optional::stream)
                .toList();
        List<CustomModelRecord> records = new ArrayList<>();
        for (Model model : models) {
            CredentialScope scope = new CredentialScope.OfModel(provider, model.name(), model.type());
            List<StoredCredential> own = credentials.stream()
                    .filter(scoped -> scoped.scope().equals(scope))
                    .map(Scoped::credential)
                    .toList();
            records.add(new CustomModelRecord(model.name(), model.type(), model.active(), own));
        }
        return records;
    }

    private static Provider providerRow(ResultSet row, int n) throws SQLException {
        return new Provider(row.getBoolean("configured"), row.getBoolean("enabled"), active(row));
    }

    private static Preference preferenceRow(ResultSet row, int n) throws SQLException {
        ProviderType preferred = Optional.ofNullable(Rows.textOrNull(row, "preferred_provider_type"))
                .flatMap(ProviderType::of)
                .orElse(null);
        return new Preference(preferred, row.getBoolean("descend"));
    }

    /** A type that only a newer version knows cannot be called by this one: its rows are passed over. */
    private static Optional<Model> modelRow(ResultSet row, int n) throws SQLException {
        String name = row.getString("model_name");
        CredentialId active = active(row);
        return ModelType.of(row.getString("model_type")).map(type -> new Model(name, type, active));
    }

    private static Optional<ModelSetting> settingRow(ResultSet row, int n) throws SQLException {
        String name = row.getString("model_name");
        boolean enabled = row.getBoolean("enabled");
        return ModelType.of(row.getString("model_type")).map(type -> new ModelSetting(name, type, enabled));
    }

    private static @Nullable CredentialId active(ResultSet row) throws SQLException {
        String active = Rows.textOrNull(row, "credential_id");
        return active == null ? null : new CredentialId(active);
    }

    private Optional<Scoped> scoped(TenantId tenant, ProviderId provider, ResultSet row) throws SQLException {
        Optional<ModelType> type = ModelType.of(row.getString("model_type"));
        if (type.isEmpty()) {
            return Optional.empty();
        }
        CredentialScope scope = new CredentialScope.OfModel(provider, row.getString("model_name"), type.get());
        return Optional.of(new Scoped(scope, credential(tenant, scope, row)));
    }

    private StoredCredential credential(TenantId tenant, CredentialScope scope, ResultSet row) throws SQLException {
        CredentialRows.Sealed sealed = CredentialRows.sealed(tenant, scope, row);
        SealedCredential current = sealed.current();
        StoredCredential stored = new StoredCredential(
                current.id(),
                new CredentialName(row.getString("credential_name")),
                current.version(),
                () -> vault.open(current, () -> again(current, scope).map(CredentialRows.Sealed::current)),
                previous(sealed.previous(), scope));
        return stored.withVisibility(VisibilityTables.visibility(row));
    }

    private StoredCredential.@Nullable Previous previous(@Nullable SealedCredential sealed, CredentialScope scope) {
        if (sealed == null) {
            return null;
        }
        return new StoredCredential.Previous(
                Objects.requireNonNull(sealed.until()),
                () -> vault.open(
                        sealed, () -> again(sealed, scope).flatMap(row -> Optional.ofNullable(row.previous()))));
    }

    private Optional<CredentialRows.Sealed> again(SealedCredential read, CredentialScope scope) {
        return database.answer(() -> rows.find(read.tenant(), scope, read.id()));
    }

    private <T> Optional<T> first(String statement, TenantId tenant, ProviderId provider, RowMapper<T> mapper) {
        return list(statement, tenant, provider, mapper).stream().findFirst();
    }

    private <T> List<T> list(String statement, TenantId tenant, ProviderId provider, RowMapper<T> mapper) {
        return database.sql(statement)
                .param("tenant", tenant.value())
                .param("provider", provider.value())
                .query(mapper)
                .list();
    }
}
