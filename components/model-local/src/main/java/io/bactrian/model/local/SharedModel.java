package io.bactrian.model.local;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeTimeoutException;
import io.bactrian.core.error.MisconfiguredException;
import io.bactrian.core.error.UnavailableException;
import io.bactrian.core.tenant.Deadline;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The one copy of the model in this JVM, loaded by whoever asks first and then shared by every context: native
 * libraries cannot be loaded twice or given back, and 90 MB of native memory need not be there twice.
 */
final class SharedModel {

    private static final ReentrantLock LOADING = new ReentrantLock();

    private static volatile @Nullable MiniLm model;

    private SharedModel() {}

    /**
     * The model; loads it if need be, which takes a second or more. A failed attempt is not remembered.
     *
     * @param dataFolder where native libraries may be unpacked; not asked once the model is there
     * @throws MisconfiguredException if the machine or its folders do not allow it to be loaded
     * @throws InvokeTimeoutException if the deadline passes while somebody else is loading it
     */
    static MiniLm get(Supplier<Path> dataFolder, Deadline deadline) {
        MiniLm ready = model;
        if (ready != null) {
            return ready;
        }
        awaitTurn(deadline);
        try {
            MiniLm loaded = model;
            if (loaded == null) {
                loaded = NativeLoad.run(dataFolder.get(), MiniLm::load);
                model = loaded;
            }
            return loaded;
        } finally {
            LOADING.unlock();
        }
    }

    private static void awaitTurn(Deadline deadline) {
        try {
            if (!LOADING.tryLock(deadline.remainingNanos(), TimeUnit.NANOSECONDS)) {
                throw new InvokeTimeoutException(
                        ErrorCode.DEADLINE_EXCEEDED, "the call's time was up while the local model was being loaded");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnavailableException(
                    ErrorCode.CANCELLED, "the call was interrupted while the local model was being loaded");
        }
    }
}
