package io.bactrian.core.invoke;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.UnavailableException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Waits between attempts. */
@FunctionalInterface
interface Pauses {

    /** Waits on the thread that calls. */
    Pauses ON_THE_THREAD = duration -> {
        try {
            new CountDownLatch(1).await(duration.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnavailableException(
                    ErrorCode.CANCELLED, "the call was cancelled while it waited for another attempt");
        }
    };

    /** @throws UnavailableException with {@code cancelled} if the thread is interrupted */
    void pause(Duration duration);
}
