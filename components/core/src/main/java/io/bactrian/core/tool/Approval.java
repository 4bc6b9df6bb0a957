package io.bactrian.core.tool;

import io.bactrian.core.tenant.AppId;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tenant.UserId;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A call of a tool that waits for a person, or was decided on.
 *
 * @param id its id, which the person decides by
 * @param tenant whose call it is
 * @param user who asked; null for nobody in particular
 * @param app the application the call is for; null for none
 * @param tool the tool's address, as text
 * @param arguments the arguments as JSON text, for the person to see
 * @param requestId the id of the call
 * @param status how far it is
 * @param requestedAt when it was asked for
 * @param expiresAt when it expires, decided on or not
 * @param decidedBy who decided; null before
 * @param decidedAt when; null before
 */
public record Approval(
        String id,
        TenantId tenant,
        @Nullable UserId user,
        @Nullable AppId app,
        String tool,
        String arguments,
        String requestId,
        Status status,
        Instant requestedAt,
        Instant expiresAt,
        @Nullable String decidedBy,
        @Nullable Instant decidedAt) {

    /** How far an approval is. */
    public enum Status {
        PENDING,
        APPROVED,
        DENIED,
        /** The call it was given for has been made. */
        USED;

        /** The value as stored and shown. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** The status of that text, if it is one. */
        public static Optional<Status> of(String text) {
            return Arrays.stream(values())
                    .filter(status -> status.text().equals(text))
                    .findFirst();
        }
    }

    /** Whether its time is up. */
    public boolean expired(Instant now) {
        return !now.isBefore(expiresAt);
    }

    /** The same approval with another status. */
    public Approval decided(Status changed, @Nullable String by, @Nullable Instant at) {
        return new Approval(id, tenant, user, app, tool, arguments, requestId, changed, requestedAt, expiresAt, by, at);
    }
}
