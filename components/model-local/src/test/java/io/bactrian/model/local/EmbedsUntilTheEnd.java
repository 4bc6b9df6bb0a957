package io.bactrian.model.local;

import io.bactrian.core.error.InvokeException;
import io.bactrian.core.model.ModelDialect;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A process whose threads embed until its model is closed, a while after it was told to end. */
final class EmbedsUntilTheEnd {

    private EmbedsUntilTheEnd() {}

    public static void main(String[] arguments) throws InterruptedException {
        ModelDialect dialect = Calls.dialect(Path.of(arguments[0]));
        CountDownLatch working = new CountDownLatch(2);
        for (int i = 0; i < 2; i++) {
            Thread thread = new Thread(() -> embed(dialect, working));
            thread.setDaemon(true);
            thread.start();
        }
        if (!working.await(40, TimeUnit.SECONDS)) {
            Runtime.getRuntime().halt(3);
        }
        CountDownLatch drained = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                // as long as open requests may go on
                drained.await(1, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            dialect.close();
        }));
        System.exit(0);
    }

    private static void embed(ModelDialect dialect, CountDownLatch working) {
        try {
            while (true) {
                Calls.embed(dialect, "two humps are better than one ".repeat(100));
                working.countDown();
            }
        } catch (InvokeException e) {
            // it was closed
        }
    }
}
