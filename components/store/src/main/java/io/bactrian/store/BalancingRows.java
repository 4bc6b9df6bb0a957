package io.bactrian.store;

import io.bactrian.core.config.BalancingEntry;
import io.bactrian.core.config.BalancingStrategy;
import io.bactrian.core.config.CredentialScope;
import io.bactrian.core.config.ModelBalancing;
import io.bactrian.core.config.ModelFallback;
import io.bactrian.core.credential.CredentialId;
import io.bactrian.core.error.FailureClass;
import io.bactrian.core.provider.ModelType;
import io.bactrian.core.provider.ProviderId;
import io.bactrian.core.tenant.TenantId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * {@code load_balancing_model_configs}, {@code model_fallbacks} and what {@code provider_model_settings} says of balancing, read.
 * What only a newer version knows is passed over: its types of models, its classes of failures; a strategy of its own is read
 * as round robin.
 */
final class BalancingRows {

    private static final String SEPARATOR = ",";

    private final Database database;

    /** A row's model as it is written there. */
    private record Key(String model, String type) {
        static Key of(ResultSet row) throws SQLException {
            return new Key(row.getString("model_name"), row.getString("model_type"));
        }
    }

    private record Head(Key key, boolean enabled, BalancingStrategy strategy, boolean sticky) {}

    private record EntryOf(Key key, BalancingEntry entry) {}

    private record FallbackOf(Key key, ModelFallback fallback) {}

    BalancingRows(Database database) {
        this.database = database;
    }

    /** All that is set for a provider's models. Part of an answer or a change. */
    List<ModelBalancing> list(TenantId tenant, ProviderId provider) {
        return read(
                Rows.scope(tenant, new CredentialScope.OfProvider(provider)),
                BalancingStatements.BALANCED_MODELS,
                BalancingStatements.PROVIDERS_ENTRIES,
                BalancingStatements.PROVIDERS_FALLBACKS);
    }

    /** What is set for one model. Part of an answer or a change. */
    Optional<ModelBalancing> find(TenantId tenant, CredentialScope.OfModel model) {
        return read(
                        Rows.scope(tenant, model),
                        BalancingStatements.BALANCING,
                        BalancingStatements.ENTRIES,
                        BalancingStatements.FALLBACKS)
                .stream()
                .findFirst();
    }

    /** How the conditions of a fallback are written. */
    static String conditions(Set<FailureClass> on) {
        return on.stream().sorted().map(FailureClass::text).collect(Collectors.joining(SEPARATOR));
    }

    private List<ModelBalancing> read(Map<String, String> names, String models, String entries, String fallbacks) {
        List<Head> heads = database.sql(models)
                .params(names)
                .query((row, n) -> new Head(
                        Key.of(row),
                        row.getBoolean("load_balancing_enabled"),
                        BalancingStrategy.of(row.getString("load_balancing_strategy"))
                                .orElse(BalancingStrategy.ROUND_ROBIN),
                        row.getBoolean("load_balancing_sticky")))
                .list();
        if (heads.isEmpty()) {
            return List.of();
        }
        Map<Key, List<BalancingEntry>> entriesOf =
                database
                        .sql(entries)
                        .params(names)
                        .query((row, n) -> new EntryOf(Key.of(row), entry(row)))
                        .list()
                        .stream()
                        .collect(Collectors.groupingBy(
                                EntryOf::key, Collectors.mapping(EntryOf::entry, Collectors.toList())));
        Map<Key, List<ModelFallback>> fallbacksOf =
                database.sql(fallbacks).params(names).query((row, n) -> fallback(row)).list().stream()
                        .flatMap(Optional::stream)
                        .collect(Collectors.groupingBy(
                                FallbackOf::key, Collectors.mapping(FallbackOf::fallback, Collectors.toList())));
        return heads.stream()
                .flatMap(head -> ModelType.of(head.key().type()).stream()
                        .map(type -> new ModelBalancing(
                                head.key().model(),
                                type,
                                head.enabled(),
                                head.strategy(),
                                head.sticky(),
                                entriesOf.getOrDefault(head.key(), List.of()),
                                fallbacksOf.getOrDefault(head.key(), List.of()))))
                .toList();
    }

    private static BalancingEntry entry(ResultSet row) throws SQLException {
        String ofProvider = Rows.textOrNull(row, "provider_credential_id");
        String id = ofProvider == null ? Rows.textOrNull(row, "model_credential_id") : ofProvider;
        return new BalancingEntry(
                id == null ? null : new CredentialId(id), row.getBoolean("enabled"), row.getInt("weight"));
    }

    private static Optional<FallbackOf> fallback(ResultSet row) throws SQLException {
        Set<FailureClass> on = EnumSet.noneOf(FailureClass.class);
        for (String condition : Arrays.asList(row.getString("conditions").split(SEPARATOR))) {
            FailureClass.of(condition).ifPresent(on::add);
        }
        if (on.isEmpty()) {
            return Optional.empty();
        }
        ModelFallback fallback = new ModelFallback(
                new ProviderId(row.getString("fallback_provider_name")), row.getString("fallback_model_name"), on);
        return Optional.of(new FallbackOf(Key.of(row), fallback));
    }
}
