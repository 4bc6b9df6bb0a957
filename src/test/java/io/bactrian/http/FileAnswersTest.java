package io.bactrian.http;

import static io.bactrian.http.FileFixture.ACME;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bactrian.core.file.ConversationId;
import io.bactrian.core.file.FileContent;
import io.bactrian.core.file.FileDisposition;
import io.bactrian.core.file.FileId;
import io.bactrian.core.file.FileStore;
import io.bactrian.core.file.NewFile;
import io.bactrian.core.file.StoredFile;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tenant.UserId;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How files are answered: headers, parts, and clients that are slow, gone or impatient. */
class FileAnswersTest {

    private static final String DIGITS = "0123456789";

    private FileFixture server;

    @BeforeEach
    void start() throws Exception {
        server = new FileFixture();
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    private RawHttp.Answer part(String range, String... headers) throws Exception {
        StoredFile file = server.put("digits.txt", "text/plain", DIGITS);
        List<String> all = new ArrayList<>(List.of(headers));
        all.add("Range: " + range);
        return server.get(server.link(file), all.toArray(String[]::new));
    }

    private static String header(RawHttp.Answer answer, String name) {
        return answer.header(name).orElseThrow(() -> new AssertionError("no " + name + " in " + answer.headers()));
    }

    @Test
    void describesAFileAndKeepsItFromDoingHarm() throws Exception {
        StoredFile file = server.put("picture.png", "image/png", "\u0089PNG");

        RawHttp.Answer answer = server.get(server.link(file));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(header(answer, "Content-Type")).isEqualTo("image/png");
        assertThat(header(answer, "Content-Length")).isEqualTo("5");
        assertThat(header(answer, "Content-Disposition"))
                .isEqualTo("inline; filename=\"picture.png\"; filename*=UTF-8''picture.png");
        assertThat(header(answer, "X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(header(answer, "Content-Security-Policy")).isEqualTo("sandbox; default-src 'none'");
        assertThat(header(answer, "Cross-Origin-Resource-Policy")).isEqualTo("cross-origin");
        assertThat(header(answer, "Referrer-Policy")).isEqualTo("no-referrer");
        assertThat(header(answer, "Cache-Control")).isEqualTo("private, max-age=300");
        assertThat(header(answer, "Accept-Ranges")).isEqualTo("bytes");
        assertThat(header(answer, "ETag")).isEqualTo("\"" + file.sha256() + "\"");
        assertThat(answer.header("Set-Cookie")).isEmpty();
        assertThat(answer.header("Access-Control-Allow-Origin")).isEmpty();
    }

    @Test
    void saysInWhichEncodingTextIs() throws Exception {
        StoredFile file = server.put("grüße.txt", "text/plain", "Grüße");

        RawHttp.Answer answer = server.get(server.link(file));

        assertThat(header(answer, "Content-Type")).isEqualTo("text/plain; charset=utf-8");
        assertThat(answer.body()).isEqualTo("Grüße");
        assertThat(header(answer, "Content-Disposition"))
                .isEqualTo("inline; filename=\"gr__e.txt\"; filename*=UTF-8''gr%C3%BC%C3%9Fe.txt");
    }

    @ParameterizedTest
    @CsvSource({
        "text/html, page.html",
        "application/xhtml+xml, page.xhtml",
        "image/svg+xml, picture.svg",
        "text/xml, feed.xml",
        "application/xml, feed.xml",
        "application/atom+xml, feed.xml",
        "text/javascript, code.js",
        "text/css, style.css",
        "application/x-shockwave-flash, film.swf",
        "multipart/related, page.mht",
        "message/rfc822, page.eml",
        "application/zip, archive.zip",
        "application/octet-stream, x.bin"
    })
    @DisplayName("SIGN-13: what a browser might run is saved, with nosniff and a sandbox, whatever the link says")
    void hasWhatABrowserMightRunSaved(String type, String name) throws Exception {
        StoredFile file = server.put(name, type, "\u0000<script>alert(1)</script>");

        RawHttp.Answer answer = server.get(server.link(file, FileDisposition.INLINE));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(header(answer, "Content-Disposition")).startsWith("attachment; filename=\"" + name + "\"");
        assertThat(header(answer, "Content-Type")).startsWith(type);
        assertThat(header(answer, "X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(header(answer, "Content-Security-Policy")).isEqualTo("sandbox; default-src 'none'");
    }

    @Test
    @DisplayName("SIGN-13: a page that nobody named, or named in general terms, is recognized as one")
    void recognizesAPageThatComesAsSomethingElse() throws Exception {
        for (String page : List.of(
                "<!DOCTYPE html><p>",
                "\ufeff  <HTML>",
                "<script>alert(1)</script>",
                "<svg onload='x'>",
                "<?xml?><svg>")) {
            StoredFile file = server.put("upload", "application/octet-stream", page);

            assertThat(header(server.get(server.link(file)), "Content-Disposition"))
                    .as(page)
                    .startsWith("attachment;");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a\r\nSet-Cookie: session=1\r\n\r\n<script>",
                "a\nb",
                "../../../etc/passwd",
                "..\\..\\boot.ini",
                "a\"; filename=\"b.exe",
                "a\\\".txt",
                "invoice\u202egpj.exe",
                "a;b=c,d'e%41.txt",
                "\u0000\u0001\u007f",
                "日本語 \ud83d\ude00.pdf"
            })
    @DisplayName("SIGN-06: no name ends a header, leaves a folder or turns the direction of writing")
    void writesNamesIntoHeadersSafely(String name) throws Exception {
        StoredFile file = server.put(name, "text/plain", "x");

        RawHttp.Answer answer = server.get(server.link(file));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("x");
        assertThat(answer.header("Set-Cookie")).isEmpty();
        String disposition = header(answer, "Content-Disposition");
        assertThat(disposition)
                .matches("inline; filename=\"[^\"\\\\%/]+\"; filename\\*=UTF-8''[A-Za-z0-9!#$&+.^_`|~%-]+")
                .doesNotContain("..", "%2F", "%5C", "%0D", "%0A", "%00", "%E2%80%AE");
        assertThat(server.link(file)).matches("/files/acme/[0-9a-f]{32}\\.txt\\?.*");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "bytes=0-3   | 0123       | bytes 0-3/10",
                "bytes=4-    | 456789     | bytes 4-9/10",
                "bytes=-3    | 789        | bytes 7-9/10",
                "bytes=9-9   | 9          | bytes 9-9/10",
                "bytes=0-    | 0123456789 | bytes 0-9/10",
                "bytes=5-99  | 56789      | bytes 5-9/10",
                "bytes=-99   | 0123456789 | bytes 0-9/10",
                "bytes= 2-3  | 23         | bytes 2-3/10"
            })
    void servesAPart(String range, String body, String described) throws Exception {
        RawHttp.Answer answer = part(range);

        assertThat(answer.status()).isEqualTo(206);
        assertThat(answer.body()).isEqualTo(body);
        assertThat(header(answer, "Content-Range")).isEqualTo(described);
        assertThat(header(answer, "Content-Length")).isEqualTo(Integer.toString(body.length()));
        assertThat(header(answer, "Content-Security-Policy")).contains("sandbox");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bytes=10-",
                "bytes=99-100",
                "bytes=5-3",
                "bytes=-0",
                "bytes=-",
                "bytes=",
                "bytes=a-b",
                "bytes=0x1-2",
                "bytes=1--2",
                "bytes=+1-2",
                "bytes=\u0661-\u0662",
                "bytes=99999999999999999999-",
                "bytes=0-0,0-0,0-0"
            })
    @DisplayName("SIGN-12: a part that is not there is refused")
    void refusesAPartThatIsNotThere(String range) throws Exception {
        RawHttp.Answer answer = part(range);

        assertThat(answer.status()).isEqualTo(416);
        assertThat(header(answer, "Content-Range")).isEqualTo("bytes */10");
        assertThat(answer.body()).isEmpty();
    }

    @Test
    @DisplayName("SIGN-12: a thousand parts are refused, and two give the whole once")
    void servesNoHeapOfParts() throws Exception {
        assertThat(part("bytes=" + "0-,".repeat(1_000) + "0-").status()).isEqualTo(416);
        RawHttp.Answer two = part("bytes=0-1,4-5");
        assertThat(two.status()).isEqualTo(200);
        assertThat(two.body()).isEqualTo(DIGITS);
        assertThat(two.header("Content-Range")).isEmpty();
        RawHttp.Answer other = part("lines=0-1");
        assertThat(other.status()).isEqualTo(200);
    }

    @Test
    @DisplayName("SIGN-12: an empty file has no parts")
    void servesAnEmptyFile() throws Exception {
        StoredFile empty = server.put("empty.txt", "text/plain", "");

        RawHttp.Answer whole = server.get(server.link(empty));
        RawHttp.Answer part = server.get(server.link(empty), "Range: bytes=0-");

        assertThat(whole.status()).isEqualTo(200);
        assertThat(header(whole, "Content-Length")).isEqualTo("0");
        assertThat(part.status()).isEqualTo(416);
        assertThat(header(part, "Content-Range")).isEqualTo("bytes */0");
    }

    @Test
    void servesAPartOnlyOfWhatTheClientHasTheRestOf() throws Exception {
        StoredFile file = server.put("digits.txt", "text/plain", DIGITS);
        String tag = "\"" + file.sha256() + "\"";

        assertThat(part("bytes=0-1", "If-Range: " + tag).status()).isEqualTo(206);
        for (String other : List.of("\"other\"", "W/" + tag, "Mon, 02 Mar 2026 10:11:12 GMT")) {
            RawHttp.Answer answer = part("bytes=0-1", "If-Range: " + other);
            assertThat(answer.status()).as(other).isEqualTo(200);
            assertThat(answer.body()).isEqualTo(DIGITS);
        }
    }

    @Test
    void sendsNothingThatTheClientHasAlready() throws Exception {
        StoredFile file = server.put("digits.txt", "text/plain", DIGITS);
        String tag = "\"" + file.sha256() + "\"";
        for (String known : List.of(tag, "W/" + tag, "\"other\", " + tag, "*")) {
            RawHttp.Answer answer = server.get(server.link(file), "If-None-Match: " + known, "Range: bytes=0-1");
            assertThat(answer.status()).as(known).isEqualTo(304);
            assertThat(answer.body()).isEmpty();
            assertThat(header(answer, "ETag")).isEqualTo(tag);
        }
        assertThat(server.get(server.link(file), "If-None-Match: \"other\"").status())
                .isEqualTo(200);
        // whoever knows the content but has no link is told nothing
        assertThat(server.get(server.urls.path(file), "If-None-Match: " + tag).status())
                .isEqualTo(403);
    }

    @Test
    void describesWithoutContentWhatIsAskedForByHead() throws Exception {
        StoredFile file = server.put("digits.txt", "text/plain", DIGITS);

        RawHttp.Answer whole = server.send("HEAD", server.link(file), "");
        RawHttp.Answer part = server.send("HEAD", server.link(file), "", "Range: bytes=0-3");
        RawHttp.Answer forbidden = server.send("HEAD", server.urls.path(file), "");

        assertThat(whole.status()).isEqualTo(200);
        assertThat(header(whole, "Content-Length")).isEqualTo("10");
        assertThat(part.status()).isEqualTo(206);
        assertThat(header(part, "Content-Length")).isEqualTo("4");
        assertThat(forbidden.status()).isEqualTo(403);
        assertThat(List.of(whole.body(), part.body(), forbidden.body())).containsOnly("");
    }

    @Test
    void keepsNoAnswerLongerThanTheFileIsThere() throws Exception {
        StoredFile file = server.files.put(
                ACME, NewFile.of("x.txt", "text/plain").keptFor(Duration.ofSeconds(20)), new byte[] {'x'});

        assertThat(header(server.get(server.link(file)), "Cache-Control")).isEqualTo("private, max-age=20");
    }

    @Test
    void servesALargeFileToManyAtATime() throws Exception {
        String content = "0123456789abcdef".repeat(1 << 18);
        StoredFile file = server.put("large.txt", "text/plain", content);
        String link = server.link(file);
        ExecutorService clients = Executors.newFixedThreadPool(8);
        try {
            List<Future<String>> answers = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                answers.add(clients.submit(() -> server.get(link).body()));
            }
            for (Future<String> answer : answers) {
                assertThat(answer.get(60, TimeUnit.SECONDS)).isEqualTo(content);
            }
        } finally {
            clients.shutdownNow();
        }
        await().until(() -> server.server.downloads() == 0);
    }

    @Test
    void servesOneFileAfterTheOtherOnOneConnection() throws Exception {
        StoredFile file = server.put("digits.txt", "text/plain", DIGITS);
        try (RawHttp client = new RawHttp(server.server.port())) {
            for (int i = 0; i < 5; i++) {
                client.write("GET " + server.link(file) + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
                assertThat(client.answerHead().status()).isEqualTo(200);
                assertThat(client.bytes(10)).isEqualTo(DIGITS);
            }
        }
    }

    private static HttpSettings impatient() {
        HttpSettings usual = HttpSettings.onLoopback(0);
        return new HttpSettings(
                usual.host(),
                0,
                true,
                usual.maxBody(),
                usual.maxHeaders(),
                usual.receiveTimeout(),
                usual.answerTimeout(),
                Duration.ofSeconds(1),
                usual.workers(),
                usual.headers());
    }

    @Test
    @DisplayName(
            "SIGN-12: a client that does not read is given up; of a huge file, no more than a little was ever read")
    void givesUpAClientThatDoesNotRead() throws Exception {
        HugeFile huge = new HugeFile(1L << 40);
        try (FileFixture slow = new FileFixture(impatient(), huge);
                RawHttp client = new RawHttp(slow.server.port())) {
            client.write(RawHttp.head(slow.server.port(), "GET", slow.link(huge.file), ""));
            assertThat(client.answerHead().header("Content-Length")).contains(Long.toString(1L << 40));

            await().atMost(Duration.ofSeconds(20)).until(() -> huge.closed.get() == 1);

            // what fits into the buffers of two sockets
            assertThat(huge.read.get()).isLessThan(64L << 20);
            await().until(() -> slow.server.downloads() == 0);
        }
    }

    @Test
    void letsGoOfTheFileOfAClientThatGoesAway() throws Exception {
        HugeFile huge = new HugeFile(1L << 40);
        try (FileFixture other = new FileFixture(HttpSettings.onLoopback(0), huge)) {
            RawHttp client = new RawHttp(other.server.port());
            client.write(RawHttp.head(other.server.port(), "GET", other.link(huge.file), ""));
            assertThat(client.bytes(100_000)).hasSize(100_000);

            client.reset();

            await().atMost(Duration.ofSeconds(20)).until(() -> huge.closed.get() == 1);
            await().until(() -> other.server.downloads() == 0);
        }
    }

    @Test
    void breaksOffWithoutAnEndWhenTheContentCannotBeRead() throws Exception {
        HugeFile broken = new HugeFile(1_000_000);
        broken.breaksAt = 300_000;
        try (FileFixture other = new FileFixture(HttpSettings.onLoopback(0), broken)) {
            RawHttp.Answer answer = other.get(other.link(broken.file));

            assertThat(answer.status()).isEqualTo(200);
            assertThat(header(answer, "Content-Length")).isEqualTo("1000000");
            assertThat(answer.body().length()).isLessThanOrEqualTo(300_000);
            await().until(() -> broken.closed.get() == 1 && other.server.downloads() == 0);
        }
    }

    @Test
    void endsADownloadThatTakesLongerThanAnAnswerMay() throws Exception {
        HttpSettings usual = HttpSettings.onLoopback(0);
        HttpSettings brief = new HttpSettings(
                usual.host(),
                0,
                true,
                usual.maxBody(),
                usual.maxHeaders(),
                usual.receiveTimeout(),
                Duration.ofSeconds(1),
                usual.slowClient(),
                usual.workers(),
                usual.headers());
        HugeFile huge = new HugeFile(1L << 40);
        try (FileFixture other = new FileFixture(brief, huge);
                RawHttp client = new RawHttp(other.server.port())) {
            client.write(RawHttp.head(other.server.port(), "GET", other.link(huge.file), ""));

            await().atMost(Duration.ofSeconds(20)).until(() -> huge.closed.get() == 1);
        }
    }

    /** One file of any size, made up as it is read. */
    private static final class HugeFile implements FileStore {

        private final AtomicLong read = new AtomicLong();
        private final AtomicInteger closed = new AtomicInteger();
        private final StoredFile file;
        private volatile long breaksAt = Long.MAX_VALUE;

        HugeFile(long size) {
            file = new StoredFile(
                    new FileId("0123456789abcdef".repeat(2)),
                    ACME,
                    null,
                    null,
                    "huge.txt",
                    "text/plain",
                    size,
                    "0".repeat(64),
                    Instant.EPOCH,
                    null);
        }

        @Override
        public Optional<StoredFile> find(TenantId tenant, FileId id) {
            return Optional.of(file);
        }

        @Override
        public FileContent open(TenantId tenant, FileId id, long from, long length) {
            return new FileContent(file, from, length, new InputStream() {
                @Override
                public int read() {
                    throw new AssertionError("read byte by byte");
                }

                @Override
                public int read(byte[] buffer, int offset, int count) throws IOException {
                    if (read.get() >= breaksAt) {
                        throw new IOException("a disk fails");
                    }
                    int got = (int) Math.min(count, breaksAt - read.get());
                    java.util.Arrays.fill(buffer, offset, offset + got, (byte) 'x');
                    read.addAndGet(got);
                    return got;
                }

                @Override
                public void close() {
                    closed.incrementAndGet();
                }
            });
        }

        @Override
        public long maxSize() {
            return Long.MAX_VALUE;
        }

        @Override
        public StoredFile put(TenantId tenant, NewFile newFile, InputStream content) {
            throw new UnsupportedOperationException("holds one file");
        }

        @Override
        public boolean remove(TenantId tenant, FileId id) {
            return false;
        }

        @Override
        public int removeConversation(TenantId tenant, ConversationId conversation) {
            return 0;
        }

        @Override
        public List<StoredFile> list(
                TenantId tenant, @Nullable UserId visibleTo, @Nullable StoredFile after, int most) {
            return List.of();
        }

        @Override
        public int sweep(Instant now) {
            return 0;
        }
    }
}
