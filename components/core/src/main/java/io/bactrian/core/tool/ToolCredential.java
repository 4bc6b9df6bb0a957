package io.bactrian.core.tool;

import io.bactrian.core.config.StoredCredential;
import io.bactrian.core.tenant.Caller;
import io.bactrian.core.tenant.UserId;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A credential of a tool provider as a source holds it: closed until somebody needs its values. */
public final class ToolCredential {

    /** How long before it expires an OAuth 2 token is renewed. */
    public static final Duration RENEWED_BEFORE = Duration.ofSeconds(60);

    private final StoredCredential stored;
    private final ToolCredentialType type;
    private final boolean preset;
    private final @Nullable Instant expiresAt;
    private final @Nullable UserId onlyFor;

    /**
     * @param stored its id, name and values
     * @param type how it opens the provider
     * @param preset whether it is the default one, used where none is named
     * @param expiresAt when its token expires; null for never
     * @param onlyFor the one user whose calls may use it; null for all of the tenant
     */
    public ToolCredential(
            StoredCredential stored,
            ToolCredentialType type,
            boolean preset,
            @Nullable Instant expiresAt,
            @Nullable UserId onlyFor) {
        this.stored = stored;
        this.type = type;
        this.preset = preset;
        this.expiresAt = expiresAt;
        this.onlyFor = onlyFor;
    }

    /** Its id, name and values. */
    public StoredCredential stored() {
        return stored;
    }

    /** How it opens the provider. */
    public ToolCredentialType type() {
        return type;
    }

    /** Whether it is the default one. */
    public boolean isDefault() {
        return preset;
    }

    /** When its token expires. */
    public Optional<Instant> expiresAt() {
        return Optional.ofNullable(expiresAt);
    }

    /** The one user whose calls may use it; empty for all of the tenant. */
    public Optional<UserId> onlyFor() {
        return Optional.ofNullable(onlyFor);
    }

    /** Whether a caller may use it, and know that it is there. */
    public boolean visibleTo(Caller caller) {
        return onlyFor == null || onlyFor.equals(caller.user());
    }

    /** Whether its token has to be renewed before it is used. */
    public boolean isToBeRenewed(Instant now) {
        return type == ToolCredentialType.OAUTH2 && expiresAt != null && expiresAt.isBefore(now.plus(RENEWED_BEFORE));
    }

    @Override
    public String toString() {
        return "ToolCredential[" + stored + ", " + type.text() + (preset ? ", default]" : "]");
    }
}
