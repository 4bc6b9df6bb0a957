package io.bactrian.store;

import io.bactrian.core.balance.Cooldown;
import io.bactrian.core.balance.CooldownKey;
import io.bactrian.core.balance.CooldownStore;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.FailureClass;
import io.bactrian.core.provider.ModelType;
import io.bactrian.core.provider.ProviderId;
import io.bactrian.core.tenant.TenantId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * {@code cooldowns}. Moments are the database's: a node's own are turned into them and back, so that nodes whose clocks differ
 * mean the same moment. The same holds of codes that a later version knows and this one does not: they are passed over.
 */
final class CooldownTable implements CooldownStore {

    private static final String OPERATOR = "*";
    private static final String ALL_MODELS = "";

    private final Database database;
    private final Clock clock;

    CooldownTable(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    @Override
    public void put(List<Cooldown> cooldowns) {
        Duration ahead = database.answer(() -> database.sql(CooldownStatements.PRESENT)
                .query((row, n) -> Duration.between(clock.instant(), Rows.time(row, "present")))
                .single());
        for (Cooldown cooldown : cooldowns) {
            Instant until = cooldown.until().plus(ahead);
            // on its own: a row that nobody needs any more by then is not worth holding others up
            database.write(() -> extended(cooldown, until)
                    ? 1
                    : of(CooldownStatements.ADD_COOLDOWN, cooldown, until).update());
        }
        database.write(
                () -> database.sql(CooldownStatements.REMOVE_PAST_COOLDOWNS).update());
    }

    private boolean extended(Cooldown cooldown, Instant until) {
        return of(CooldownStatements.EXTEND_COOLDOWN, cooldown, until).update() > 0;
    }

    private JdbcClient.StatementSpec of(String statement, Cooldown cooldown, Instant until) {
        CooldownKey key = cooldown.key();
        TenantId tenant = key.tenant();
        ModelType type = key.type();
        return database.sql(statement)
                .param("tenant", tenant == null ? OPERATOR : tenant.value())
                .param("provider", key.provider().value())
                .param("credential", key.credential())
                .param("model", Objects.requireNonNullElse(key.model(), ALL_MODELS))
                .param("type", type == null ? ALL_MODELS : type.text())
                .param("reason", cooldown.reason().text())
                .param("code", cooldown.code().text())
                .param("trips", cooldown.trips())
                .param("version", cooldown.credentialVersion())
                .param("until", Rows.time(until));
    }

    @Override
    public List<Cooldown> current() {
        return database.answer(() -> database.sql(CooldownStatements.COOLDOWNS).query(this::row).list().stream()
                .flatMap(Optional::stream)
                .toList());
    }

    private Optional<Cooldown> row(ResultSet row, int number) throws SQLException {
        Optional<FailureClass> reason = FailureClass.of(row.getString("reason"));
        Optional<ErrorCode> code = ErrorCode.of(row.getString("code"));
        String model = row.getString("model_name");
        Optional<ModelType> type = ModelType.of(row.getString("model_type"));
        boolean known = reason.isPresent() && code.isPresent() && (model.equals(ALL_MODELS) || type.isPresent());
        if (!known) {
            return Optional.empty();
        }
        String tenant = row.getString("tenant_id");
        CooldownKey whole = CooldownKey.ofCredential(
                tenant.equals(OPERATOR) ? null : new TenantId(tenant),
                new ProviderId(row.getString("provider_name")),
                row.getString("credential_id"));
        Duration left = Duration.between(Rows.time(row, "present"), Rows.time(row, "cooling_until"));
        return Optional.of(new Cooldown(
                model.equals(ALL_MODELS) ? whole : whole.forModel(model, type.orElseThrow()),
                reason.get(),
                code.get(),
                row.getInt("trips"),
                row.getLong("credential_version"),
                clock.instant().plus(left)));
    }
}
