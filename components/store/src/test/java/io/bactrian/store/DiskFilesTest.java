package io.bactrian.store;

import static io.bactrian.store.DiskFilesContract.onDisk;
import static io.bactrian.testkit.contract.StoreFixture.ACME;
import static io.bactrian.testkit.contract.StoreFixture.GLOBEX;
import static io.bactrian.testkit.contract.StoreFixture.NOBODY;
import static io.bactrian.testkit.contract.StoreFixture.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bactrian.core.config.TenantRecord;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.MisconfiguredException;
import io.bactrian.core.file.FileContent;
import io.bactrian.core.file.FileId;
import io.bactrian.core.file.FileStore;
import io.bactrian.core.file.NewFile;
import io.bactrian.core.file.StoredFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.JdbcTemplate;

/** Where content and rows part company: what is lost, left over, somebody else's, or on another node. */
class DiskFilesTest {

    private static final FileLimits LIMITS = new FileLimits(1_000_000, null);

    @TempDir
    private Path data;

    private final StoreSettings settings = StoreSettings.inMemory("f" + UUID.randomUUID());
    private final TestClock clock = new TestClock(StoreTestBase.CLOCK.instant());
    private BactrianStore store;
    private H2Dialect dialect;
    private JdbcTemplate burglar;
    private Path folder;
    private FileStore files;

    @BeforeEach
    void open() {
        store = BactrianStore.open(settings, clock);
        store.putTenant(new TenantRecord(ACME, "Acme", true));
        store.putTenant(new TenantRecord(GLOBEX, "Globex", true));
        dialect = H2Dialect.inMemory(settings.url());
        burglar = new JdbcTemplate(dialect.owner());
        folder = data.resolve("files");
        files = store.files(folder, LIMITS);
    }

    @AfterEach
    void close() {
        dialect.close();
        store.close();
    }

