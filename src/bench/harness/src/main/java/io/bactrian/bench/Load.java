package io.bactrian.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/** Many callers at once, each with its next call as soon as the last one is answered. */
final class Load {

    private final Subject subject;
    private final Scenario scenario;
    private final boolean virtual;
    private final AtomicLong errors = new AtomicLong();
    private final AtomicReference<Throwable> firstError = new AtomicReference<>();
    private volatile boolean measuring;
    private volatile boolean over;

    Load(Subject subject, Scenario scenario, boolean virtual) {
        this.subject = subject;
        this.scenario = scenario;
        this.virtual = virtual && Threads.virtualPossible();
    }

    /** A third of the time passes before anything counts: connections are made and code is compiled. */
    Figures run(int callers, long millis) throws InterruptedException {
        List<Caller> all = new ArrayList<>();
        CountDownLatch ended = new CountDownLatch(callers);
        for (int i = 0; i < callers; i++) {
            Caller caller = new Caller(ended);
            all.add(caller);
            Threads.start(virtual, caller);
        }
        TimeUnit.MILLISECONDS.sleep(millis / 3);
        long cpu = Meter.cpuNanos();
        long start = System.nanoTime();
        measuring = true;
        TimeUnit.MILLISECONDS.sleep(millis);
        measuring = false;
        double seconds = (System.nanoTime() - start) / 1e9;
        cpu = Meter.cpuNanos() - cpu;
        over = true;
        boolean allEnded = ended.await(10, TimeUnit.SECONDS);
        Histogram times = new Histogram();
        all.forEach(caller -> times.add(caller.times));
        Throwable error = firstError.get();
        if (error != null) {
            error.printStackTrace();
        }
        return new Figures()
                .with("perSecond", times.count() / seconds)
                .with("cpu", cpu / 1e3 / Math.max(1, times.count()))
                .with("wallP50", times.quantile(0.5) / 1e3)
                .with("wallP99", times.quantile(0.99) / 1e3)
                .with("errors", errors.get())
                .with("stuck", allEnded ? 0 : ended.getCount());
    }

    private final class Caller implements Runnable {

        private final Histogram times = new Histogram();
        private final Answer answer = new Answer(scenario);
        private final CountDownLatch ended;

        Caller(CountDownLatch ended) {
            this.ended = ended;
        }

        @Override
        public void run() {
            try {
                while (!over) {
                    long start = System.nanoTime();
                    subject.ask(answer);
                    if (measuring) {
                        times.add(System.nanoTime() - start);
                    }
                }
            } catch (Throwable failed) {
                // this caller is out; how many are is told
                errors.incrementAndGet();
                firstError.compareAndSet(null, failed);
            } finally {
                ended.countDown();
            }
        }
    }
}
