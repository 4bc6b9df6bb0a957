package io.bactrian.testkit.contract;

import io.bactrian.core.config.CredentialUnreadableException;
import io.bactrian.core.config.StoredCredential;
import io.bactrian.core.credential.Secret;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;
import org.awaitility.Awaitility;

/** What the suites share. */
final class Suites {

    private Suites() {}

    static String reveal(StoredCredential stored) {
        try {
            return stored.open().secret("api_key").map(Secret::reveal).orElse("");
        } catch (CredentialUnreadableException e) {
            throw new AssertionError("credential " + stored.id() + " cannot be opened: " + e.reason(), e);
        }
    }

    /** Runs tasks that start at the same moment, one thread each, and gives their results; the first error is thrown. */
    static <T> List<T> together(int threads, IntFunction<Callable<T>> task) throws InterruptedException {
        CyclicBarrier start = new CyclicBarrier(threads);
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<T>> running = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                Callable<T> own = task.apply(i);
                running.add(pool.submit(() -> {
                    start.await(60, TimeUnit.SECONDS);
                    return own.call();
                }));
            }
            List<T> results = new ArrayList<>();
            for (Future<T> one : running) {
                results.add(result(one));
            }
            return results;
        } finally {
            pool.shutdownNow();
        }
    }

    /** Waits for something that another thread is about to do. */
    static void await(BooleanSupplier done) {
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(done::getAsBoolean);
    }

    private static <T> T result(Future<T> running) throws InterruptedException {
        try {
            return running.get(120, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError("a thread did not finish its work", e);
        }
    }
}
