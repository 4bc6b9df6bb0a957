package io.bactrian.core.tool;

import io.bactrian.core.config.StoredCredential;
import io.bactrian.core.credential.CredentialId;
import io.bactrian.core.credential.CredentialName;
import io.bactrian.core.credential.Credentials;
import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.tenant.TenantId;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** Keeps what OAuth 2 needs in memory, for installations without a store: it is gone with the process. Bounded. */
public final class MemoryOAuth implements OAuthStore {

    private final Map<Key, StoredCredential> clients = new HashMap<>();
    private final Map<String, OAuthState> states = new HashMap<>();
    private final ReentrantLock lock = new ReentrantLock();

    private record Key(TenantId tenant, ToolProviderName provider) {}

    private <T> T locked(Supplier<T> work) {
        lock.lock();
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Optional<StoredCredential> client(TenantId tenant, ToolProviderName provider) {
        return locked(() -> Optional.ofNullable(clients.get(new Key(tenant, provider))));
    }

    @Override
    public void putClient(TenantId tenant, ToolProviderName provider, Credentials client) {
        Key key = new Key(tenant, provider);
        locked(() -> {
            StoredCredential before = clients.get(key);
            long version = before == null ? 1 : before.version() + 1;
            return clients.put(
                    key,
                    new StoredCredential(
                            new CredentialId("oauth-client"), new CredentialName("client"), version, () -> client));
        });
    }

    @Override
    public boolean removeClient(TenantId tenant, ToolProviderName provider) {
        return locked(() -> clients.remove(new Key(tenant, provider)) != null);
    }

    @Override
    public void addState(OAuthState state) {
        locked(() -> {
            states.values().removeIf(other -> other.expired(state.createdAt()));
            long onTheWay = states.values().stream()
                    .filter(other -> other.tenant().equals(state.tenant()))
                    .count();
            if (onTheWay >= MOST_STATES) {
                throw tooMany(state.tenant());
            }
            return states.put(state.sha256(), state);
        });
    }

    /** The refusal of one person too many. */
    public static BadRequestException tooMany(TenantId tenant) {
        return new BadRequestException(
                ErrorCode.INVALID_PARAM,
                "tenant '" + tenant + "' has " + MOST_STATES
                        + " authorizations under way: wait until some are through or have expired");
    }

    @Override
    public Optional<OAuthState> takeState(String sha256, Instant now) {
        return locked(() -> Optional.ofNullable(states.remove(sha256)).filter(state -> !state.expired(now)));
    }
}
