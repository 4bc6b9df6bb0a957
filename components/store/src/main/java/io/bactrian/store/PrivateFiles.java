package io.bactrian.store;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.ErrorDetails;
import io.bactrian.core.error.MisconfiguredException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Folders and files that nobody but their owner may look into: 0700 and 0600. */
final class PrivateFiles {

    private static final Set<PosixFilePermission> OWNER_FILE = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> OWNER_FOLDER = PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> OTHERS = EnumSet.complementOf(EnumSet.of(
            PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE));

    private PrivateFiles() {}

    /** Makes a folder, and those above it that are missing, for the owner only. One that is there is left as it is. */
    static void makeFolder(Path folder) {
        try {
            Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(OWNER_FOLDER));
        } catch (UnsupportedOperationException e) {
            throw noPermissions(folder);
        } catch (IOException e) {
            throw wrong("the folder " + folder.getFileName() + " cannot be made; check the data folder's owner", e);
        }
    }

    /** Makes a folder of ours, and shuts others out of one that is there. */
    static void makeOwnFolder(Path folder) {
        makeFolder(folder);
        try {
            if (!Files.getPosixFilePermissions(folder).equals(OWNER_FOLDER)) {
                Files.setPosixFilePermissions(folder, OWNER_FOLDER);
            }
        } catch (UnsupportedOperationException e) {
            throw noPermissions(folder);
        } catch (IOException e) {
            throw wrong("others can look into the folder " + folder.getFileName() + ": chmod 700 it", e);
        }
    }

    /**
     * The text of a file.
     *
     * @throws MisconfiguredException if somebody but its owner has any right to it, or it cannot be read
     */
    static String read(Path file, String setting) {
        try {
            if (!Collections.disjoint(Files.getPosixFilePermissions(file), OTHERS)) {
                throw wrong(setting + ": others than its owner have rights to the file; chmod 600 it", null);
            }
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (UnsupportedOperationException e) {
            throw noPermissions(file);
        } catch (IOException e) {
            throw wrong(setting + ": the file cannot be read", e);
        }
    }

    /** Writes a new file whole or not at all; one that is there is never replaced. The caller holds the folder's lock. */
    static void create(Path file, String text, String setting) {
        put(file, text, setting, false);
    }

    /**
     * Replaces a file whole or not at all: who reads it meanwhile reads the old text or the new one, and when this returns
     * the new one outlives the machine's power. It stays its owner's. The caller holds the folder's lock.
     *
     * @throws MisconfiguredException if it cannot be written, or belongs to somebody else and cannot be made theirs again
     */
    static void replace(Path file, String text, String setting) {
        put(file, text, setting, true);
    }

    private static void put(Path file, String text, String setting, boolean replace) {
        Path half = file.resolveSibling(file.getFileName() + ".new");
        try {
            Files.deleteIfExists(half);
            write(half, text);
            if (replace) {
                keepOwner(file, half, setting);
            } else if (Files.exists(file)) {
                throw wrong(setting + ": the file is there already", null);
            }
            Files.move(half, file, StandardCopyOption.ATOMIC_MOVE);
            forceFolder(file);
        } catch (UnsupportedOperationException e) {
            throw noPermissions(file);
        } catch (IOException e) {
            throw wrong(setting + ": the file cannot be written", e);
        } finally {
            discard(half);
        }
    }

    private static void write(Path file, String text) throws IOException {
        try (FileChannel out = FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(OWNER_FILE))) {
            ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
            out.force(true);
        }
    }

    /** Whoever replaces a file that is not theirs, as root does through sudo, would lock its owner out of the new one. */
    private static void keepOwner(Path file, Path half, String setting) throws IOException {
        PosixFileAttributes old = Files.readAttributes(file, PosixFileAttributes.class);
        PosixFileAttributes made = Files.readAttributes(half, PosixFileAttributes.class);
        if (!old.owner().equals(made.owner())) {
            try {
                Files.setOwner(half, old.owner());
            } catch (IOException e) {
                String whose = old.owner().getName();
                throw wrong(
                        setting + ": the file belongs to " + whose + ", who could not read a new one of "
                                + made.owner().getName() + ": run this as " + whose,
                        e);
            }
        }
        if (!old.group().equals(made.group())) {
            try {
                Files.setAttribute(half, "posix:group", old.group());
            } catch (IOException e) {
                // a group of which the owner is no member; it has no right to the file anyway
            }
        }
    }

    /** Removes a file that is of no use any more, if it is there. That it stays must not hide why it is of no use. */
    static void discard(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            // whoever needs its name next tries again
        }
    }

    /** What is in the file outlives the machine's power. */
    static void force(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    /** The new name is the folder's data: without this a loss of power may bring the old file back. */
    static void forceFolder(Path file) throws IOException {
        Path folder = Objects.requireNonNull(file.toAbsolutePath().getParent());
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static MisconfiguredException noPermissions(Path path) {
        return wrong(
                path.getFileName() + " is on a file system without owner permissions, which secrets need; put the data"
                        + " folder on another one",
                null);
    }

    static MisconfiguredException wrong(String message, @Nullable Throwable cause) {
        return new MisconfiguredException(ErrorCode.MISCONFIGURED, message, ErrorDetails.NONE, cause);
    }
}
