package io.bactrian.tool.oauth;

import io.bactrian.core.credential.CredentialId;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.error.InvokeTimeoutException;
import io.bactrian.core.error.UnavailableException;
import io.bactrian.core.json.JsonCodec;
import io.bactrian.core.tenant.Deadline;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tool.OAuthStore;
import io.bactrian.core.tool.ToolCredential;
import io.bactrian.core.tool.ToolCredentialRenewal;
import io.bactrian.core.tool.ToolCredentialStore;
import io.bactrian.core.tool.ToolProviderEntity;
import io.bactrian.core.tool.ToolProviderName;
import io.bactrian.core.tool.ToolProviderType;
import io.bactrian.egress.EgressClient;
import java.time.Clock;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Renews tokens by their refresh tokens: all calls of this process that need one wait for the same exchange, and of several nodes
 * one makes it. An exchange has a thread and a time of its own: that a caller is in a hurry, or gone, does not break it off, as
 * the refresh token may be used up by then. A token that is valid for a while still is used when it cannot be renewed just now.
 */
public final class OAuthRenewal implements ToolCredentialRenewal, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(OAuthRenewal.class);

    private static final int WORKERS = 8;
    private static final int WAITING = 1_000;

    private final RenewalWork work;
    private final RenewalRefusals refusals;
    private final Clock clock;
    private final ThreadPoolExecutor workers;
    private final ConcurrentMap<Key, CompletableFuture<ToolCredential>> flights = new ConcurrentHashMap<>();

    /** Whose token is renewed. */
    record Key(TenantId tenant, ToolProviderName provider, CredentialId id) {}

    /**
     * @param store where tokens are
     * @param oauth knows who tenants are to providers
     * @param egress the way to token endpoints
     * @param json reads their answers
     * @param holders gives a text that no other node or renewal has
     * @param clock tells what has expired
     */
    public OAuthRenewal(
            ToolCredentialStore store,
            OAuthStore oauth,
            EgressClient egress,
            JsonCodec json,
            Supplier<String> holders,
            Clock clock) {
        this.work =
                new RenewalWork(store, new OAuthClients(oauth), new TokenEndpoint(egress, json, clock), holders, clock);
        this.refusals = new RenewalRefusals(clock);
        this.clock = clock;
        this.workers = new ThreadPoolExecutor(
                WORKERS, WORKERS, 30, TimeUnit.SECONDS, new ArrayBlockingQueue<>(WAITING), task -> {
                    Thread thread = new Thread(task, "bactrian-token-renewal");
                    thread.setDaemon(true);
                    return thread;
                });
        workers.allowCoreThreadTimeOut(true);
    }

    @Override
    public ToolCredential renew(
            TenantId tenant,
            ToolProviderEntity provider,
            ToolProviderType type,
            ToolCredential credential,
            Deadline deadline) {
        ToolProviderName name = new ToolProviderName(type, provider.name());
        Key key = new Key(tenant, name, credential.stored().id());
        try {
            refusals.check(key, credential);
            return awaited(flight(key, provider), name, deadline);
        } catch (InvokeException e) {
            if (RenewalWork.isUsable(credential, clock.instant())) {
                return credential;
            }
            throw e;
        }
    }

    private CompletableFuture<ToolCredential> flight(Key key, ToolProviderEntity provider) {
        CompletableFuture<ToolCredential> mine = new CompletableFuture<>();
        CompletableFuture<ToolCredential> other = flights.putIfAbsent(key, mine);
        if (other != null) {
            return other;
        }
        try {
            workers.execute(() -> fly(key, provider, mine));
        } catch (RejectedExecutionException e) {
            flights.remove(key, mine);
            mine.completeExceptionally(new UnavailableException(
                    ErrorCode.OVERLOADED, "too many tokens are being renewed at the same time: try again"));
        }
        return mine;
    }

    private void fly(Key key, ToolProviderEntity provider, CompletableFuture<ToolCredential> flight) {
        try {
            ToolCredential renewed = work.renewed(key, provider);
            land(key, flight);
            flight.complete(renewed);
        } catch (InvokeException e) {
            refusals.remember(key, work.versionOf(key), e);
            LOG.warn("the token of {} of tenant {} was not renewed: {}", key.provider(), key.tenant(), e.toString());
            land(key, flight);
            flight.completeExceptionally(e);
        } catch (RuntimeException | Error e) {
            land(key, flight);
            flight.completeExceptionally(e);
            throw e;
        }
    }

    /** Before it is told what has come of it: whoever asks then wants to know how it is by then. */
    private void land(Key key, CompletableFuture<ToolCredential> flight) {
        flights.remove(key, flight);
    }

    private static ToolCredential awaited(
            CompletableFuture<ToolCredential> flight, ToolProviderName provider, Deadline deadline) {
        try {
            return flight.get(deadline.remainingNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new InvokeTimeoutException(
                    ErrorCode.DEADLINE_EXCEEDED,
                    "the call's time was up before the token of " + provider + " was renewed");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnavailableException(
                    ErrorCode.CANCELLED, "the call was cancelled while the token of " + provider + " was renewed");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof InvokeException known) {
                throw known;
            }
            throw new IllegalStateException("the token of " + provider + " was not renewed", e.getCause());
        }
    }

    /** Breaks off what is under way. */
    @Override
    public void close() {
        workers.shutdownNow();
    }
}