    private StoredFile put(String content) {
        return files.put(
                ACME, NewFile.of("x.txt", "text/plain"), content.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    private Path place(StoredFile file) {
        return folder.resolve(file.tenant().value())
                .resolve(file.id().value().substring(0, 2))
                .resolve(file.id().value());
    }

    private Path planted(String tenant, String shard, String name) throws IOException {
        Path place = folder.resolve(tenant).resolve(shard).resolve(name);
        Files.createDirectories(place.getParent());
        Files.writeString(place, "left over");
        Files.setLastModifiedTime(place, FileTime.from(clock.instant()));
        return place;
    }

    private long rows() {
        return burglar.queryForObject("SELECT COUNT(*) FROM tool_files", Long.class);
    }

    @Test
    void keepsContentWhereNobodyElseLooksUnderANameOfItsOwn() throws IOException {
        StoredFile file = put("x");

        assertThat(onDisk(folder)).containsExactly(place(file));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(place(file))))
                .isEqualTo("rw-------");
        try (Stream<Path> all = Files.walk(folder)) {
            assertThat(all.filter(Files::isDirectory)).hasSize(3).allSatisfy(path -> assertThat(
                            PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                    .isEqualTo("rwx------"));
        }
    }

    @Test
    void shutsOthersOutOfAFolderThatIsThereAlready() throws IOException {
        Path open = Files.createDirectory(
                data.resolve("open"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));

        store.files(open, LIMITS);

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(open)))
                .isEqualTo("rwx------");
    }

    @Test
    void refusesAFileOfATenantThatIsNotThereBeforeItReadsOrWritesAnything() throws IOException {
        InputStream content = new ByteArrayInputStream(new byte[10]);

        refused(ErrorCode.TENANT_NOT_FOUND, () -> files.put(NOBODY, NewFile.of(null, null), content));

        assertThat(content.available()).isEqualTo(10);
        assertThat(folder.resolve("nobody")).doesNotExist();
    }

    @Test
    void keepsNothingOfAFileWhoseTenantGoesWhileItComesIn() throws IOException {
        InputStream content = new ByteArrayInputStream(new byte[10]) {
            @Override
            public synchronized int read(byte[] buffer, int offset, int length) {
                store.removeTenant(ACME);
                return super.read(buffer, offset, length);
            }
        };

        refused(ErrorCode.TENANT_NOT_FOUND, () -> files.put(ACME, NewFile.of(null, null), content));

        assertThat(onDisk(folder)).isEmpty();
        assertThat(rows()).isZero();
    }

    @Test
    void leavesNoTraceOfAFileThatIsRefusedOnItsWayIn() throws IOException {
        refused(ErrorCode.REQUEST_TOO_LARGE, () -> files.put(ACME, NewFile.of(null, null), new byte[1_000_001]));

        assertThat(onDisk(folder)).isEmpty();
    }

    @Test
    void takesARowWithoutItsContentForNotThereAndSweepsIt() throws IOException {
        StoredFile lost = put("lost");
        StoredFile cut = put("cut short");
        StoredFile whole = put("whole");
        Files.delete(place(lost));
        Files.writeString(place(cut), "cut");

        for (StoredFile file : List.of(lost, cut)) {
            assertThat(files.find(ACME, file.id())).isEmpty();
            refused(ErrorCode.FILE_NOT_FOUND, () -> files.open(ACME, file.id(), 0, 1));
        }
        assertThat(files.sweep(clock.instant())).isEqualTo(2);

        assertThat(rows()).isEqualTo(1);
        assertThat(files.find(ACME, whole.id())).contains(whole);
    }

    @Test
    @DisplayName("CRASH-02: what a killed process left is swept, once it is too old to be still on its way")
    void sweepsContentWithoutARowAfterAWhile() throws IOException {
        StoredFile known = put("known");
        Files.setLastModifiedTime(place(known), FileTime.from(clock.instant().minus(Duration.ofDays(1))));
        String id = "ab" + "0".repeat(30);
        Path orphan = planted("acme", "ab", id);
        Path part = planted("acme", "ab", "ab" + "1".repeat(30) + ".part");
        Path ofNobody = planted("gone-tenant", "cd", "cd" + "0".repeat(30));
        // what is not named like something of ours is somebody's who knows what it is for
        Path readme = planted("acme", "ab", "README");
        Path foreign = planted("Not_A_Tenant", "ab", id);

        assertThat(files.sweep(clock.instant().plus(Duration.ofMinutes(59)))).isZero();
        assertThat(orphan).exists();
        assertThat(part).exists();
        assertThat(files.sweep(clock.instant().plus(Duration.ofMinutes(61)))).isEqualTo(3);

        assertThat(List.of(orphan, part, ofNobody))
                .allSatisfy(path -> assertThat(path).doesNotExist());
        assertThat(folder.resolve("gone-tenant")).doesNotExist();
        assertThat(readme).exists();
        assertThat(foreign).exists();
        assertThat(files.find(ACME, known.id())).contains(known);
    }

    @Test
    void sweepsManyOfThemInOneFolder() throws IOException {
        for (int i = 0; i < 1_100; i++) {
            planted("acme", "ab", "ab" + String.format(java.util.Locale.ROOT, "%030d", i));
        }

        assertThat(files.sweep(clock.instant().plus(Duration.ofHours(2)))).isEqualTo(1_100);

        assertThat(onDisk(folder)).isEmpty();
    }

    @Test
    void followsNoLinkOutOfTheFolder() throws IOException {
        Path elsewhere = Files.createDirectories(data.resolve("elsewhere").resolve("ab"));
        Path theirs = Files.writeString(elsewhere.resolve("ab" + "0".repeat(30)), "theirs");
        Files.createSymbolicLink(folder.resolve("linked"), elsewhere.getParent());
        StoredFile file = put("x");
        Files.delete(place(file));
        Files.createSymbolicLink(place(file), theirs);

        assertThat(files.find(ACME, file.id())).isEmpty();
        files.sweep(clock.instant().plus(Duration.ofDays(10_000)));

        assertThat(theirs).hasContent("theirs");
    }

    @Test
    void removesTheFilesOfARemovedTenant() throws IOException {
        StoredFile gone = put("x");
        StoredFile theirs = files.put(GLOBEX, NewFile.of("x.txt", null), new byte[1]);

        store.removeTenant(ACME);

        assertThat(files.find(ACME, gone.id())).isEmpty();
        assertThat(rows()).isEqualTo(1);
        // a tenant that gets the name afterwards gets nothing of it
        store.putTenant(new TenantRecord(ACME, "Another", true));
        assertThat(files.find(ACME, gone.id())).isEmpty();
        assertThat(files.list(ACME, null, null, 10)).isEmpty();
        Files.setLastModifiedTime(place(gone), FileTime.from(clock.instant()));
        assertThat(files.sweep(clock.instant().plus(Duration.ofHours(2)))).isEqualTo(1);
        assertThat(onDisk(folder)).containsExactly(place(theirs));
    }

    @Test
    void keepsFilesForAsLongAsTheInstallationSays() {
        FileStore shortLived = store.files(folder, new FileLimits(10, Duration.ofDays(7)));

        StoredFile usual = shortLived.put(ACME, NewFile.of(null, null), new byte[1]);
        StoredFile shorter = shortLived.put(ACME, NewFile.of(null, null).keptFor(Duration.ofHours(1)), new byte[1]);

        assertThat(usual.expiresAt()).isEqualTo(clock.instant().plus(Duration.ofDays(7)));
        assertThat(shorter.expiresAt()).isEqualTo(clock.instant().plus(Duration.ofHours(1)));
    }

    @Test
    void sharesAFolderWithAnotherNode() throws IOException {
        StoredFile file = put("shared");
        try (BactrianStore other = BactrianStore.open(settings, clock)) {
            FileStore there = other.files(folder, LIMITS);

            assertThat(there.find(ACME, file.id())).contains(file);
            try (FileContent content = there.open(ACME, file.id(), 0, 100)) {
                assertThat(content.readAllBytes()).hasSize(6);
            }
            assertThat(there.remove(ACME, file.id())).isTrue();
        }
        assertThat(files.find(ACME, file.id())).isEmpty();
    }

    @Test
    void saysSoWhenAFileIsInAFolderThatNodesDoNotShareAndSweepsNothingOfIt() {
        StoredFile file = put("here");
        try (BactrianStore other = BactrianStore.open(settings, clock)) {
            FileStore there = other.files(data.resolve("other"), LIMITS);

            assertThat(refused(ErrorCode.STORE_UNAVAILABLE, () -> there.find(ACME, file.id())))
                    .hasMessageContaining("bactrian.files.folder");
            assertThat(there.sweep(clock.instant().plus(Duration.ofDays(1)))).isZero();
        }
        assertThat(files.find(ACME, file.id())).contains(file);
    }

    @Test
    void refusesTheFolderOfAnotherDatabase() throws IOException {
        StoredFile file = put("ours");
        try (BactrianStore another = BactrianStore.open(StoreSettings.inMemory("f" + UUID.randomUUID()), clock)) {
            assertThatThrownBy(() -> another.files(folder, LIMITS))
                    .isInstanceOf(MisconfiguredException.class)
                    .hasMessageContaining("another database")
                    .hasMessageContaining("bactrian.files.folder");
        }
        assertThat(place(file)).exists();

        // as the message says: begins anew
        Files.delete(folder.resolve("folder.id"));
        assertThat(store.files(folder, LIMITS).sweep(clock.instant())).isZero();
    }

    @Test
    void sweepsNothingWhenTheFolderHasGoneAway() throws IOException {
        StoredFile file = put("x");
        Path mounted = data.resolve("mounted elsewhere");
        Files.move(folder, mounted);
        Files.createDirectory(folder);

        refused(ErrorCode.STORE_UNAVAILABLE, () -> files.sweep(clock.instant().plus(Duration.ofDays(1))));

        assertThat(rows()).isEqualTo(1);
        Files.delete(folder);
        Files.move(mounted, folder);
        assertThat(files.find(ACME, file.id())).contains(file);
    }

    @Test
    void keepsItsIdWhenItIsOpenedAgain() throws IOException {
        String id = Files.readString(folder.resolve("folder.id"));
        StoredFile file = put("x");

        FileStore again = store.files(folder, LIMITS);

        assertThat(Files.readString(folder.resolve("folder.id"))).isEqualTo(id);
        assertThat(FileId.of(id.strip())).isPresent();
        assertThat(again.find(ACME, file.id())).contains(file);
        assertThat(burglar.queryForObject("SELECT COUNT(*) FROM file_folders", Long.class))
                .isEqualTo(1);
    }

    @Test
    void refusesAFolderWhoseIdIsDamaged() throws IOException {
        Files.writeString(folder.resolve("folder.id"), "damaged");

        assertThatThrownBy(() -> store.files(folder, LIMITS))
                .isInstanceOf(MisconfiguredException.class)
                .hasMessageContaining("folder.id");
    }

    @Test
    void keepsNothingOfAFileWhileTheDatabaseIsAway() throws IOException {
        store.close();

        refused(ErrorCode.STORE_UNAVAILABLE, () -> put("x"));

        assertThat(onDisk(folder)).isEmpty();
    }

    private List<String> checked(Path where) {
        return StoreCheck.run(settings, where, clock).findings().stream()
                .filter(finding -> finding.subject() == StoreCheck.Subject.FILES)
                .map(finding -> finding.level() + ": " + finding.message())
                .toList();
    }

    @Test
    void isCheckedTogetherWithItsDatabase() throws IOException {
        assertThat(checked(data.resolve("none"))).containsExactly("FINE: there are no files");
        StoredFile lost = put("lost");
        put("whole");
        assertThat(checked(folder)).containsExactly("FINE: the content of all 2 files is there");
        try (BactrianStore other = BactrianStore.open(settings, clock)) {
            other.files(data.resolve("other"), LIMITS).put(ACME, NewFile.of(null, null), new byte[1]);
        }
        Files.delete(place(lost));

        assertThat(checked(folder)).hasSize(2);
        assertThat(checked(folder).get(0)).startsWith("PROBLEM: the content of 1 files is not in the files folder");
        assertThat(checked(folder).get(1)).startsWith("NOTICE: 1 files are in the files folder of another node");
        assertThat(checked(data.resolve("none")))
                .singleElement()
                .asString()
                .startsWith("PROBLEM: there is no files folder");
        assertThat(data.resolve("none")).doesNotExist();
        assertThat(rows()).isEqualTo(3);

        Files.writeString(folder.resolve("folder.id"), "f".repeat(32));
        assertThat(checked(folder)).singleElement().asString().contains("another database");
        Files.writeString(folder.resolve("folder.id"), "damaged");
        assertThat(checked(folder)).singleElement().asString().contains("folder.id");
        assertThat(StoreCheck.run(settings, clock).findings())
                .noneMatch(finding -> finding.subject() == StoreCheck.Subject.FILES);
    }
}
