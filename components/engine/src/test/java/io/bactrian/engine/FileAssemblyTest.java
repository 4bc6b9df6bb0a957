package io.bactrian.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bactrian.core.error.MisconfiguredException;
import io.bactrian.core.file.FileContent;
import io.bactrian.core.file.FileDisposition;
import io.bactrian.core.file.FileGrant;
import io.bactrian.core.file.FileUrls;
import io.bactrian.core.file.MemoryFiles;
import io.bactrian.core.file.NewFile;
import io.bactrian.core.file.NewUpload;
import io.bactrian.core.file.StoredFile;
import io.bactrian.core.tenant.Caller;
import io.bactrian.core.tenant.Deadline;
import io.bactrian.core.tenant.InvokeSource;
import io.bactrian.core.tenant.RequestId;
import io.bactrian.core.tenant.TenantId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where an installation keeps files, and which settings say so. */
class FileAssemblyTest {

    private final Map<String, String> properties = new HashMap<>();

    @TempDir
    private Path folder;

    private Installation open() {
        return Installation.open(new MapSettings(properties, name -> null));
    }

    private void withStore() {
        properties.put("bactrian.store.enabled", "true");
        properties.put("bactrian.data.folder", folder.resolve("data").toString());
    }

    private static StoredFile put(Installation installation) {
        return installation.fileStore().put(TenantId.DEFAULT, NewFile.of("x.txt", "text/plain"), new byte[] {'x'});
    }

    private static Caller caller() {
        return new Caller(
                TenantId.DEFAULT,
                null,
                null,
                null,
                InvokeSource.ROUTE,
                0,
                new RequestId("r"),
                Deadline.in(Duration.ofMinutes(1)));
    }

    private static String link(Installation installation, StoredFile file) {
        return installation.fileUrls().sign(caller(), file, FileDisposition.INLINE);
    }

    /** Whether a ticket holds and is used for the first time; empty if it does not hold. */
    private static Optional<Boolean> used(Installation installation, String ticket) {
        int query = ticket.indexOf('?');
        return installation
                .fileUrls()
                .verifyUpload("PUT", ticket.substring(0, query), ticket.substring(query + 1))
                .map(grant -> installation.uploadNonces().use(grant.tenant(), grant.nonce(), grant.expiresAt()));
    }

    @Test
    @DisplayName("SIGN-08: a ticket is used once, across a restart too")
    void remembersUsedTicketsBesideTheDatabase() {
        withStore();
        NewUpload upload = new NewUpload("x.txt", "text/plain", 10, Duration.ofMinutes(5));
        String used;
        String other;
        try (Installation installation = open()) {
            used = installation.fileUrls().uploadTicket(caller(), upload);
            other = installation.fileUrls().uploadTicket(caller(), upload);
            assertThat(used(installation, used)).contains(true);
        }
        try (Installation again = open()) {
            assertThat(used(again, used)).contains(false);
            assertThat(used(again, other)).contains(true);
        }
    }

    @Test
    void forgetsTicketsWithTheirKeyWithoutAStore() {
        String ticket;
        try (Installation installation = open()) {
            ticket = installation
                    .fileUrls()
                    .uploadTicket(caller(), new NewUpload("x.txt", "text/plain", 10, Duration.ofMinutes(5)));
            assertThat(used(installation, ticket)).contains(true);
            assertThat(used(installation, ticket)).contains(false);
        }
        try (Installation again = open()) {
            assertThat(used(again, ticket)).isEmpty();
        }
    }

    private static Optional<FileGrant> verified(Installation installation, String link) {
        int path = link.indexOf(FileUrls.PREFIX);
        int query = link.indexOf('?');
        return installation.fileUrls().verify("GET", link.substring(path, query), link.substring(query + 1));
    }

    @Test
    void keepsFilesInMemoryWithoutAStoreAndWritesNothing() {
        properties.put("bactrian.data.folder", folder.resolve("data").toString());
        try (Installation installation = open();
                Installation other = open()) {
            StoredFile file = put(installation);

            assertThat(installation.fileStore()).isInstanceOf(MemoryFiles.class);
            assertThat(installation.fileStore().find(TenantId.DEFAULT, file.id()))
                    .contains(file);
            assertThat(verified(installation, link(installation, file))).isPresent();
            // another process has another key, and other files
            assertThat(verified(other, link(installation, file))).isEmpty();
        }
        assertThat(folder.resolve("data")).doesNotExist();
    }

