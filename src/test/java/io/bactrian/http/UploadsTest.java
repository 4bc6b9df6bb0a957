package io.bactrian.http;

import static io.bactrian.http.FileFixture.ACME;
import static io.bactrian.http.FileFixture.GLOBEX;
import static io.bactrian.http.FileFixture.caller;
import static org.assertj.core.api.Assertions.assertThat;

import io.bactrian.core.file.FileContent;
import io.bactrian.core.file.NewUpload;
import io.bactrian.core.file.StoredFile;
import io.bactrian.core.tenant.Caller;
import io.bactrian.core.tenant.UserId;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** SIGN-08 and its like: what comes in by a ticket, over the wire. */
class UploadsTest {

    private static final String TEXT = "Content-Type: text/plain";
    private static final Duration HOUR = Duration.ofHours(1);

    private FileFixture server;

    @BeforeEach
    void start() throws Exception {
        server = new FileFixture();
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    private String ticket(String type, long maxSize) {
        return server.urls.uploadTicket(caller(ACME), new NewUpload("note.txt", type, maxSize, HOUR));
    }

    private List<StoredFile> stored() {
        return server.files.list(ACME, null, null, 100);
    }

    private static void assertRefuses(RawHttp.Answer answer, int status, String code) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(new JsonObject(answer.body()).getJsonObject("error").getString("code"))
                .isEqualTo(code);
    }

    @Test
    void takesAFileInAndLinksToIt() throws Exception {
        for (String method : List.of("PUT", "POST")) {
            RawHttp.Answer answer = server.send(method, ticket("text/plain", 100), "for all of acme", TEXT);

            assertThat(answer.status()).as(answer.body()).isEqualTo(201);
            assertThat(answer.header("Cache-Control")).contains("no-store");
            JsonObject file = new JsonObject(answer.body());
            assertThat(file.getString("name")).isEqualTo("note.txt");
            assertThat(file.getString("mime_type")).isEqualTo("text/plain");
            assertThat(file.getLong("size")).isEqualTo(15);
            assertThat(answer.header("Location")).contains(file.getString("url"));
            assertThat(server.get(file.getString("url")).body()).isEqualTo("for all of acme");
            assertThat(stored()).anyMatch(one -> one.id().value().equals(file.getString("id")) && one.owner() == null);
        }
    }

    @Test
    void keepsAUsersFileForThatUser() throws Exception {
        Caller acme = caller(ACME);
        Caller ann =
                new Caller(ACME, new UserId("ann"), null, null, acme.source(), 0, acme.requestId(), acme.deadline());
        String ticket = server.urls.uploadTicket(ann, new NewUpload("../x.txt", "text/plain", 10, HOUR));

        RawHttp.Answer answer = server.send("PUT", ticket, "mine", TEXT);

        assertThat(answer.status()).isEqualTo(201);
        assertThat(stored()).singleElement().satisfies(file -> {
            assertThat(file.owner()).isEqualTo(new UserId("ann"));
            assertThat(file.name()).doesNotContain("/", "..");
        });
        assertThat(server.get(new JsonObject(answer.body()).getString("url")).body())
                .isEqualTo("mine");
    }

    @Test
    @DisplayName("SIGN-08: a body that is declared too large is refused before it comes, and its ticket holds")
    void refusesADeclaredLength() throws Exception {
        String ticket = ticket("text/plain", 10);
        try (RawHttp client = new RawHttp(server.server.port())) {
            client.write(
                    "PUT " + ticket + " HTTP/1.1\r\nHost: localhost\r\n" + TEXT + "\r\nContent-Length: 11\r\n\r\n");

            assertRefuses(client.answer(), 413, "request_too_large");
        }
        assertThat(stored()).isEmpty();
        assertThat(server.send("PUT", ticket, "0123456789", TEXT).status()).isEqualTo(201);
    }

