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
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/**
 * A copy of the embedded database, taken while it is in use: what was committed when it began. A zip with the database and
 * its password, to be unpacked into the store folder of an empty data folder. The key-encryption key is not in it: without
 * that nobody opens the credentials, and it is kept elsewhere. A server's database is backed up with the server's own tools.
 */
public final class StoreBackup {

    private StoreBackup() {}

    /**
     * Writes a copy.
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
                    "only the embedded database is backed up like this: use pg_dump for a PostgreSQL server", null);
        }
        Path store = data.resolve("store");
        Path copy = store.resolve("bactrian.backup");
        try (Dialect dialect = Opening.existing(settings)) {
            FolderLock.holding(store, () -> {
                copied(dialect, copy);
                pack(copy, store.resolve("bactrian.password"), target);
                return target;
            });
        }
    }

    private static void copied(Dialect dialect, Path copy) {
        try (Connection connection = dialect.owner().getConnection();
                PreparedStatement backup = connection.prepareStatement("BACKUP TO ?")) {
            Files.deleteIfExists(copy);
            // by the process that serves the database, which may be another one: an absolute path
            backup.setString(1, copy.toAbsolutePath().toString());
            backup.execute();
        } catch (SQLException | IOException e) {
            throw new UnavailableException(
                    ErrorCode.STORE_UNAVAILABLE, "the database cannot be copied", ErrorDetails.NONE, e);
        }
    }

    private static void pack(Path copy, Path password, Path target) {
        try (FileChannel channel = FileChannel.open(
                        target,
                        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
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
            Files.delete(copy);
        } catch (IOException e) {
            throw PrivateFiles.wrong("the backup cannot be written: is the file there already, or the disk full?", e);
        }
    }

    private static void add(ZipOutputStream zip, String name, InputStream content) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
        content.transferTo(zip);
        zip.closeEntry();
    }
}
