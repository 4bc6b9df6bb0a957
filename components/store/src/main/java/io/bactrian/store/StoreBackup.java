package io.bactrian.store;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.ErrorDetails;
import io.bactrian.core.error.MisconfiguredException;
import io.bactrian.core.error.UnavailableException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Objects;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * A copy of the embedded database, taken while it is in use: what was committed when it began. A zip with the database and
 * its password, to be unpacked into the store folder of an empty data folder. The key-encryption key is not in it: without
 * that nobody opens the credentials, and it is kept elsewhere. Nor is the content of files, which may be a lot and never
 * changes: the files folder is copied as it is, after this, so that the content of every file that the copy knows of is
 * there; what else is in it is swept. A server's database is backed up with the server's own tools.
 */
public final class StoreBackup {

    private StoreBackup() {}

    /**
     * Writes a copy, whole or not at all.
     *
     * @param settings where the embedded database is
     * @param target the zip to make, for its owner only; one that is there is never replaced
     * @throws MisconfiguredException if there is no embedded database, or the file cannot be made
     * @throws UnavailableException if the database does not answer
     */
    public static void write(StoreSettings settings, Path target) {
        Path data = settings.dataFolder();
        if (data == null) {
            throw PrivateFiles.wrong(
                    "only the embedded database is backed up like this: use pg_dump for a PostgreSQL server, and copy the"
                            + " files folder after that",
                    null);
        }
        Path store = data.resolve("store");
        Path whole = target.toAbsolutePath();
        try (Dialect dialect = Opening.existing(settings)) {
            // one backup at a time: all of them have the database copied to the same file
            FolderLock.holding(store, () -> {
                refuseUnlessFree(whole);
                copyAndPack(dialect, store, whole);
                return whole;
            });
        }
    }

    private static void refuseUnlessFree(Path target) {
        if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            throw taken(target, null);
        }
        if (!Files.isDirectory(Objects.requireNonNull(target.getParent()))) {
            throw PrivateFiles.wrong(
                    "the backup cannot be written: the folder of " + target.getFileName()
                            + " is not there; make it first",
                    null);
        }
    }

    private static MisconfiguredException taken(Path target, @Nullable IOException cause) {
        return PrivateFiles.wrong(
                "the backup cannot be written: " + Objects.requireNonNullElse(target.getFileName(), target)
                        + " is there already; give it another name",
                cause);
    }

    private static void copyAndPack(Dialect dialect, Path store, Path target) {
        Path copy = store.resolve("bactrian.backup");
        try {
            copied(dialect, copy);
            pack(copy, store.resolve("bactrian.password"), target);
        } finally {
            PrivateFiles.discard(copy);
        }
    }

    private static void copied(Dialect dialect, Path copy) {
        try (Connection connection = dialect.owner().getConnection()) {
            // one that was killed may have left it
            Files.deleteIfExists(copy);
            H2Dialect.backUp(connection, copy);
        } catch (SQLException | IOException e) {
            throw new UnavailableException(
                    ErrorCode.STORE_UNAVAILABLE, "the database cannot be copied", ErrorDetails.NONE, e);
        }
    }

    private static void pack(Path copy, Path password, Path target) {
        Path part = null;
        try {
            part = Files.createTempFile(
                    Objects.requireNonNull(target.getParent()),
                    target.getFileName() + ".",
                    ".part",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            fill(part, copy, password);
            Files.move(part, target);
            PrivateFiles.forceFolder(target);
        } catch (FileAlreadyExistsException e) {
            throw taken(target, e);
        } catch (IOException e) {
            throw PrivateFiles.wrong(
                    "the backup cannot be written: check the name of the file, the owner of its folder and the space on"
                            + " the disk",
                    e);
        } finally {
            if (part != null) {
                PrivateFiles.discard(part);
            }
        }
    }

    private static void fill(Path zipFile, Path copy, Path password) throws IOException {
        try (FileChannel channel = FileChannel.open(zipFile, StandardOpenOption.WRITE);
                OutputStream out = Channels.newOutputStream(channel);
                ZipOutputStream zip = new ZipOutputStream(out);
                ZipInputStream made = new ZipInputStream(Files.newInputStream(copy))) {
            for (ZipEntry entry = made.getNextEntry(); entry != null; entry = made.getNextEntry()) {
                add(zip, Path.of(entry.getName()).getFileName().toString(), made);
            }
            try (InputStream in = Files.newInputStream(password)) {
                add(zip, password.getFileName().toString(), in);
            }
            zip.finish();
            channel.force(true);
        }
    }

    private static void add(ZipOutputStream zip, String name, InputStream content) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
        content.transferTo(zip);
        zip.closeEntry();
    }
}