    @Test
    @DisplayName("SIGN-08: a body that grows too large is refused while it comes, and nothing of it is kept")
    void refusesWhatGrowsTooLarge() throws Exception {
        String ticket = ticket("text/plain", 5_000);
        try (RawHttp client = new RawHttp(server.server.port())) {
            client.write("PUT " + ticket + " HTTP/1.1\r\nHost: localhost\r\n" + TEXT
                    + "\r\nTransfer-Encoding: chunked\r\n\r\n");
            String piece = "x".repeat(1_000);
            for (int i = 0; i < 6; i++) {
                client.write("3e8\r\n" + piece + "\r\n");
            }

            // the end of the body has not been sent
            assertRefuses(client.answer(), 413, "request_too_large");
        }
        assertThat(stored()).isEmpty();
        assertRefuses(server.send("PUT", ticket, "small", TEXT), 403, "access_denied");
    }

    @Test
    @DisplayName("SIGN-08: the installation's own limit holds whatever a ticket says")
    void keepsTheLimitOfFiles() throws Exception {
        String ticket = ticket("text/plain", 100_000_000);

        RawHttp.Answer answer = server.send("PUT", ticket, "x".repeat(20_000_001), TEXT);

        assertRefuses(answer, 413, "request_too_large");
        assertThat(stored()).isEmpty();
    }

    @Test
    void takesInMoreThanOtherBodiesMayHave() throws Exception {
        int size = 12_000_000;
        assertThat(size).isGreaterThan(HttpSettings.onLoopback(0).maxBody());

        RawHttp.Answer answer = server.send("PUT", ticket("text/plain", size), "abcdefghij".repeat(size / 10), TEXT);

        assertThat(answer.status()).as(answer.body()).isEqualTo(201);
        StoredFile file = stored().get(0);
        assertThat(file.size()).isEqualTo(size);
        try (FileContent content = server.files.open(ACME, file.id(), size - 10, 10)) {
            byte[] end = new byte[10];
            assertThat(content.read(end)).isEqualTo(10);
            assertThat(new String(end, StandardCharsets.UTF_8)).isEqualTo("abcdefghij");
        }
    }

    @Test
    @DisplayName("SIGN-08: another type than the ticket's is refused, declared or found out")
    void refusesOtherTypes() throws Exception {
        String ticket = ticket("image/png", 1_000);
        assertRefuses(server.send("PUT", ticket, "x", TEXT), 415, "unsupported_media_type");
        assertRefuses(server.send("PUT", ticket, "x"), 415, "unsupported_media_type");
        assertRefuses(server.send("PUT", ticket, "x", "Content-Type: image/png", TEXT), 415, "unsupported_media_type");
        assertRefuses(
                server.send("PUT", ticket, "x", "Content-Type: image/png", "Content-Encoding: gzip"),
                415,
                "unsupported_media_type");

        RawHttp.Answer page = server.send("PUT", ticket, "<html><script>alert(1)</script>", "Content-Type: image/png");

        assertRefuses(page, 415, "unsupported_media_type");
        assertThat(stored()).isEmpty();
        assertRefuses(server.send("PUT", ticket, "\u0000", "Content-Type: image/png"), 403, "access_denied");
    }