    @Test
    void keepsFilesAndTheKeyOfTheirLinksBesideTheDatabase() throws Exception {
        withStore();
        StoredFile file;
        String link;
        try (Installation installation = open()) {
            file = put(installation);
            link = link(installation, file);
        }
        try (Installation again = open();
                FileContent content = again.fileStore().open(TenantId.DEFAULT, file.id(), 0, 1)) {
            assertThat(content.readAllBytes()).containsExactly('x');
            assertThat(verified(again, link)).map(FileGrant::id).contains(file.id());
        }
        assertThat(folder.resolve("data").resolve("files").resolve("default")).isDirectory();
    }

    @Test
    void keepsFilesWhereTheSettingSays() {
        withStore();
        Path other = folder.resolve("other");
        properties.put("bactrian.files.folder", other.toString());
        try (Installation installation = open()) {
            put(installation);
        }
        assertThat(other.resolve("default")).isDirectory();
        assertThat(folder.resolve("data").resolve("files")).doesNotExist();
    }

    @Test
    void keepsFilesInMemoryBesideADatabaseInMemory() {
        properties.put("bactrian.store.url", "jdbc:h2:mem:files-" + System.nanoTime());
        properties.put("bactrian.data.folder", folder.resolve("data").toString());
        try (Installation installation = open()) {
            assertThat(installation.fileStore()).isInstanceOf(MemoryFiles.class);
        }
        assertThat(folder.resolve("data").resolve("files")).doesNotExist();
    }

    @Test
    void refusesAFolderForFilesThatAreInMemory() {
        properties.put("bactrian.files.folder", folder.toString());

        assertThatThrownBy(this::open)
                .isInstanceOf(MisconfiguredException.class)
                .hasMessageContaining("bactrian.files.folder")
                .hasMessageContaining("bactrian.store.enabled");
    }

    @Test
    void readsSizeRetentionExpiryAndBase() {
        properties.put("bactrian.files.max-size", "3 KiB");
        properties.put("bactrian.files.retention", "30d");
        properties.put("bactrian.files.urlExpiry", "PT2M");
        properties.put("bactrian.files.base-url", "https://files.example.com/bactrian/");
        try (Installation installation = open()) {
            StoredFile file = put(installation);
            String link = link(installation, file);

            assertThat(installation.fileStore().maxSize()).isEqualTo(3_072);
            assertThat(Duration.between(file.createdAt(), file.expiresAt())).isEqualTo(Duration.ofDays(30));
            assertThat(link).startsWith("https://files.example.com/bactrian/files/default/");
            Instant expiry = verified(installation, link).orElseThrow().expiresAt();
            assertThat(Duration.between(file.createdAt(), expiry))
                    .isBetween(Duration.ofSeconds(119), Duration.ofSeconds(121));
        }
    }

    @Test
    void bringsDefaults() {
        try (Installation installation = open()) {
            StoredFile file = put(installation);

            assertThat(installation.fileStore().maxSize()).isEqualTo(52_428_800);
            assertThat(file.expiresAt()).isNull();
            assertThat(link(installation, file)).startsWith("/files/default/" + file.id() + ".txt?exp=");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "max-size, 0",
        "max-size, -1",
        "max-size, 50 furlongs",
        "max-size, 9999999999999GiB",
        "max-size, 2000GiB",
        "retention, never",
        "retention, 0s",
        "retention, PT-1H",
        "retention, 99999999d",
        "url-expiry, 0s",
        "url-expiry, 61m",
        "url-expiry, soon",
        "base-url, files.example.com",
        "base-url, ftp://files.example.com",
        "base-url, https://user:secret@files.example.com",
        "base-url, https://files.example.com?x=1",
        "base-url, https://files.example.com#x",
        "base-url, https://"
    })
    void namesTheSettingThatIsWrong(String name, String value) {
        properties.put("bactrian.files." + name, value);

        assertThatThrownBy(this::open)
                .isInstanceOf(MisconfiguredException.class)
                .hasMessageContaining("bactrian.files." + name)
                .hasMessageNotContaining("secret");
    }

    @Test
    void refusesTheFilesFolderOfAnotherDatabase() throws Exception {
        withStore();
        open().close();
        Path elsewhere = folder.resolve("elsewhere");
        Files.createDirectories(elsewhere);
        properties.put("bactrian.data.folder", elsewhere.toString());
        properties.put(
                "bactrian.files.folder", folder.resolve("data").resolve("files").toString());

        assertThatThrownBy(this::open)
                .isInstanceOf(MisconfiguredException.class)
                .hasMessageContaining("another database");
    }
}
