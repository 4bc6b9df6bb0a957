package io.bactrian.store;

import static io.bactrian.testkit.contract.StoreFixture.ACME;
import static io.bactrian.testkit.contract.StoreFixture.GLOBEX;
import static org.assertj.core.api.Assertions.assertThat;

import io.bactrian.core.config.TenantRecord;
import io.bactrian.core.file.FileStore;
import io.bactrian.testkit.contract.FileStoreContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Files on a disk that a database knows of. After each test, the disk holds what the database knows of and nothing else. */
abstract class DiskFilesContract extends FileStoreContract {

    private final TestClock clock = new TestClock(MONDAY);

    @TempDir
    private Path data;

    private BactrianStore store;
    private FileStore files;

    /** A database without tenants. */
    abstract StoreSettings settings();

    @BeforeEach
    void open() {
        store = BactrianStore.open(settings(), clock);
        store.putTenant(new TenantRecord(ACME, "Acme", true));
        store.putTenant(new TenantRecord(GLOBEX, "Globex", true));
        files = store.files(data.resolve("files"), new FileLimits(MAX_SIZE, null));
    }

    @AfterEach
    void close() throws IOException {
        assertThat(onDisk(data.resolve("files")))
                .hasSize(files.list(ACME, null, null, FileStore.LONGEST_PAGE).size()
                        + files.list(GLOBEX, null, null, FileStore.LONGEST_PAGE).size()
                        + expired());
        store.close();
    }

    /** Those that have expired stay on the disk until they are swept. */
    private int expired() {
        return files.sweep(clock.instant());
    }

    /** All content in a files folder. */
    static List<Path> onDisk(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> !file.getFileName().toString().startsWith("folder."))
                    .toList();
        }
    }

    @Override
    protected FileStore files() {
        return files;
    }

    @Override
    protected void advance(Duration by) {
        clock.advance(by);
    }
}