    @Test
    @DisplayName("SIGN-08: a ticket is used once, also by many at once")
    void takesOneFileForATicket() throws Exception {
        String ticket = ticket("text/plain", 100);
        ExecutorService clients = Executors.newFixedThreadPool(4);
        List<Integer> answers = new ArrayList<>();
        try {
            List<Future<RawHttp.Answer>> sent = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                sent.add(clients.submit(() -> server.send("PUT", ticket, "one", TEXT)));
            }
            for (Future<RawHttp.Answer> one : sent) {
                answers.add(one.get().status());
            }
        } finally {
            clients.shutdownNow();
        }
        assertThat(answers).containsOnlyOnce(201);
        assertThat(Collections.frequency(answers, 403)).isEqualTo(3);
        assertThat(stored()).hasSize(1);
    }

    @Test
    @DisplayName("SIGN-01 to SIGN-05: what is altered, expired or for something else is refused, all alike")
    void refusesTicketsThatDoNotHold() throws Exception {
        String ticket = ticket("text/plain", 100);
        StoredFile file = server.put("there.txt", "text/plain", "there");
        String link = server.link(file);
        Set<String> bodies = new LinkedHashSet<>();
        for (String target : List.of(
                ticket.replace("max=100", "max=1000"),
                ticket.replace("/acme", "/globex"),
                ticket.replace("exp=", "exp=9"),
                ticket + "&max=100",
                ticket + "=",
                ticket.replace("sign=", "sign=A"),
                "/files/upload/acme",
                "/files/upload/acme?" + link.substring(link.indexOf('?') + 1))) {
            RawHttp.Answer answer = server.send("PUT", target, "x", TEXT);
            assertRefuses(answer, 403, "access_denied");
            bodies.add(answer.body());
        }
        assertThat(bodies).hasSize(1);
        // a link is not for sending, a ticket not for reading
        assertThat(server.send("PUT", link, "x", TEXT).status()).isEqualTo(403);
        assertThat(server.get(ticket).status()).isEqualTo(403);
        assertThat(server.send("DELETE", ticket, "").status()).isEqualTo(403);
        server.clock.now = server.clock.now.plus(HOUR);
        assertThat(server.send("PUT", ticket, "x", TEXT).status()).isEqualTo(403);
        assertThat(stored()).containsExactly(file);
        assertThat(server.files.list(GLOBEX, null, null, 10)).isEmpty();
    }

    @Test
    void takesNothingInForATenantThatIsSwitchedOff() throws Exception {
        String ticket = ticket("text/plain", 100);
        server.disabled.add(ACME);

        assertRefuses(server.send("PUT", ticket, "x", TEXT), 403, "access_denied");

        server.disabled.clear();
        assertThat(server.send("PUT", ticket, "x", TEXT).status()).isEqualTo(201);
    }

    @Test
    void keepsNothingOfWhatBreaksOff() throws Exception {
        String ticket = ticket("text/plain", 10_000);
        try (RawHttp client = new RawHttp(server.server.port())) {
            client.write("PUT " + ticket + " HTTP/1.1\r\nHost: localhost\r\n" + TEXT
                    + "\r\nContent-Length: 9000\r\n\r\n" + "x".repeat(5_000));
            Awaitility.await().until(() -> server.tickets.get() == 1);
        }

        assertThat(server.send("PUT", ticket, "x", TEXT).status()).isEqualTo(403);
        assertThat(server.send("PUT", ticket("text/plain", 10), "x", TEXT).status())
                .isEqualTo(201);
        assertThat(stored()).hasSize(1);
    }

    @Test
    void endsAnUploadWhoseClientSendsNoMore() throws Exception {
        HttpSettings usual = HttpSettings.onLoopback(0);
        HttpSettings impatient = new HttpSettings(
                usual.host(),
                0,
                true,
                usual.maxBody(),
                usual.maxHeaders(),
                usual.receiveTimeout(),
                usual.answerTimeout(),
                Duration.ofMillis(200),
                usual.workers(),
                Set.of());
        server.close();
        server = new FileFixture(impatient, null);
        try (RawHttp client = new RawHttp(server.server.port())) {
            client.write("PUT " + ticket("text/plain", 10_000) + " HTTP/1.1\r\nHost: localhost\r\n" + TEXT
                    + "\r\nContent-Length: 9000\r\n\r\nxxx");

            assertRefuses(client.answer(), 408, "request_timeout");
        }
        assertThat(stored()).isEmpty();
    }

    @Test
    void takesInSoManyAtATimeAndTellsOthersToComeBack() throws Exception {
        List<RawHttp> slow = new ArrayList<>();
        String spare = ticket("text/plain", 10);
        try {
            for (int i = 0; i < UploadHandler.THREADS; i++) {
                RawHttp client = new RawHttp(server.server.port());
                slow.add(client);
                client.write("PUT " + ticket("text/plain", 10) + " HTTP/1.1\r\nHost: localhost\r\n" + TEXT
                        + "\r\nContent-Length: 5\r\nConnection: close\r\n\r\nx");
            }
            Awaitility.await()
                    .until(() -> server.send("PUT", ticket("text/html", 10), "x", "Content-Type: text/html")
                                    .status()
                            == 503);
            RawHttp.Answer refused = server.send("PUT", spare, "x", TEXT);
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.header("Retry-After")).contains("1");
            for (RawHttp client : slow) {
                assertThat(client.write("yyyy").answer().status()).isEqualTo(201);
            }
        } finally {
            for (RawHttp client : slow) {
                client.close();
            }
        }
        assertThat(server.send("PUT", spare, "x", TEXT).status()).isEqualTo(201);
    }
}
