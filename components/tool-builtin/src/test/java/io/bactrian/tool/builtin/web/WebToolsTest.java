package io.bactrian.tool.builtin.web;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.error.RefusedException;
import io.bactrian.core.json.JsonBoolean;
import io.bactrian.core.tenant.Deadline;
import io.bactrian.egress.EgressClient;
import io.bactrian.egress.EgressPolicy;
import io.bactrian.testkit.FaultServer;
import io.bactrian.testkit.RecordedRequest;
import io.bactrian.testkit.Reply;
import io.bactrian.tool.builtin.support.Answer;
import java.nio.charset.Charset;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class WebToolsTest {

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final String HTML = "text/html; charset=utf-8";
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2025-03-30T12:00:00Z"), ZoneOffset.UTC);

    private final FaultServer server = FaultServer.start();
    private final FaultServer other = FaultServer.start();
    private final EgressClient egress = EgressClient.of(
            EgressPolicy.builder().allow("127.0.0.1:" + server.port()).build());
    private final WebClient client = new WebClient(egress, CLOCK);
    private final PageReader reader = new PageReader(client);
    private final FileFetcher fetcher = new FileFetcher(client);

    @AfterEach
    void stop() {
        egress.close();
        server.close();
        other.close();
    }

    private Answer read(String path) {
        return reader.read(server.url(path), 10_000, false, null, Deadline.in(Duration.ofSeconds(20)));
    }

    private FileFetcher.Fetched get(String path, long most) {
        return fetcher.get(server.url(path), most, null, Deadline.in(Duration.ofSeconds(20)));
    }

    private static Reply html(String body) {
        return Reply.body(200, HTML, body.getBytes(UTF_8));
    }

    @Test
    void readsAPage() {
        server.enqueue(html("<html><head><title> A  page </title><meta name=description content='About it'></head>"
                + "<body><nav>menu</nav><h1>Hello</h1><p>Wörld ${x} {{y}}</p></body></html>"));

        Answer answer = read("/a");

        assertThat(answer.text()).isEqualTo("# A page\n\n# Hello\n\nWörld ${x} {{y}}");
        assertThat(answer.json().findText("title")).contains("A page");
        assertThat(answer.json().findText("description")).contains("About it");
        assertThat(answer.json().findText("text")).contains("# Hello\n\nWörld ${x} {{y}}");
        assertThat(answer.json().find("truncated")).contains(JsonBoolean.FALSE);
        RecordedRequest request = server.takeRequest(SECOND);
        assertThat(request.method() + " " + request.target()).isEqualTo("GET /a");
        assertThat(request.headerValues("User-Agent")).containsExactly("Bactrian");
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void doesNotRepeatTheTitle() {
        server.enqueue(html("<title>Same</title><h1>Same</h1><p>x"), html("<h1>Only</h1><p>x"), html("<p>untitled"));

        assertThat(read("/").text()).isEqualTo("# Same\n\nx");
        assertThat(read("/").text()).isEqualTo("# Only\n\nx");
        assertThat(read("/").text()).isEqualTo("untitled");
    }

    @Test
    void saysThatAPageGoesOn() {
        server.enqueue(html("<p>" + "word ".repeat(100)));

        Answer answer = reader.read(server.url("/"), 100, false, null, Deadline.in(SECOND.multipliedBy(20)));

        assertThat(answer.text()).hasSizeLessThan(200).endsWith("(The page goes on; max_characters was 100.)");
        assertThat(answer.json().find("truncated")).contains(JsonBoolean.TRUE);
    }

    @Test
    @DisplayName("PARSE-04: of a page without an end the beginning is read")
    void readsTheBeginningOfAnEndlessPage() {
        server.enqueue(
                Reply.repeating(200, HTML, "<p>more and more</p>".repeat(100).getBytes(UTF_8), 1_000_000));

        Answer answer = read("/");

        assertThat(answer.text()).startsWith("more and more\n\nmore and more").contains("The page goes on");
        assertThat(server.bodyBytesSent()).isLessThan(30L << 20);
    }

    @Test
    void saysThatAPageHasNoText() {
        server.enqueue(html("<title>App</title><div id=root></div><script>run()</script>"));

        assertThat(read("/").text())
                .isEqualTo("# App\n\n(The page has no text that can be read without running its scripts.)");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "text/plain; charset=utf-8, UTF-8",
        "text/plain; charset=\"ISO-8859-1\", ISO-8859-1",
        "text/plain, UTF-8",
        "text/plain, windows-1252",
        "text/plain; charset=utf-16le, UTF-16LE",
        "text/plain; charset=made-up, UTF-8",
        "TEXT/PLAIN; Charset=Windows-1251, windows-1251",
        "text/plain; charset=Shift_JIS, windows-31j",
    })
    void readsTextInAnyCharacterSet(String type, String charset) {
        String text = charset.equals("windows-1251") ? "Привет" : charset.equals("windows-31j") ? "日本語" : "Grüße <b> é";
        server.enqueue(Reply.body(200, type, text.getBytes(Charset.forName(charset))));

        assertThat(read("/").text()).isEqualTo(text);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "<meta charset=windows-1251>",
                "<meta http-equiv='Content-Type' content='text/html; charset=windows-1251'>",
                "<!-- x --><META CHARSET = 'Windows-1251' >",
            })
    void readsTheCharacterSetThatAPageNames(String meta) {
        server.enqueue(Reply.body(200, "text/html", (meta + "<p>Привет").getBytes(Charset.forName("windows-1251"))));

        assertThat(read("/").text()).isEqualTo("Привет");
    }

    @Test
    void believesTheByteOrderMarkFirst() {
        server.enqueue(
                Reply.body(200, "text/html; charset=iso-8859-1", "\ufeff<meta charset=latin1><p>é😀".getBytes(UTF_8)),
                Reply.body(200, "text/html", "\ufeff<p>é😀".getBytes(UTF_16LE)),
                Reply.body(200, "text/html", "<meta charset=utf-16><p>é".getBytes(UTF_8)));

        assertThat(read("/").text()).isEqualTo("é😀");
        assertThat(read("/").text()).isEqualTo("é😀");
        assertThat(read("/").text()).isEqualTo("é");
    }

    @Test
    void readsPagesThatDoNotSayWhatTheyAre() {
        server.enqueue(
                Reply.body(200, "application/octet-stream", " <!DOCTYPE html><p>page".getBytes(UTF_8)),
                Reply.body(200, "application/octet-stream", "just text".getBytes(UTF_8)),
                Reply.body(200, "application/octet-stream", new byte[] {'a', 0, 'b'}));

        assertThat(read("/").text()).isEqualTo("page");
        assertThat(read("/").text()).isEqualTo("just text");
        assertThatThrownBy(() -> read("/")).isInstanceOf(InvokeException.class);
    }

    @ParameterizedTest
    @CsvSource({"application/pdf", "image/png", "application/zip", "image/svg+xml", "video/mp4"})
    void refusesToReadWhatIsNoPage(String type) {
        server.enqueue(Reply.body(200, type, "%PDF-1.7".getBytes(UTF_8)));

        InvokeException error = catchThrowableOfType(InvokeException.class, () -> read("/"));

        assertThat(error.code()).isEqualTo(ErrorCode.TOOL_INVOKE_ERROR);
        assertThat(error)
                .hasMessage("127.0.0.1 answered with " + type
                        + ", which is no page to read; the tool fetch gets it as a file");
    }

    @ParameterizedTest
    @CsvSource({
        "400, TOOL_INVOKE_ERROR",
        "401, TOOL_INVOKE_ERROR",
        "403, TOOL_INVOKE_ERROR",
        "404, TOOL_INVOKE_ERROR",
        "410, TOOL_INVOKE_ERROR",
        "418, TOOL_INVOKE_ERROR",
        "304, TOOL_INVOKE_ERROR",
        "302, TOOL_INVOKE_ERROR",
        "429, RATE_LIMITED",
        "500, SERVER_UNAVAILABLE",
        "503, SERVER_UNAVAILABLE",
    })
    void makesErrorsOfStatusesThatAreNoSuccess(int status, ErrorCode code) {
        // RFC 9110 section 15.4.5: a 304 has no body; one would be taken for the next answer
        server.otherwise(
                status == 304
                        ? Reply.status(status)
                        : Reply.body(status, "text/html", "<p>do as I say".getBytes(UTF_8)));

        for (Runnable call : new Runnable[] {() -> read("/"), () -> get("/", 1_000)}) {
            InvokeException error = catchThrowableOfType(InvokeException.class, call::run);
            assertThat(error.code()).isEqualTo(code);
            assertThat(error).hasMessageStartingWith("127.0.0.1 answered with status " + status);
            assertThat(error.getMessage()).doesNotContain("do as I say");
            assertThat(error.details().upstreamStatus()).isEqualTo(status);
            assertThat(error.details().shouldRetry())
                    .as("what would end alike is not asked for again")
                    .isEqualTo(code == ErrorCode.TOOL_INVOKE_ERROR ? Boolean.FALSE : null);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "120, 120",
        "'Sun, 30 Mar 2025 12:01:00 GMT', 60",
        "99999999, 86400",
        "'Sun, 30 Mar 2025 11:00:00 GMT', -1",
        "soon, -1",
        "99999999999, -1",
    })
    void passesOnHowLongToWait(String header, long seconds) {
        server.enqueue(Reply.status(503).header("Retry-After", header));

        InvokeException error = catchThrowableOfType(InvokeException.class, () -> read("/"));

        assertThat(error.retryAfter().map(Duration::toSeconds).orElse(-1L)).isEqualTo(seconds);
    }

    @Test
    void refusesAnEmptyPage() {
        server.enqueue(Reply.status(204), Reply.status(200));

        assertThatThrownBy(() -> read("/")).hasMessage("127.0.0.1 answered with an empty page (status 204)");
        assertThatThrownBy(() -> read("/")).hasMessage("127.0.0.1 answered with an empty page (status 200)");
    }

    @Test
    void followsRedirectsWithinWhatIsAllowed() {
        server.enqueue(
                Reply.status(302).header("Location", "/next"),
                html("<p>there"),
                Reply.status(302).header("Location", other.url("/")));

        assertThat(read("/").text()).isEqualTo("there");
        assertThatThrownBy(() -> read("/")).isInstanceOf(RefusedException.class);
        assertThat(other.requests()).isEmpty();
    }

    @ParameterizedTest
    @DisplayName("SSRF: what egress does not allow is not reached by a tool either")
    @ValueSource(
            strings = {
                "http://169.254.169.254/latest/meta-data/",
                "http://localhost/",
                "https://127.0.0.1/",
                "https://[::1]/",
                "http://10.0.0.1/",
                "https://0x7f000001/",
                "https://user:secret@example.com/",
                "https://metadata.google.internal/",
            })
    void reachesOnlyWhatEgressAllows(String url) {
        Deadline deadline = Deadline.in(SECOND.multipliedBy(5));

        assertThatThrownBy(() -> reader.read(url, 1_000, false, null, deadline)).isInstanceOf(RefusedException.class);
        assertThatThrownBy(() -> fetcher.get(url, 1_000, null, deadline)).isInstanceOf(RefusedException.class);
        assertThatThrownBy(() -> fetcher.head(url, null, deadline))
                .isInstanceOf(RefusedException.class)
                .message()
                .doesNotContain("secret");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"example.com", "file:///etc/passwd", "ftp://example.com/", "javascript:alert(1)", "", "//x/y"})
    void refusesWhatIsNoUrlOfThePage(String url) {
        assertThatThrownBy(() -> reader.read(url, 1_000, false, null, Deadline.in(SECOND)))
                .isInstanceOf(BadRequestException.class)
                .hasMessage("url: is an absolute URL that begins with https:// or http://");
    }

    @ParameterizedTest
    @CsvSource({
        "/wiki/Käse und Brot?q=ü|x#part, /wiki/K%C3%A4se%20und%20Brot?q=%C3%BC%7Cx",
        "/a%20b?c={d}, /a%20b?c=%7Bd%7D",
        "'?q=1', '/?q=1'",
        "'#top', /",
    })
    void encodesWhatPeopleDoNotEncode(String written, String sent) {
        server.otherwise(html("<p>x"));

        read("/");
        reader.read(" " + server.url("") + written + " ", 1_000, false, null, Deadline.in(SECOND.multipliedBy(20)));

        server.takeRequest(SECOND);
        assertThat(server.takeRequest(SECOND).target()).isEqualTo(sent);
    }

    @Test
    void endsAtTheDeadline() {
        server.otherwise(Reply.blackHole());

        InvokeException error = catchThrowableOfType(
                InvokeException.class,
                () -> reader.read(server.url("/"), 1_000, false, null, Deadline.in(Duration.ofMillis(300))));

        assertThat(error.code()).isEqualTo(ErrorCode.DEADLINE_EXCEEDED);
    }

    @Test
    void fetchesTextAsText() {
        server.enqueue(Reply.json(200, "{\"a\":\"ü\"}"));

        FileFetcher.Fetched fetched = get("/data.json", 1_000);

        assertThat(fetched.file()).isNull();
        assertThat(fetched.answer().text()).isEqualTo("{\"a\":\"ü\"}");
        assertThat(fetched.answer().json().findText("content_type")).contains("application/json");
    }

    @Test
    void fetchesEverythingElseAsAFile() {
        byte[] bytes = {(byte) 0x89, 'P', 'N', 'G', 0, 1, 2};
        server.enqueue(Reply.body(200, "image/png", bytes));

        FileFetcher.Fetched fetched = get("/pictures/a%20b.png?size=1", 1_000);

        assertThat(fetched.answer().text()).isEqualTo("a file of 7 bytes, image/png");
        assertThat(fetched.file()).isNotNull();
        assertThat(fetched.file().bytes()).isEqualTo(bytes);
        assertThat(fetched.file().mimeType()).isEqualTo("image/png");
        assertThat(fetched.file().name()).isEqualTo("a b.png");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "attachment; filename=report.pdf | report.pdf",
                "attachment; filename=\"my \\\"best\\\" report.pdf\" | my \"best\" report.pdf",
                "attachment; filename=x.pdf; filename*=UTF-8''%c3%bcber.pdf | über.pdf",
                "attachment; filename*=made-up''a.pdf | none.bin",
                "inline | none.bin",
            })
    void namesTheFileAsTheServerDoes(String disposition, String name) {
        server.enqueue(Reply.body(200, "application/pdf", new byte[] {1}).header("Content-Disposition", disposition));

        FileFetcher.FetchedFile file = get("/none.bin", 1_000).file();

        assertThat(file).isNotNull();
        assertThat(file.name()).isEqualTo(disposition.contains("made-up") ? "none.bin" : name);
    }

    @Test
    @DisplayName("PARSE-04: a file that is larger than asked for is an error, announced or not")
    void refusesFilesThatAreTooLarge() {
        server.enqueue(
                Reply.body(200, "application/zip", new byte[1_001]),
                Reply.repeating(200, "application/zip", new byte[1_024], 1_000_000));

        for (int i = 0; i < 2; i++) {
            InvokeException error = catchThrowableOfType(InvokeException.class, () -> get("/", 1_000));
            assertThat(error.code()).isEqualTo(ErrorCode.RESPONSE_TOO_LARGE);
            assertThat(error).hasMessageContaining("more than 1000 bytes").hasMessageContaining("max_bytes");
        }
        assertThatThrownBy(() -> get("/", 0)).hasMessageStartingWith("max_bytes: is 0");
    }

    @Test
    void refusesAFileThatEndsTooEarly() {
        server.enqueue(Reply.body(200, "image/png", new byte[100]).closeAfterBytes(50));

        assertThat(catchThrowableOfType(InvokeException.class, () -> get("/", 1_000))
                        .code())
                .isEqualTo(ErrorCode.STREAM_TRUNCATED);
    }

    @Test
    void asksForTheHeadAlone() {
        server.enqueue(Reply.status(200)
                .contentType("application/pdf")
                .header("Last-Modified", "Sun, 30 Mar 2025 12:00:00 GMT"));

        Answer answer = fetcher.head(server.url("/"), "Probe/1", Deadline.in(SECOND.multipliedBy(20)))
                .answer();

        assertThat(answer.text()).startsWith("status 200, application/pdf").contains("last modified Sun, 30 Mar 2025");
        RecordedRequest request = server.takeRequest(SECOND);
        assertThat(request.method()).isEqualTo("HEAD");
        assertThat(request.headerValues("User-Agent")).containsExactly("Probe/1");
    }

    @ParameterizedTest
    @ValueSource(ints = {405, 501})
    void getsWhereAServerKnowsNoHead(int status) {
        server.enqueue(
                Reply.status(status),
                Reply.body(200, "image/png", new byte[1 << 20]).contentLength(1 << 20));

        Answer answer = fetcher.head(server.url("/"), null, Deadline.in(SECOND.multipliedBy(20)))
                .answer();

        assertThat(answer.text()).isEqualTo("status 200, image/png, 1048576 bytes");
        assertThat(server.requests()).extracting(RecordedRequest::method).containsExactly("HEAD", "GET");
    }

    @Test
    void makesAnErrorOfAHeadThatFails() {
        server.enqueue(Reply.status(404));

        assertThatThrownBy(() -> fetcher.head(server.url("/"), null, Deadline.in(SECOND.multipliedBy(20))))
                .hasMessage("127.0.0.1 answered with status 404 (not found)");
    }

    @Test
    void refusesAUserAgentThatWouldSplitTheRequest() {
        assertThatThrownBy(() ->
                        fetcher.get(server.url("/"), 1_000, "a\r\nX-Evil: 1", Deadline.in(SECOND.multipliedBy(20))))
                .isInstanceOf(BadRequestException.class);
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void decodesLatinTextThatIsNamedSo() {
        server.enqueue(Reply.body(200, "text/csv; charset=latin1", "a;ü".getBytes(ISO_8859_1)));

        assertThat(get("/", 100).answer().text()).isEqualTo("a;ü");
    }
}
