package io.bactrian.bench.micro;

import io.bactrian.core.config.CredentialUnreadableException;
import io.bactrian.core.config.ProviderRecord;
import io.bactrian.core.config.TenantRecord;
import io.bactrian.core.credential.Credentials;
import io.bactrian.core.tenant.Role;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.store.BactrianStore;
import io.bactrian.store.StoreSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Comparator;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Reads of the store with 200 tenants of ten credentials: what a call costs that is not answered from memory. */
@State(Scope.Benchmark)
public class StoreBenchmark {

    private static final int TENANTS = 200;

    /** Where H2 keeps it. */
    @Param({"memory", "disk"})
    public String database;

    private BactrianStore store;
    private Path folder;
    private TenantId[] tenants;
    private int turn;

    /** Fills a database. */
    @Setup
    public void setUp() throws IOException {
        folder = Files.createTempDirectory("bactrian-bench");
        StoreSettings settings = "disk".equals(database)
                ? StoreSettings.embedded(folder)
                : StoreSettings.inMemory("bench-" + UUID.randomUUID());
        store = BactrianStore.open(settings, Clock.systemUTC());
        tenants = Scripted.addTenants(store, TENANTS, 10);
    }

    /** Removes the database. */
    @TearDown
    public void tearDown() throws IOException {
        store.close();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private TenantId next() {
        turn = turn + 1 == TENANTS ? 0 : turn + 1;
        return tenants[turn];
    }

    /** The count that says whether what is remembered is still true: asked for every call. */
    @Benchmark
    public long version() {
        return store.version(next());
    }

    /** Whether a tenant is there and switched on. */
    @Benchmark
    public Optional<TenantRecord> tenant() {
        return store.tenant(next());
    }

    /** What a member may do. */
    @Benchmark
    public Optional<Role> role() {
        return store.role(next(), Scripted.MEMBER);
    }

    /** All that a tenant configured for a provider, nothing decrypted. */
    @Benchmark
    public Optional<ProviderRecord> provider() {
        return store.provider(next(), Scripted.PROVIDER);
    }

    /** The same, and one credential opened. */
    @Benchmark
    public Credentials credential() throws CredentialUnreadableException {
        return store.provider(next(), Scripted.PROVIDER)
                .orElseThrow()
                .credentials()
                .get(0)
                .open();
    }
}
