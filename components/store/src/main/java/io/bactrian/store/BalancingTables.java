package io.bactrian.store;

import io.bactrian.core.config.BalancingEntry;
import io.bactrian.core.config.CredentialScope;
import io.bactrian.core.config.ModelBalancing;
import io.bactrian.core.config.ModelFallback;
import io.bactrian.core.credential.CredentialId;
import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.provider.ModelType;
import io.bactrian.core.provider.ProviderId;
import io.bactrian.core.tenant.TenantId;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** {@code load_balancing_model_configs}, {@code model_fallbacks} and what settings say of balancing, written. */
final class BalancingTables {

    /** What goes when calls of a model are no longer spread, in the order in which nothing refers to what has gone. */
    static final List<String> REMOVE = List.of(
            BalancingStatements.REMOVE_FALLBACKS,
            BalancingStatements.REMOVE_ENTRIES,
            BalancingStatements.CLEAR_BALANCING,
            BalancingStatements.REMOVE_UNSWITCHED_SETTING);

    private final Database database;
    private final Changes changes;
    private final BalancingRows rows;
    private final Clock clock;

    BalancingTables(Database database, Changes changes, BalancingRows rows, Clock clock) {
        this.database = database;
        this.changes = changes;
        this.rows = rows;
        this.clock = clock;
    }

    void set(TenantId tenant, ProviderId provider, ModelBalancing balancing, @Nullable String managedBy) {
        CredentialScope.OfModel model = scope(provider, balancing);
        changes.change(tenant, () -> {
            write(tenant, model, rows.find(tenant, model).orElse(null), balancing, managedBy);
            return balancing;
        });
    }

    void replace(TenantId tenant, ProviderId provider, @Nullable ModelBalancing read, ModelBalancing balancing) {
        CredentialScope.OfModel model = scope(provider, balancing);
        changes.change(tenant, () -> {
            ModelBalancing stored = rows.find(tenant, model).orElse(null);
            boolean unchanged = stored == null ? read == null : stored.equals(read);
            if (!unchanged) {
                throw Rows.invalid(
                        "how calls of " + model + " are spread has changed since it was read: read it again");
            }
            write(tenant, model, stored, balancing, managedBy(tenant, model).orElse(null));
            return balancing;
        });
    }

    boolean remove(TenantId tenant, ProviderId provider, String model, ModelType type) {
        CredentialScope.OfModel scope = new CredentialScope.OfModel(provider, model, type);
        return changes.remove(tenant, () -> removed(tenant, scope));
    }

    /** Removes all that is set for a model. Part of a change. */
    boolean removed(TenantId tenant, CredentialScope.OfModel model) {
        boolean there = of(BalancingStatements.BALANCING, tenant, model)
                .query((row, n) -> true)
                .optional()
                .isPresent();
        if (there) {
            REMOVE.forEach(statement -> of(statement, tenant, model).update());
        }
        return there;
    }

    Optional<String> managedBy(TenantId tenant, ProviderId provider, String model, ModelType type) {
        return database.answer(() -> managedBy(tenant, new CredentialScope.OfModel(provider, model, type)));
    }

    private Optional<String> managedBy(TenantId tenant, CredentialScope.OfModel model) {
        return of(BalancingStatements.BALANCING_MANAGED_BY, tenant, model)
                .query((row, n) -> Optional.ofNullable(Rows.textOrNull(row, "load_balancing_managed_by")))
                .list()
                .stream()
                .flatMap(Optional::stream)
                .findFirst();
    }

    private void write(
            TenantId tenant,
            CredentialScope.OfModel model,
            @Nullable ModelBalancing stored,
            ModelBalancing balancing,
            @Nullable String managedBy) {
        Set<String> ofProvider = ofProvider(tenant, model, balancing);
        int updated = head(BalancingStatements.UPDATE_BALANCING, tenant, model, balancing, managedBy);
        if (updated == 0) {
            head(BalancingStatements.ADD_BALANCING, tenant, model, balancing, managedBy);
        }
        entries(tenant, model, stored == null ? List.of() : stored.entries(), balancing.entries(), ofProvider);
        fallbacks(tenant, model, balancing.fallbacks());
    }

    private int head(
            String statement,
            TenantId tenant,
            CredentialScope.OfModel model,
            ModelBalancing balancing,
            @Nullable String managedBy) {
        return of(statement, tenant, model)
                .param("enabled", balancing.enabled())
                .param("strategy", balancing.strategy().text())
                .param("sticky", balancing.sticky())
                .param("managedBy", managedBy)
                .param("now", now())
                .update();
    }

