package io.bactrian.model.local;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.ErrorDetails;
import io.bactrian.core.error.MisconfiguredException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A folder that native libraries are unpacked into.
 *
 * @param path the folder
 * @param temporary whether it is of no use once they are loaded
 */
record NativeFolder(Path path, boolean temporary) {

    private static final Logger LOG = LoggerFactory.getLogger(NativeFolder.class);

    /** The data folder if it can be written, else a temporary folder. */
    static NativeFolder under(Path dataFolder) {
        Path absolute = dataFolder.toAbsolutePath();
        try {
            NativeFolder folder = new NativeFolder(absolute, false);
            folder.prepare();
            return folder;
        } catch (IOException e) {
            LOG.info(
                    "data folder cannot be written, native libraries are unpacked into a temporary folder: {}",
                    e.toString());
            return temporary(e);
        }
    }

    /** Where DJL keeps its libraries. */
    Path djl() {
        return path.resolve("djl");
    }

    /** Where ONNX Runtime keeps its libraries. */
    Path onnxruntime() {
        return path.resolve("onnxruntime");
    }

    /** Deletes a temporary folder: a loaded library needs its file no more, except on Windows, where it goes at exit. */
    void discardIfTemporary() {
        if (!temporary) {
            return;
        }
        try (Stream<Path> walk = Files.walk(path)) {
            List<Path> deepestFirst = walk.sorted(Comparator.reverseOrder()).toList();
            for (Path each : deepestFirst) {
                Files.deleteIfExists(each);
            }
        } catch (IOException | UncheckedIOException e) {
            LOG.debug("temporary folder is deleted at exit: {}", e.toString());
            deleteAtExit();
        }
    }

    private static NativeFolder temporary(IOException whyNotData) {
        try {
            NativeFolder folder = new NativeFolder(Files.createTempDirectory("bactrian-local"), true);
            folder.prepare();
            return folder;
        } catch (IOException e) {
            e.addSuppressed(whyNotData);
            throw new MisconfiguredException(
                    ErrorCode.MISCONFIGURED,
                    "the local model has nowhere to unpack its native libraries: set bactrian.data.folder to a folder"
                            + " that can be written, or make the temporary folder (java.io.tmpdir) one",
                    ErrorDetails.NONE,
                    e);
        }
    }

    private void prepare() throws IOException {
        for (Path folder : List.of(djl(), onnxruntime())) {
            createPrivate(folder);
            // the only sure sign: permissions say nothing of a read-only file system, nor to root
            Files.delete(Files.createTempFile(folder, "probe", null));
        }
    }

    /** Only its owner may put a library there. */
    static void createPrivate(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            return;
        }
        Files.createDirectories(folder.toAbsolutePath().getParent());
        try {
            if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                Files.createDirectory(
                        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            } else {
                Files.createDirectory(folder);
            }
        } catch (FileAlreadyExistsException e) {
            LOG.debug("another process made the folder first");
            Files.createDirectories(folder);
        }
    }

    /** Parents are named first, since what is named last is deleted first. */
    private void deleteAtExit() {
        try (Stream<Path> walk = Files.walk(path)) {
            walk.sorted().forEach(each -> each.toFile().deleteOnExit());
        } catch (IOException | UncheckedIOException e) {
            LOG.debug("temporary folder stays: {}", e.toString());
        }
    }
}
