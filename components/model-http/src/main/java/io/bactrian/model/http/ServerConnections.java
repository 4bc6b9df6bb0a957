package io.bactrian.model.http;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.bactrian.core.credential.Credentials;
import io.bactrian.core.provider.ProviderEntity;
import io.bactrian.egress.EgressLimits;
import java.time.Duration;

/**
 * The connections made so far, by the identity of their credentials: a rotated credential is another object, so an old
 * connection cannot answer for it. Forgotten with the credentials, or when unused for a while.
 */
final class ServerConnections {

    private static final int MOST = 10_000;
    private static final Duration UNUSED = Duration.ofMinutes(30);

    private final EgressLimits limits;
    private final Cache<Credentials, ServerConnection> cache = Caffeine.newBuilder()
            .weakKeys()
            .maximumSize(MOST)
            .expireAfterAccess(UNUSED)
            .build();

    ServerConnections(EgressLimits limits) {
        this.limits = limits;
    }

    ServerConnection of(ProviderEntity provider, Credentials credentials) {
        ServerConnection known = cache.getIfPresent(credentials);
        if (known != null && known.provider() == provider) {
            return known;
        }
        ServerConnection made = ServerConnection.of(provider, credentials, limits);
        cache.put(credentials, made);
        return made;
    }

    EgressLimits limits() {
        return limits;
    }

    void clear() {
        cache.invalidateAll();
    }
}
