package io.bactrian.store;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.ErrorDetails;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.error.UnavailableException;
import io.bactrian.core.file.FileId;
import io.bactrian.core.file.FileIntake;
import io.bactrian.core.file.FileReference;
import io.bactrian.core.tenant.TenantId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The folder that the content of files is kept in, as {@code TENANT/xx/ID}, for its owner only. Knows nothing of rows: what
 * is here and has no row is nobody's. Several processes may use it at a time, and nodes that share a file system.
 */
final class FileFolder {

    /** The ending of what is still being written. */
    static final String PART = ".part";

    private static final String MARK = "folder.id";
    private static final String LOCK = "folder.lock";
    private static final int CHUNK = 64 * 1_024;
    private static final int ATTEMPTS = 4;
    private static final FileAttribute<?> OWNER_FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final FileAttribute<?> OWNER_FOLDER =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private final Path root;
    private final String id;

    private FileFolder(Path root, String id) {
        this.root = root;
        this.id = id;
    }

    /**
     * Opens a folder; makes it if it is not there, and gives it an id if it has none.
     *
     * @param newId gives the id, once somebody else knows it
     * @throws io.bactrian.core.error.MisconfiguredException if it cannot be made, or others can look into it
     */
    static FileFolder open(Path folder, Supplier<FileId> newId) {
        Path root = folder.toAbsolutePath().normalize();
        PrivateFiles.makeFolder(root);
        PrivateFiles.makeOwnFolder(root);
        String mark = FolderLock.holding(
                root.resolve(LOCK), "the files folder cannot be locked; check its owner", () -> marked(root, newId));
        return new FileFolder(root, mark);
    }

    /**
     * A folder as it is: nothing is made. Empty if it is not there, or never was one.
     *
     * @throws io.bactrian.core.error.MisconfiguredException if its id is damaged
     */
    static Optional<FileFolder> existing(Path folder) {
        Path root = folder.toAbsolutePath().normalize();
        return Files.exists(root.resolve(MARK))
                ? Optional.of(new FileFolder(root, mark(root.resolve(MARK))))
                : Optional.empty();
    }

    private static String marked(Path root, Supplier<FileId> newId) {
        Path mark = root.resolve(MARK);
        if (!Files.exists(mark)) {
            PrivateFiles.create(mark, newId.get() + "\n", "the id of the files folder");
        }
        return mark(mark);
    }

    private static String mark(Path mark) {
        return readMark(mark)
                .orElseThrow(() -> PrivateFiles.wrong(
                        MARK + " in the files folder holds no id: restore it, or delete it to begin anew, which removes"
                                + " all content in the folder",
                        null));
    }

    private static Optional<String> readMark(Path mark) {
        String text = PrivateFiles.read(mark, "the id of the files folder").strip();
        return FileId.of(text).map(FileId::value);
    }

    /** Which folder it is, wherever it is mounted. */
    String id() {
        return id;
    }

    /** Where it is. */
    Path root() {
        return root;
    }

    /** Whether it is still there, and the same: a file system that went away leaves an empty folder behind. */
    boolean isThere() {
        try {
            return Files.exists(root.resolve(MARK))
                    && readMark(root.resolve(MARK)).equals(Optional.of(id));
        } catch (InvokeException e) {
            return false;
        }
    }

    /** Where the content of a file is. */
    Path place(TenantId tenant, FileId file) {
        return root.resolve(tenant.value())
                .resolve(file.value().substring(0, 2))
                .resolve(file.value());
    }

    /**
     * Writes the content of a file: when this returns it is on the disk, in its place; else there is nothing of it. Nobody
     * else writes to that place.
     */
    void write(TenantId tenant, FileId file, FileIntake content) {
        Path place = place(tenant, file);
        Path part = place.resolveSibling(file + PART);
        try {
            try (FileChannel out = create(part)) {
                copy(content, out);
                out.force(true);
            }
            Files.move(part, place, StandardCopyOption.ATOMIC_MOVE);
            PrivateFiles.forceFolder(place);
        } catch (IOException e) {
            PrivateFiles.discard(place);
            throw unwritten(e);
        } finally {
            PrivateFiles.discard(part);
        }
    }

    private FileChannel create(Path part) throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                return openNew(part);
            } catch (NoSuchFileException e) {
                if (attempt == ATTEMPTS) {
                    throw e;
                }
                // the first of its folder, or a sweep has just removed that
                makeFolders(Objects.requireNonNull(part.getParent()));
            }
        }
    }

    private static FileChannel openNew(Path part) throws IOException {
        return FileChannel.open(part, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), OWNER_FILE);
    }

    private void makeFolders(Path shard) throws IOException {
        Files.createDirectories(shard, OWNER_FOLDER);
        PrivateFiles.forceFolder(shard);
        PrivateFiles.forceFolder(Objects.requireNonNull(shard.getParent()));
    }

    private static void copy(FileIntake content, FileChannel out) throws IOException {
        byte[] buffer = new byte[CHUNK];
        for (int got = content.read(buffer); got >= 0; got = content.read(buffer)) {
            ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, got);
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
        }
    }

    private static UnavailableException unwritten(IOException cause) {
        if (cause instanceof ClosedByInterruptException) {
            return new UnavailableException(
                    ErrorCode.CANCELLED, "the file was not stored: the call was given up", ErrorDetails.NONE, cause);
        }
        return new UnavailableException(
                ErrorCode.STORE_UNAVAILABLE,
                "the file cannot be written: check the space on the disk of the files folder, and the folder's owner",
                ErrorDetails.NONE,
                cause);
    }

    /** Whether the content is there, and of that size. */
    boolean has(TenantId tenant, FileId file, long size) {
        try {
            BasicFileAttributes attributes =
                    Files.readAttributes(place(tenant, file), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            return attributes.isRegularFile() && attributes.size() == size;
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException e) {
            throw unread(e);
        }
    }

    /** The content from a place on. */
    InputStream read(TenantId tenant, FileId file, long from) throws NoSuchFileException {
        try {
            SeekableByteChannel channel = Files.newByteChannel(
                    place(tenant, file), Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
            return Channels.newInputStream(channel.position(from));
        } catch (NoSuchFileException e) {
            throw e;
        } catch (IOException e) {
            throw unread(e);
        }
    }

    private static UnavailableException unread(IOException cause) {
        return new UnavailableException(
                ErrorCode.STORE_UNAVAILABLE,
                "the file cannot be read: check the disk of the files folder, and the folder's owner",
                ErrorDetails.NONE,
                cause);
    }

    /** Removes the content of a file, if it is there. That it stays is mended by the sweep. */
    void remove(FileReference file) {
        PrivateFiles.discard(place(file.tenant(), file.id()));
    }
}
