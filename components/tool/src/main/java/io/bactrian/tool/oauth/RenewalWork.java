package io.bactrian.tool.oauth;

import io.bactrian.core.config.CredentialUnreadableException;
import io.bactrian.core.config.StoredCredential;
import io.bactrian.core.credential.Credentials;
import io.bactrian.core.credential.Secret;
import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.error.InvokeTimeoutException;
import io.bactrian.core.error.MisconfiguredException;
import io.bactrian.core.error.UnauthorizedException;
import io.bactrian.core.error.UnavailableException;
import io.bactrian.core.tenant.Deadline;
import io.bactrian.core.tool.ToolCredential;
import io.bactrian.core.tool.ToolCredentialStore;
import io.bactrian.core.tool.ToolProviderEntity;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One renewal, from the look at what is stored to new tokens in its place. Whoever exchanges a refresh token has told all nodes
 * before, and gives up before they may think that it was killed; so none is used twice.
 */
final class RenewalWork {

    private static final Logger LOG = LoggerFactory.getLogger(RenewalWork.class);

    /** Longer than an exchange may take, by more than what the clocks of nodes may differ. */
    static final Duration HELD = Duration.ofSeconds(60);

    /** How long another node's renewal is waited for: until it must have let go. */
    private static final Duration PATIENCE = HELD.plusSeconds(10);

    private static final Duration USABLE = Duration.ofSeconds(2);
    private static final int SAVES = 6;
    private static final int MOST_UNSAVED = 1_000;

    private final ToolCredentialStore store;
    private final OAuthClients clients;
    private final TokenEndpoint endpoint;
    private final Supplier<String> holders;
    private final Clock clock;
    // what a provider gave and the store did not take: nobody gets it a second time
    private final ConcurrentMap<OAuthRenewal.Key, Unsaved> unsaved = new ConcurrentHashMap<>();

    private record Unsaved(long version, OAuthTokens tokens) {}

    RenewalWork(
            ToolCredentialStore store,
            OAuthClients clients,
            TokenEndpoint endpoint,
            Supplier<String> holders,
            Clock clock) {
        this.store = store;
        this.clients = clients;
        this.endpoint = endpoint;
        this.holders = holders;
        this.clock = clock;
    }

    /** The version of a credential as it is stored now; 0 if that cannot be known. */
    long versionOf(OAuthRenewal.Key key) {
        try {
            return store.find(key.tenant(), key.provider(), key.id())
                    .map(found -> found.stored().version())
                    .orElse(0L);
        } catch (UnavailableException e) {
            return 0;
        }
    }

    ToolCredential renewed(OAuthRenewal.Key key, ToolProviderEntity entity) {
        Deadline deadline = Deadline.in(PATIENCE);
        for (int round = 0; ; round++) {
            ToolCredential current = find(key);
            if (!current.isToBeRenewed(clock.instant())) {
                return current;
            }
            Optional<ToolCredential> done = attempt(key, entity, current);
            if (done.isPresent()) {
                return done.get();
            }
            // another node is at it, or was quicker
            if (isUsable(current, clock.instant())) {
                return current;
            }
            if (deadline.expired()) {
                throw new InvokeTimeoutException(
                        ErrorCode.DEADLINE_EXCEEDED,
                        "another node did not get the token of " + key.provider() + " renewed");
            }
            pause(Duration.ofMillis(Math.min(1_000, 50L << Math.min(round, 5))));
        }
    }

    /** Whether a token is valid for as long as it takes to send it. */
    static boolean isUsable(ToolCredential credential, Instant now) {
        return credential
                .expiresAt()
                .filter(until -> now.plus(USABLE).isBefore(until))
                .isPresent();
    }

    private ToolCredential find(OAuthRenewal.Key key) {
        return store.find(key.tenant(), key.provider(), key.id())
                .orElseThrow(() -> new BadRequestException(
                        ErrorCode.CREDENTIAL_NOT_FOUND,
                        "the credential of " + key.provider() + " was removed while its token was renewed"));
    }

