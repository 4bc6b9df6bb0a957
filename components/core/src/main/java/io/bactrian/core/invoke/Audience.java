package io.bactrian.core.invoke;

import io.bactrian.core.config.StoredCredential;
import io.bactrian.core.credential.CredentialId;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Users who see the same of a tenant's credentials at a provider, and what was resolved for them: once for all of them, so that
 * they share it with all that hangs on it.
 */
final class Audience {

    // null: all of them
    private final @Nullable Set<CredentialId> privates;
    private final Map<InvocationTarget.Model, Resolution> resolutions = new ConcurrentHashMap<>();

    private Audience(@Nullable Set<CredentialId> privates) {
        this.privates = privates;
    }

    /** Those who see these private credentials, beside all that are for everybody. */
    static Audience of(Set<CredentialId> privates) {
        return new Audience(Set.copyOf(privates));
    }

    /** Whoever manages the tenant's credentials, and sees them all. */
    static Audience ofManagers() {
        return new Audience(null);
    }

    boolean sees(StoredCredential credential) {
        return !credential.visibility().isPrivate() || privates == null || privates.contains(credential.id());
    }

    @Nullable
    Resolution known(InvocationTarget.Model target) {
        return resolutions.get(target);
    }

    int size() {
        return resolutions.size();
    }

    /** Keeps a resolution. Whether it is one more. */
    boolean keep(InvocationTarget.Model target, Resolution resolution) {
        return resolutions.put(target, resolution) == null;
    }
}
