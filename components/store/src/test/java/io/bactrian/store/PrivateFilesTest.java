package io.bactrian.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bactrian.core.error.MisconfiguredException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that nobody but their owner may look into, and who that is after somebody else has replaced one. */
class PrivateFilesTest {

    private static final String SETTING = "bactrian.store.key-file (a.key)";

    @TempDir
    private Path folder;

    private Path file() {
        return folder.resolve("a.key");
    }

    private static PosixFileAttributes attributes(Path file) throws IOException {
        return Files.readAttributes(file, PosixFileAttributes.class);
    }

    private boolean isRoot() throws IOException {
        return attributes(folder).owner().getName().equals("root");
    }

    private void assertNothingIsLeftBesideIt() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).extracting(file -> file.getFileName().toString()).containsExactly("a.key");
        }
    }

    @Test
    void replacesAFileForItsOwnerOnly() throws IOException {
        PrivateFiles.create(file(), "old", SETTING);

        PrivateFiles.replace(file(), "new", SETTING);

        assertThat(file()).hasContent("new");
        assertThat(PosixFilePermissions.toString(attributes(file()).permissions()))
                .isEqualTo("rw-------");
        assertThat(attributes(file()).owner()).isEqualTo(attributes(folder).owner());
        assertNothingIsLeftBesideIt();
    }

    @Test
    @DisplayName(
            "A key that root rotates for the user of the service stays that user's; nobody else can do so for them")
    void leavesAFileItsOwnerWhoeverReplacesIt() throws IOException {
        if (isRoot()) {
            keepsTheOwnerOfAFileThatRootReplaces();
        } else {
            refusesToReplaceAFileThatIsRoots();
        }
    }

    private void keepsTheOwnerOfAFileThatRootReplaces() throws IOException {
        PrivateFiles.create(file(), "old", SETTING);
        UserPrincipal nobody =
                file().getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody");
        Files.setOwner(file(), nobody);
        // whatever group that is: another than a new file of root's has
        int group = 65_533;
        Files.setAttribute(file(), "unix:gid", group);

        PrivateFiles.replace(file(), "new", SETTING);

        assertThat(file()).hasContent("new");
        assertThat(attributes(file()).owner()).isEqualTo(nobody);
        assertThat(Files.getAttribute(file(), "unix:gid")).isEqualTo(group);
        assertThat(PosixFilePermissions.toString(attributes(file()).permissions()))
                .isEqualTo("rw-------");
        assertNothingIsLeftBesideIt();
    }

    private void refusesToReplaceAFileThatIsRoots() throws IOException {
        // the nearest thing to a file of root's in a folder of ours
        Files.createSymbolicLink(file(), Path.of("/etc/passwd"));

        assertThatThrownBy(() -> PrivateFiles.replace(file(), "new", SETTING))
                .isInstanceOf(MisconfiguredException.class)
                .hasMessageContaining(SETTING)
                .hasMessageContaining("run this as root");

        assertThat(file()).isSymbolicLink();
        assertNothingIsLeftBesideIt();
    }

    @Test
    void leavesNoHalfFileBehindWhenTheFileCannotBePutInItsPlace() throws IOException {
        // no file takes the place of a folder
        Files.createDirectories(file().resolve("below"));

        assertThatThrownBy(() -> PrivateFiles.replace(file(), "canary-91f2", SETTING))
                .isInstanceOf(MisconfiguredException.class)
                .hasMessageContaining(SETTING)
                .hasMessageNotContaining("canary-91f2");

        assertNothingIsLeftBesideIt();
    }

    @Test
    void leavesNoHalfFileBehindWhenTheFileIsThereAlready() throws IOException {
        PrivateFiles.create(file(), "old", SETTING);

        assertThatThrownBy(() -> PrivateFiles.create(file(), "new", SETTING))
                .isInstanceOf(MisconfiguredException.class)
                .hasMessageContaining("there already");

        assertThat(file()).hasContent("old");
        assertNothingIsLeftBesideIt();
    }
}