    /** Those of the credentials that are the provider's; the others are the model's. */
    private Set<String> ofProvider(TenantId tenant, CredentialScope.OfModel model, ModelBalancing balancing) {
        List<String> ids = balancing.entries().stream()
                .flatMap(entry -> Optional.ofNullable(entry.credential()).stream())
                .map(CredentialId::value)
                .toList();
        if (ids.isEmpty()) {
            return Set.of();
        }
        Set<String> ofProvider = present(BalancingStatements.PROVIDER_CREDENTIALS_BY_ID, tenant, model, ids);
        Set<String> ofModel = present(BalancingStatements.MODEL_CREDENTIALS_BY_ID, tenant, model, ids);
        for (String id : ids) {
            if (!ofProvider.contains(id) && !ofModel.contains(id)) {
                // another tenant's id and one that never was get the same answer (CRED-15)
                throw new BadRequestException(
                        ErrorCode.CREDENTIAL_NOT_FOUND,
                        "there is no credential " + id + " of " + model.provider() + " or of its model " + model.model()
                                + " (" + model.type() + ")");
            }
        }
        return ofProvider;
    }

    private Set<String> present(String statement, TenantId tenant, CredentialScope.OfModel model, List<String> ids) {
        return new HashSet<>(of(statement, tenant, model)
                .param("ids", ids)
                .query(String.class)
                .list());
    }

    /** Writes what is not as it was. */
    private void entries(
            TenantId tenant,
            CredentialScope.OfModel model,
            List<BalancingEntry> stored,
            List<BalancingEntry> wanted,
            Set<String> ofProvider) {
        Map<String, BalancingEntry> before = new HashMap<>();
        stored.forEach(entry -> before.put(entry.key(), entry));
        wanted.forEach(entry -> before.remove(entry.key()));
        before.keySet().forEach(gone -> of(BalancingStatements.REMOVE_ENTRY, tenant, model)
                .param("entry", gone)
                .update());
        boolean sameOrder = stored.equals(wanted);
        for (int ordinal = 0; ordinal < wanted.size() && !sameOrder; ordinal++) {
            BalancingEntry entry = wanted.get(ordinal);
            if (entry(BalancingStatements.UPDATE_ENTRY, tenant, model, entry, ordinal)
                            .update()
                    == 0) {
                add(tenant, model, entry, ordinal, ofProvider);
            }
        }
    }

    private void add(
            TenantId tenant,
            CredentialScope.OfModel model,
            BalancingEntry entry,
            int ordinal,
            Set<String> ofProviders) {
        String id = entry.credential() == null ? null : entry.credential().value();
        boolean ofProvider = id != null && ofProviders.contains(id);
        entry(BalancingStatements.ADD_ENTRY, tenant, model, entry, ordinal)
                .param("ofProvider", ofProvider ? id : null)
                .param("ofModel", ofProvider ? null : id)
                .update();
    }

    private JdbcClient.StatementSpec entry(
            String statement, TenantId tenant, CredentialScope.OfModel model, BalancingEntry entry, int ordinal) {
        return of(statement, tenant, model)
                .param("entry", entry.key())
                .param("ordinal", ordinal)
                .param("enabled", entry.enabled())
                .param("weight", entry.weight())
                .param("now", now());
    }

    private void fallbacks(TenantId tenant, CredentialScope.OfModel model, List<ModelFallback> wanted) {
        for (int ordinal = 0; ordinal < wanted.size(); ordinal++) {
            ModelFallback fallback = wanted.get(ordinal);
            if (fallback(BalancingStatements.UPDATE_FALLBACK, tenant, model, fallback, ordinal) == 0) {
                fallback(BalancingStatements.ADD_FALLBACK, tenant, model, fallback, ordinal);
            }
        }
        of(BalancingStatements.REMOVE_FALLBACKS_FROM, tenant, model)
                .param("ordinal", wanted.size())
                .update();
    }

    private int fallback(
            String statement, TenantId tenant, CredentialScope.OfModel model, ModelFallback fallback, int ordinal) {
        return of(statement, tenant, model)
                .param("ordinal", ordinal)
                .param("fallbackProvider", fallback.provider().value())
                .param("fallbackModel", fallback.model())
                .param("conditions", BalancingRows.conditions(fallback.on()))
                .param("now", now())
                .update();
    }

    private static CredentialScope.OfModel scope(ProviderId provider, ModelBalancing balancing) {
        return new CredentialScope.OfModel(provider, balancing.model(), balancing.type());
    }

    private JdbcClient.StatementSpec of(String statement, TenantId tenant, CredentialScope.OfModel model) {
        return database.sql(statement).params(Rows.scope(tenant, model));
    }

    private OffsetDateTime now() {
        return clock.instant().atOffset(ZoneOffset.UTC);
    }
}
