package io.bactrian.engine;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.error.MisconfiguredException;
import io.bactrian.core.file.FileStore;
import io.bactrian.core.file.FileUrls;
import io.bactrian.core.file.MemoryFiles;
import io.bactrian.core.file.MemoryUploadNonces;
import io.bactrian.core.file.SigningKey;
import io.bactrian.core.file.SigningKeys;
import io.bactrian.core.file.UploadNonces;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of an installation, the links to them, and whoever sweeps. With a database that is kept they are on a disk;
 * without one they are in memory, and so is the key of the links.
 */
final class FileAssembly implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(FileAssembly.class);

    private static final long ROOM_IN_MEMORY = 128L << 20;
    private static final Duration FIRST_SWEEP = Duration.ofMinutes(1);
    private static final Duration BETWEEN_SWEEPS = Duration.ofHours(1);
    private static final long PATIENCE_SECONDS = 5;

    private final FileStore store;
    private final FileUrls urls;
    private final UploadNonces nonces;
    private final Clock clock;
    private final ScheduledThreadPoolExecutor sweeper;

    private FileAssembly(FileStore store, FileUrls urls, UploadNonces nonces, Clock clock) {
        this.store = store;
        this.urls = urls;
        this.nonces = nonces;
        this.clock = clock;
        this.sweeper = new ScheduledThreadPoolExecutor(1, work -> {
            Thread thread = new Thread(work, "bactrian-files-sweep");
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * Opens the files, and begins to sweep.
     *
     * @param opened the store; null if there is none
     * @throws MisconfiguredException if a setting is wrong, or the folder cannot be used
     */
    static FileAssembly open(Settings settings, Clock clock, @Nullable OpenStore opened) {
        FileSettings asked = FileSettings.read(settings);
        Optional<FileStore> kept = opened == null ? Optional.empty() : opened.files(asked);
        if (kept.isEmpty() && asked.folder() != null) {
            throw new MisconfiguredException(
                    ErrorCode.MISCONFIGURED,
                    FileSettings.FOLDER
                            + " is set, but files are kept on a disk only beside a database that is kept: set "
                            + OpenStore.ENABLED + "=true, or leave " + FileSettings.FOLDER + " out");
        }
        SigningKeys keys = opened == null ? SigningKeys.of(SigningKey.random(new SecureRandom())) : opened.linkKeys();
        FileAssembly files = new FileAssembly(
                kept.orElseGet(() -> inMemory(asked, clock)),
                new FileUrls(keys, clock, asked.urls()),
                opened == null ? new MemoryUploadNonces(clock) : opened.uploadNonces(),
                clock);
        files.sweepNowAndThen();
        return files;
    }

    private static FileStore inMemory(FileSettings asked, Clock clock) {
        long maxSize = Math.min(asked.maxSize(), ROOM_IN_MEMORY);
        return new MemoryFiles(clock, new SecureRandom(), maxSize, ROOM_IN_MEMORY, asked.retention());
    }

    private void sweepNowAndThen() {
        // what has expired is not given out in any case: this makes room
        sweeper.scheduleWithFixedDelay(
                this::sweep, FIRST_SWEEP.toSeconds(), BETWEEN_SWEEPS.toSeconds(), TimeUnit.SECONDS);
    }

    private void sweep() {
        try {
            store.sweep(clock.instant());
        } catch (InvokeException e) {
            LOG.warn("files were not swept, which is tried again in an hour: {}", e.getMessage());
        } catch (RuntimeException e) {
            // a scheduled task that throws is never run again
            LOG.error("files were not swept", e);
        }
    }

    FileStore store() {
        return store;
    }

    FileUrls urls() {
        return urls;
    }

    UploadNonces nonces() {
        return nonces;
    }

    /** Sweeps no more. One that is under way may end: the store is closed next. */
    @Override
    public void close() {
        sweeper.shutdown();
        try {
            if (!sweeper.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                LOG.debug("a sweep of files is cut short");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
