package io.bactrian.http;

import io.bactrian.core.access.Actor;
import io.bactrian.core.tenant.ApiKeyId;
import io.bactrian.core.tenant.AppId;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tenant.UserId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whose request it is, as the gate found out. */
sealed interface Identity {

    /** Who may be let at the administration; empty for who may not. */
    Optional<Actor> administrator();

    /**
     * Somebody of a tenant.
     *
     * @param tenant who pays
     * @param user the member that the API key acts as; null for none
     * @param app the application that the API key was issued to; null for none
     * @param apiKey the API key; null for a caller on this machine without one
     * @param actor the API key at the administration; null elsewhere
     */
    record TenantCaller(
            TenantId tenant,
            @Nullable UserId user,
            @Nullable AppId app,
            @Nullable ApiKeyId apiKey,
            Actor.@Nullable Key actor)
            implements Identity {

        /** A caller on this machine without a key, who is the default tenant. */
        static final TenantCaller ANONYMOUS = new TenantCaller(TenantId.DEFAULT, null, null, null, null);

        @Override
        public Optional<Actor> administrator() {
            return Optional.ofNullable(actor);
        }
    }

    /** Whoever runs the installation: let at the administration, and at no route. */
    record Operator() implements Identity {
        @Override
        public Optional<Actor> administrator() {
            return Optional.of(new Actor.Operator());
        }
    }
}
