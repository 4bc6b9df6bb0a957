package io.bactrian.store;

import static io.bactrian.testkit.contract.StoreFixture.ACME;
import static io.bactrian.testkit.contract.StoreFixture.OPENAI;
import static io.bactrian.testkit.contract.StoreFixture.PROVIDER;
import static io.bactrian.testkit.contract.StoreFixture.credential;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.bactrian.core.config.BalancingEntry;
import io.bactrian.core.config.BalancingStrategy;
import io.bactrian.core.config.ModelBalancing;
import io.bactrian.core.config.ModelFallback;
import io.bactrian.core.config.ProviderRecord;
import io.bactrian.core.config.TenantRecord;
import io.bactrian.core.credential.CredentialId;
import io.bactrian.core.error.MisconfiguredException;
import io.bactrian.core.provider.ModelType;
import io.bactrian.core.usage.UsageDimension;
import io.bactrian.core.usage.UsageLoss;
import io.bactrian.core.usage.UsageQuery;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Database and key, backed up apart and restored together, as the README says. */
@Execution(ExecutionMode.CONCURRENT)
class BackupTest {

    @TempDir
    private Path folder;

    private static BactrianStore open(StoreSettings settings) {
        return BactrianStore.open(settings, Clock.systemUTC());
    }

    private static void fill(BactrianStore store) {
        store.putTenant(new TenantRecord(ACME, "Acme", true));
        CredentialId main = store.addCredential(ACME, PROVIDER, credential("main", "canary-91f2"));
        store.setBalancing(ACME, OPENAI, balancing(main));
        store.usage().append(List.of(), List.of(new UsageLoss(new UUID(1, 1), ACME, 3, Instant.EPOCH, Instant.EPOCH)));
    }

    private static ModelBalancing balancing(CredentialId main) {
        return new ModelBalancing(
                "m",
                ModelType.LLM,
                true,
                BalancingStrategy.WEIGHTED,
                true,
                List.of(new BalancingEntry(main, true, 3), BalancingEntry.inherit()),
                List.of(ModelFallback.of(OPENAI, "other")));
    }

    /** What {@code umask 077; unzip FILE -d data/store} does. */
    private static void unpack(Path zip, Path data) throws IOException {
        Path store = Files.createDirectories(
                data.resolve("store"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        try (ZipInputStream in = new ZipInputStream(Files.newInputStream(zip))) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                Path file = Files.createFile(
                        store.resolve(entry.getName()),
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
                Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
                Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
            }
        }
    }

    private static void copyKey(Path from, Path to) throws IOException {
        Files.createDirectories(to.resolve("keys"));
        Files.copy(
                from.resolve("keys").resolve("key-encryption.key"),
                to.resolve("keys").resolve("key-encryption.key"),
                StandardCopyOption.COPY_ATTRIBUTES);
    }

    @Test
    void restoresTheEmbeddedDatabaseWithItsKeyFromABackupTakenInUse() throws Exception {
        Path data = folder.resolve("data");
        Path zip = folder.resolve("backup.zip");
        Path restored = folder.resolve("restored");
        AtomicBoolean done = new AtomicBoolean();
        try (BactrianStore store = open(StoreSettings.embedded(data))) {
            fill(store);
            Thread writer = new Thread(() -> IntStream.iterate(0, i -> !done.get(), i -> i + 1)
                    .forEach(i -> store.addCredential(ACME, PROVIDER, credential("later " + i, "s-" + i))));
            writer.start();
            StoreBackup.write(StoreSettings.embedded(data), zip);
            done.set(true);
            writer.join();
            assertThat(store.tenants()).hasSize(1);
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(zip)))
                .isEqualTo("rw-------");
        try (Stream<Path> left = Files.list(data.resolve("store"))) {
            assertThat(left).noneMatch(file -> file.toString().endsWith(".backup"));
        }

        unpack(zip, restored);
        copyKey(data, restored);

        assertThat(StoreCheck.run(StoreSettings.embedded(restored), Clock.systemUTC())
                        .whole())
                .isTrue();
        try (BactrianStore store = open(StoreSettings.embedded(restored))) {
            List<String> secrets = SeveralProcessesTest.secrets(store);
            assertThat(secrets.get(0)).isEqualTo("canary-91f2");
            ProviderRecord record = store.provider(ACME, OPENAI).orElseThrow();
            assertThat(record.balancing(ModelType.LLM, "m"))
                    .contains(balancing(record.credentials().get(0).id()));
            assertThat(store.usage()
                            .report(new UsageQuery(ACME, UsageDimension.DAY, LocalDate.EPOCH, null, 1))
                            .lost())
                    .isEqualTo(3);
            // whole changes, one after the other, up to some moment
            assertThat(secrets.subList(1, secrets.size()))
                    .isEqualTo(IntStream.range(0, secrets.size() - 1)
                            .mapToObj(i -> "s-" + i)
                            .toList());
            store.addCredential(ACME, PROVIDER, credential("after", "s-after"));
        }
    }

