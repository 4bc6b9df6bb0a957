package io.bactrian.bench;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** Streams held open after their first piece, each by a virtual thread that waits for the next. */
final class Held {

    private static final int OPENING_AT_ONCE = 64;
    private static final int WARM = 100;

    private final Subject subject;
    private final Scenario scenario;

    Held(Subject subject, Scenario scenario) {
        this.subject = subject;
        this.scenario = scenario;
    }

    /** The process is to be ended afterwards: the streams stay open. */
    Figures run(int streams, long millis) throws InterruptedException {
        // what is there once per process is not to be counted per stream
        int warm = open(WARM, millis);
        long heap = Meter.liveHeap();
        long resident = Meter.residentKilobytes();
        int threads = Meter.platformThreads();
        int opened = open(streams, millis);
        long live = Meter.liveHeap();
        return new Figures()
                .with("opened", warm == WARM ? opened : 0)
                .with("heapBytes", (double) (live - heap) / Math.max(1, opened))
                .with("rssBytes", (Meter.residentKilobytes() - resident) * 1024.0 / Math.max(1, opened))
                .with("platformThreads", Meter.platformThreads() - threads);
    }

    private int open(int streams, long millis) throws InterruptedException {
        Semaphore opening = new Semaphore(OPENING_AT_ONCE);
        AtomicInteger opened = new AtomicInteger();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        for (int i = 0; i < streams; i++) {
            if (!opening.tryAcquire(end - System.nanoTime(), TimeUnit.NANOSECONDS) || failure.get() != null) {
                break;
            }
            Pieces pieces = new Pieces(scenario, () -> {
                opened.incrementAndGet();
                opening.release();
            });
            pieces.begin();
            Threads.start(true, () -> hold(pieces, failure));
        }
        while (opened.get() < streams && failure.get() == null && System.nanoTime() < end) {
            TimeUnit.MILLISECONDS.sleep(5);
        }
        Throwable failed = failure.get();
        if (failed != null) {
            failed.printStackTrace();
        }
        // lets every reader get into its wait
        TimeUnit.MILLISECONDS.sleep(200);
        return opened.get();
    }

    private void hold(Pieces pieces, AtomicReference<Throwable> failure) {
        try {
            subject.stream(pieces);
        } catch (Throwable failed) {
            failure.compareAndSet(null, failed);
        }
    }
}