    private Optional<ToolCredential> attempt(OAuthRenewal.Key key, ToolProviderEntity entity, ToolCredential current) {
        long version = current.stored().version();
        Unsaved kept = unsaved.get(key);
        if (kept != null && kept.version() == version) {
            return Optional.of(saved(key, current, kept.tokens()));
        }
        OAuthProvider provider = OAuthProvider.of(key.provider(), entity);
        Secret refreshToken = refreshToken(provider, key, current);
        OAuthClient client = clients.require(key.tenant(), key.provider());
        String holder = holders.get();
        Instant now = clock.instant();
        if (!store.beginRenewal(key.tenant(), key.provider(), key.id(), version, holder, now, now.plus(HELD))) {
            return Optional.empty();
        }
        return Optional.of(saved(key, current, exchanged(key, provider, client, refreshToken, holder)));
    }

    private OAuthTokens exchanged(
            OAuthRenewal.Key key, OAuthProvider provider, OAuthClient client, Secret refreshToken, String holder) {
        try {
            return endpoint.refresh(provider, client, refreshToken, Deadline.in(TokenEndpoint.PATIENCE));
        } catch (RuntimeException e) {
            letGo(key, holder);
            throw e;
        }
    }

    private void letGo(OAuthRenewal.Key key, String holder) {
        try {
            store.endRenewal(key.tenant(), key.provider(), key.id(), holder);
        } catch (UnavailableException e) {
            LOG.debug("others will notice by the time that is set for them", e);
        }
    }

    /** What opens the token endpoint that the tokens are from, and no other (MCP-01). */
    private static Secret refreshToken(OAuthProvider provider, OAuthRenewal.Key key, ToolCredential current) {
        Credentials values;
        try {
            values = current.stored().open();
        } catch (CredentialUnreadableException e) {
            throw new MisconfiguredException(
                    ErrorCode.CREDENTIAL_UNREADABLE,
                    "credential '" + current.stored().name() + "' of " + key.provider() + " cannot be read: "
                            + e.reason());
        }
        String again = ": have the consent given again with ./bactrian tool authorize " + key.provider() + " --tenant "
                + key.tenant();
        boolean elsewhere = values.text(OAuthTokens.TOKEN_ENDPOINT)
                .filter(from -> !from.equals(provider.tokenEndpoint()))
                .isPresent();
        if (elsewhere) {
            throw new UnauthorizedException(
                    ErrorCode.AUTHORIZATION_ERROR,
                    "the token of " + key.provider() + " is from another token endpoint than the one declared now"
                            + again);
        }
        return values.secret(OAuthTokens.REFRESH_TOKEN)
                .orElseThrow(() -> new UnauthorizedException(
                        ErrorCode.AUTHORIZATION_ERROR,
                        "the token of " + key.provider() + " expires, and there is no refresh token to renew it"
                                + again));
    }

    /** Stores new tokens. They are used even if they cannot be stored, and stored with the next renewal then. */
    private ToolCredential saved(OAuthRenewal.Key key, ToolCredential old, OAuthTokens tokens) {
        long version = old.stored().version();
        for (int attempt = 1; ; attempt++) {
            try {
                store.renew(key.tenant(), key.provider(), key.id(), version, tokens.values(), tokens.expiresAt());
                unsaved.remove(key);
                // what somebody else has put there meanwhile, by hand, goes before ours
                return find(key);
            } catch (UnavailableException e) {
                if (attempt == SAVES) {
                    return unsaved(key, old, tokens, e);
                }
                pause(Duration.ofMillis(50L << attempt));
            }
        }
    }

    private ToolCredential unsaved(
            OAuthRenewal.Key key, ToolCredential old, OAuthTokens tokens, InvokeException reason) {
        LOG.error(
                "the token of {} of tenant {} was renewed, and cannot be stored; it is stored with the next call while this"
                        + " process runs: {}",
                key.provider(),
                key.tenant(),
                reason.toString());
        if (unsaved.size() < MOST_UNSAVED) {
            unsaved.put(key, new Unsaved(old.stored().version(), tokens));
        }
        StoredCredential fresh = new StoredCredential(
                old.stored().id(), old.stored().name(), old.stored().version(), tokens::values);
        return new ToolCredential(
                fresh,
                old.type(),
                old.isDefault(),
                tokens.expiresAt(),
                old.onlyFor().orElse(null));
    }

    /** By chance a little more or less, so that nodes do not meet again. */
    private static void pause(Duration time) {
        long most = time.toNanos();
        LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(most / 2, most + 1));
        if (Thread.currentThread().isInterrupted()) {
            throw new UnavailableException(ErrorCode.CANCELLED, "the installation is stopped");
        }
    }
}
