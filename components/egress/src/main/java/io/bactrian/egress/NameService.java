package io.bactrian.egress;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.UnavailableException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Name look-ups that end: a resolver blocks as long as it likes, so each look-up runs on a thread of its own, of which there
 * are few, and the caller waits no longer than its time (SSRF-18). Calls for a name that is being looked up share the
 * look-up. A name that was not found is not asked for again for {@link #NEGATIVE_TTL} (UP-12); one that was found is asked
 * for at each connect, and the answer is used for that connect alone (SSRF-05).
 */
final class NameService implements AutoCloseable {

    static final Duration NEGATIVE_TTL = Duration.ofSeconds(3);

    private static final int MAX_LOOKUPS = 64;
    private static final int MAX_NEGATIVE = 1_024;
    private static final long SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final NameResolver resolver;
    private final LongSupplier nanoTime;
    private final ConcurrentHashMap<String, CompletableFuture<List<InetAddress>>> running = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<String, Long> notFoundAt = new ConcurrentHashMap<>();
    private final ThreadPoolExecutor threads;

    NameService(NameResolver resolver, LongSupplier nanoTime) {
        this.resolver = resolver;
        this.nanoTime = nanoTime;
        AtomicInteger number = new AtomicInteger();
        this.threads = new ThreadPoolExecutor(0, MAX_LOOKUPS, 5, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
            Thread thread = new Thread(task, "bactrian-egress-dns-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * All addresses of the name.
     *
     * @param nanos how long to wait
     * @param givenUp asked now and then: whether nobody waits for the answer any more
     * @throws UnavailableException {@code NAME_NOT_RESOLVED}
     */
    List<InetAddress> lookUp(String host, long nanos, BooleanSupplier givenUp) {
        Long missed = notFoundAt.get(host);
        if (missed != null && nanoTime.getAsLong() - missed < NEGATIVE_TTL.toNanos()) {
            throw notResolved(host, "is not known to the name server");
        }
        try {
            return await(lookUp(host), host, nanos, givenUp);
        } catch (ExecutionException failure) {
            throw notResolved(host, "is not known to the name server");
        } catch (RejectedExecutionException busy) {
            throw notResolved(host, "cannot be looked up now: " + MAX_LOOKUPS + " look-ups hang");
        }
    }

    private CompletableFuture<List<InetAddress>> lookUp(String host) {
        CompletableFuture<List<InetAddress>> own = new CompletableFuture<>();
        CompletableFuture<List<InetAddress>> other = running.putIfAbsent(host, own);
        if (other != null) {
            return other;
        }
        try {
            threads.execute(() -> resolve(host, own));
        } catch (RejectedExecutionException busy) {
            running.remove(host, own);
            own.completeExceptionally(busy);
            throw busy;
        }
        return own;
    }

    private void resolve(String host, CompletableFuture<List<InetAddress>> result) {
        try {
            List<InetAddress> addresses = resolver.resolve(host);
            if (addresses.isEmpty()) {
                throw new UnknownHostException(host);
            }
            notFoundAt.remove(host);
            running.remove(host, result);
            result.complete(addresses);
        } catch (UnknownHostException | RuntimeException notFound) {
            remember(host);
            running.remove(host, result);
            result.completeExceptionally(notFound);
        }
    }

    private void remember(String host) {
        if (notFoundAt.size() >= MAX_NEGATIVE) {
            notFoundAt.clear();
        }
        notFoundAt.put(host, nanoTime.getAsLong());
    }

    private List<InetAddress> await(
            CompletableFuture<List<InetAddress>> lookUp, String host, long nanos, BooleanSupplier givenUp)
            throws ExecutionException {
        long end = System.nanoTime() + nanos;
        while (true) {
            long left = end - System.nanoTime();
            if (left <= 0 || givenUp.getAsBoolean()) {
                throw notResolved(host, "was not resolved in time");
            }
            try {
                return lookUp.get(Math.min(left, SLICE_NANOS), TimeUnit.NANOSECONDS);
            } catch (TimeoutException slice) {
                // asks again whether anybody still waits
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw notResolved(host, "was not resolved: the thread was interrupted");
            }
        }
    }

    private static UnavailableException notResolved(String host, String why) {
        return new UnavailableException(ErrorCode.NAME_NOT_RESOLVED, "The name " + host + " " + why);
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
