package io.bactrian.store;

import io.bactrian.testkit.contract.ConfigurationStoreContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.CONCURRENT)
class H2OnDiskContractTest extends ConfigurationStoreContract {

    private static final List<String> FILES =
            List.of("store/bactrian.mv.db", "store/bactrian.password", "keys/key-encryption.key");

    @TempDir
    private static Path empty;

    @TempDir
    private Path data;

    private BactrianStore store;

    /** Migrations run once: what they make is copied for each test. */
    @BeforeAll
    static void make() {
        BactrianStore.open(StoreSettings.embedded(empty), Clock.systemUTC()).close();
    }

    @BeforeEach
    void open() throws IOException {
        for (String file : FILES) {
            Files.createDirectories(data.resolve(file).getParent());
            Files.copy(empty.resolve(file), data.resolve(file), StandardCopyOption.COPY_ATTRIBUTES);
        }
        store = BactrianStore.open(StoreSettings.embedded(data), Clock.systemUTC());
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Override
    public BactrianStore store() {
        return store;
    }

    @Override
    public BactrianStore apiKeys() {
        return store;
    }

    @Override
    public BactrianStore auditLog() {
        return store;
    }
}