    @Test
    void openNothingFromABackupWithoutItsKey() throws Exception {
        Path data = folder.resolve("data");
        Path zip = folder.resolve("backup.zip");
        try (BactrianStore store = open(StoreSettings.embedded(data))) {
            fill(store);
            StoreBackup.write(StoreSettings.embedded(data), zip);
        }
        try (ZipInputStream in = new ZipInputStream(Files.newInputStream(zip))) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                assertThat(entry.getName()).isIn("bactrian.mv.db", "bactrian.password");
                assertThat(new String(in.readAllBytes(), java.nio.charset.StandardCharsets.ISO_8859_1))
                        .doesNotContain("canary-91f2");
            }
        }
        Path restored = folder.resolve("restored");
        unpack(zip, restored);

        assertThatThrownBy(() -> open(StoreSettings.embedded(restored)))
                .isInstanceOf(MisconfiguredException.class)
                .hasMessageContaining("bactrian.store.key-file");
        assertThat(StoreCheck.run(StoreSettings.embedded(restored), Clock.systemUTC())
                        .whole())
                .isFalse();
    }

    @Test
    void replacesNoFileAndBacksUpNothingThatIsNotThere() throws Exception {
        Path data = folder.resolve("data");
        Path zip = Files.writeString(folder.resolve("backup.zip"), "an older one");
        assertThatThrownBy(() -> StoreBackup.write(StoreSettings.embedded(data), zip))
                .isInstanceOf(MisconfiguredException.class)
                .hasMessageContaining("no database");
        open(StoreSettings.embedded(data)).close();

        assertThatThrownBy(() -> StoreBackup.write(StoreSettings.embedded(data), zip))
                .isInstanceOf(MisconfiguredException.class)
                .hasMessageContaining("there already");
        assertThat(zip).hasContent("an older one");
        assertNothingIsLeft(data, "backup.zip");
        assertThatThrownBy(() -> StoreBackup.write(
                        StoreSettings.postgres(
                                "jdbc:postgresql://localhost/x", PostgresServer.login(), PostgresServer.key()),
                        folder.resolve("x")))
                .isInstanceOf(MisconfiguredException.class)
                .hasMessageContaining("pg_dump");
    }

    /** Neither the database's copy in the store folder nor part of a zip in the other one. */
    private void assertNothingIsLeft(Path data, String... zips) throws IOException {
        try (Stream<Path> files = Files.list(data.resolve("store"))) {
            assertThat(files).noneMatch(file -> file.toString().endsWith(".backup"));
        }
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.filter(file -> !file.equals(data)))
                    .extracting(file -> file.getFileName().toString())
                    .containsExactlyInAnyOrder(zips);
        }
    }

    private static String refusal(Path data, Path zip) {
        MisconfiguredException error = catchThrowableOfType(
                MisconfiguredException.class, () -> StoreBackup.write(StoreSettings.embedded(data), zip));
        assertThat(error).as("a refusal").isNotNull();
        return String.valueOf(error.getMessage());
    }

    @Test
    void saysWhyABackupCannotBeWrittenAndLeavesNothingBehind() throws Exception {
        Path data = folder.resolve("data");
        open(StoreSettings.embedded(data)).close();
        Files.createSymbolicLink(folder.resolve("link.zip"), folder.resolve("nowhere"));

        assertThat(refusal(data, folder.resolve("missing").resolve("backup.zip")))
                .contains("the folder of backup.zip is not there");
        assertThat(refusal(data, folder.resolve("link.zip"))).contains("link.zip is there already");
        // longer than a name may be: nobody can make it, root neither
        assertThat(refusal(data, folder.resolve("x".repeat(300))))
                .contains("cannot be written")
                .doesNotContain("there already", "not there");

        assertNothingIsLeft(data, "link.zip");
    }

    @Test
    void writesTwoBackupsAtTheSameTimeAndOneOfTwoToTheSameFile() throws Exception {
        Path data = folder.resolve("data");
        try (BactrianStore store = open(StoreSettings.embedded(data))) {
            fill(store);
        }
        Iterator<String> names =
                List.of("one.zip", "other.zip", "same.zip", "same.zip").iterator();

        List<Boolean> written = Together.run(4, () -> {
            Path zip;
            synchronized (names) {
                zip = folder.resolve(names.next());
            }
            try {
                StoreBackup.write(StoreSettings.embedded(data), zip);
                return true;
            } catch (MisconfiguredException e) {
                assertThat(e).hasMessageContaining("same.zip is there already");
                return false;
            }
        });

        assertThat(written).containsExactlyInAnyOrder(true, true, true, false);
        assertNothingIsLeft(data, "one.zip", "other.zip", "same.zip");
        for (String name : List.of("one", "other", "same")) {
            Path restored = folder.resolve(name);
            unpack(folder.resolve(name + ".zip"), restored);
            copyKey(data, restored);
            assertThat(StoreCheck.run(StoreSettings.embedded(restored), Clock.systemUTC())
                            .whole())
                    .as(name)
                    .isTrue();
        }
    }

    @Test
    void opensACopyOfAServersDatabaseWithTheSameKeyAndWithNoOther() throws Exception {
        PostgresServer server = PostgresServer.shared();
        String original = server.database();
        StoreSettings settings = server.settings(original);
        try (BactrianStore store = open(settings)) {
            fill(store);
        }
        String copy = original + "_copy";
        server.admin().execute("CREATE DATABASE " + copy + " TEMPLATE " + original);
        StoreSettings restored = StoreSettings.postgres(server.url(copy), PostgresServer.login(), settings.key());

        assertThat(StoreCheck.run(restored, Clock.systemUTC()).whole()).isTrue();
        assertThat(StoreCheck.run(restored.withKey(PostgresServer.key()), Clock.systemUTC())
                        .whole())
                .isFalse();
        try (BactrianStore store = open(restored)) {
            assertThat(SeveralProcessesTest.secrets(store)).containsExactly("canary-91f2");
            store.addCredential(ACME, PROVIDER, credential("after", "s-after"));
        }
        assertThatThrownBy(() -> open(restored.withKey(PostgresServer.key())))
                .isInstanceOf(MisconfiguredException.class);
    }
}
