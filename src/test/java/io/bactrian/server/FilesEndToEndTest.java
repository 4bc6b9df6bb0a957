package io.bactrian.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.bactrian.core.file.FileDisposition;
import io.bactrian.core.file.NewFile;
import io.bactrian.core.file.StoredFile;
import io.bactrian.core.tenant.Caller;
import io.bactrian.core.tenant.Deadline;
import io.bactrian.core.tenant.InvokeSource;
import io.bactrian.core.tenant.RequestId;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.http.RawHttp;
import io.bactrian.support.BactrianEngine;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of the whole server: on its disk, by its database's keys, over its socket. */
class FilesEndToEndTest {

    private static final TenantId ACME = new TenantId("acme");

    @TempDir
    private Path folder;

    private BactrianServer server;

    @AfterEach
    void stop() {
        if (server != null) {
            server.close();
        }
    }

    private void start(TestHome home) throws Exception {
        server = home.server(false).start();
    }

    private BactrianEngine engine() {
        return BactrianEngine.of(server.camelContext());
    }

    private StoredFile put(String text) {
        return engine().fileStore().put(ACME, NewFile.of("note.txt", null), text.getBytes(StandardCharsets.UTF_8));
    }

    private String link(StoredFile file) {
        Caller caller = new Caller(
                ACME, null, null, null, InvokeSource.ROUTE, 0, new RequestId("r"), Deadline.in(Duration.ofMinutes(1)));
        return engine().fileUrls().sign(caller, file, FileDisposition.INLINE);
    }

    private RawHttp.Answer get(String link) throws Exception {
        return RawHttp.get(server.port(), link, "Host: files.example.com");
    }

    @Test
    void servesAFileOverARestartUntilItsTenantIsRemoved() throws Exception {
        TestHome home = new TestHome(folder);
        start(home);
        home.done("tenant", "add", "acme");
        StoredFile file = put("kept");
        String link = link(file);
        assertThat(get(link).status()).isEqualTo(200);
        assertThat(get(link).body()).isEqualTo("kept");
        assertThat(get(link.replace("/acme/", "/default/")).status()).isEqualTo(403);

        server.close();
        start(home);

        assertThat(get(link).body()).isEqualTo("kept");
        home.done("tenant", "remove", "acme");
        RawHttp.Answer gone = get(link);
        assertThat(gone.status()).isEqualTo(404);
        assertThat(gone.body()).contains("file_not_found");
    }

    @Test
    @DisplayName(
            "SIGN-07: a link holds over the rotation of the key that it was signed with, and newer ones have the newer")
    void servesALinkOverTheRotationOfItsKey() throws Exception {
        TestHome home = new TestHome(folder);
        start(home);
        home.done("tenant", "add", "acme");
        StoredFile file = put("kept");
        String link = link(file);
        home.done("key", "rotate");
        assertThat(link(file)).doesNotContain(link.replaceFirst(".*(kid=[^&]*).*", "$1"));
        assertThat(get(link).status()).isEqualTo(200);
        assertThat(get(link(file)).status()).isEqualTo(200);
    }

    @Test
    void tellsTheOperatorThatFilesArePartOfABackup() throws Exception {
        TestHome home = new TestHome(folder);
        start(home);
        home.done("tenant", "add", "acme");
        StoredFile file = put("kept");

        assertThat(home.done("store", "check")).contains("files", "the content of all 1 files is there");
        TestHome.Ran backup =
                home.command("store", "backup", folder.resolve("backup.zip").toString());
        assertThat(backup.code()).isZero();
        assertThat(backup.err())
                .contains(
                        "Files are not in it",
                        folder.resolve("data").resolve("files").toString());

        try (Stream<Path> content = Files.walk(folder.resolve("data").resolve("files"))) {
            Path place = content.filter(path -> path.endsWith(file.id().value()))
                    .findFirst()
                    .orElseThrow();
            Files.delete(place);
        }
        TestHome.Ran check = home.command("store", "check");
        assertThat(check.code()).isEqualTo(1);
        assertThat(check.out()).contains("the content of 1 files is not in the files folder");
    }
}
