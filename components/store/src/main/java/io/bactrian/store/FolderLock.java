package io.bactrian.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** Lets one opener at a time make files and change the schema: one thread of this process, one process of this machine. */
final class FolderLock {

    private static final ReentrantLock IN_PROCESS = new ReentrantLock();

    private FolderLock() {}

    static <T> T holding(Path folder, Supplier<T> work) {
        return holding(folder.resolve("bactrian.opening"), "the store folder cannot be locked; check its owner", work);
    }

    /**
     * Does work while nobody else holds the lock.
     *
     * @param file the lock, made if it is not there
     * @param otherwise what to say if the lock cannot be had
     */
    static <T> T holding(Path file, String otherwise, Supplier<T> work) {
        IN_PROCESS.lock();
        try (FileChannel channel = FileChannel.open(
                        file,
                        Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
                FileLock lock = channel.lock()) {
            if (!lock.isValid()) {
                throw new IOException("the lock was lost");
            }
            return work.get();
        } catch (IOException e) {
            throw PrivateFiles.wrong(otherwise, e);
        } finally {
            IN_PROCESS.unlock();
        }
    }
}
