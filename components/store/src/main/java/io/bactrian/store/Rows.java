package io.bactrian.store;

import com.google.crypto.tink.util.Bytes;
import io.bactrian.core.config.CredentialScope;
import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.tenant.TenantId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Values on their way into and out of rows. */
final class Rows {

    private Rows() {}

    static @Nullable OffsetDateTime time(@Nullable Instant instant) {
        return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
    }

    static Instant time(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    static @Nullable Instant timeOrNull(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    static @Nullable String textOrNull(ResultSet row, String column) throws SQLException {
        return row.getString(column);
    }

    /** The data key in a row that a value's was joined to; null if that is gone. */
    static @Nullable DataKey dataKey(TenantId tenant, ResultSet row) throws SQLException {
        return dataKey(tenant, row, "");
    }

    /** As {@link #dataKey(TenantId, ResultSet)}, with that before the names of its columns. */
    static @Nullable DataKey dataKey(TenantId tenant, ResultSet row, String prefix) throws SQLException {
        byte[] wrapped = row.getBytes(prefix + "wrapped_key");
        if (wrapped == null) {
            return null;
        }
        return new DataKey(
                tenant,
                row.getInt(prefix + "data_key_version"),
                row.getString(prefix + "kek_id"),
                row.getLong(prefix + "data_key_row_version"),
                Bytes.copyFrom(wrapped));
    }

    /** The parameters that name a scope: {@code tenant}, {@code provider} and, for a model, {@code model}, {@code type}. */
    static Map<String, String> scope(TenantId tenant, CredentialScope scope) {
        if (scope instanceof CredentialScope.OfModel model) {
            return Map.of(
                    "tenant", tenant.value(),
                    "provider", model.provider().value(),
                    "model", model.model(),
                    "type", model.type().text());
        }
        return Map.of("tenant", tenant.value(), "provider", scope.provider().value());
    }

    static BadRequestException invalid(String message) {
        return new BadRequestException(ErrorCode.INVALID_PARAM, message);
    }
}
