package io.bactrian.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.bactrian.core.file.FileId;
import io.bactrian.core.file.FileUrlSettings;
import io.bactrian.core.file.FileUrls;
import io.bactrian.core.file.NewFile;
import io.bactrian.core.file.UploadGrant;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tenant.UserId;
import io.bactrian.server.TestHome;
import io.bactrian.store.BactrianStore;
import io.bactrian.store.FileLimits;
import io.bactrian.store.StoreSettings;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code file}, as the operator types it, beside a server of the same database. */
class FileCommandsTest {

    @TempDir
    Path folder;

    private TestHome home;

    @BeforeEach
    void install() throws Exception {
        home = new TestHome(folder);
        home.done("tenant", "add", "acme");
    }

    /** As a server does that shares the database. */
    private Optional<UploadGrant> verified(String ticket) {
        int mark = ticket.indexOf('?');
        try (BactrianStore store =
                BactrianStore.open(StoreSettings.embedded(home.home().data()), Clock.systemUTC())) {
            return new FileUrls(store.linkKeys(), Clock.systemUTC(), FileUrlSettings.USUAL)
                    .verifyUpload("PUT", ticket.substring(0, mark), ticket.substring(mark + 1));
        }
    }

    @Test
    void makesATicketThatTheServerTakes() {
        String ticket = home.done("file", "ticket", "x.png", "--type", "image/png", "--tenant", "acme")
                .strip();

        assertThat(verified(ticket)).hasValueSatisfying(grant -> {
            assertThat(grant.tenant()).isEqualTo(new TenantId("acme"));
            assertThat(grant.owner()).isNull();
            assertThat(grant.name()).isEqualTo("x.png");
            assertThat(grant.maxSize()).isEqualTo(10_485_760);
        });
    }

    @Test
    void makesATicketForAUser() {
        String printed = home.done(
                "file",
                "ticket",
                "x.csv",
                "--type",
                "text/csv",
                "--max-size",
                "100",
                "--valid-for",
                "1h",
                "--user",
                "ann",
                "--json");

        assertThat(verified(new JsonObject(printed).getString("ticket"))).hasValueSatisfying(grant -> {
            assertThat(grant.owner()).isEqualTo(new UserId("ann"));
            assertThat(grant.maxSize()).isEqualTo(100);
        });
    }

    @Test
    void makesALinkToAFileOfTheTenantAlone() {
        FileId id;
        try (BactrianStore store =
                BactrianStore.open(StoreSettings.embedded(home.home().data()), Clock.systemUTC())) {
            id = store.files(home.home().data().resolve("files"), new FileLimits(1_000, null))
                    .put(new TenantId("acme"), NewFile.of("x.txt", "text/plain"), new byte[] {'x'})
                    .id();
        }

        String link = home.done("file", "link", id.value(), "--tenant", "acme", "--attachment");

        assertThat(link).matches("/files/acme/" + id + "\\.txt\\?exp=\\d+&kid=[^&]+&sign=[^&]+&as_attachment=true");
        TestHome.Ran other = home.command("file", "link", id.value());
        assertThat(other.code()).isNotZero();
        assertThat(other.err()).contains("file_not_found");
        assertThat(home.command("file", "link", "../x").err()).contains("32 characters");
    }
}
