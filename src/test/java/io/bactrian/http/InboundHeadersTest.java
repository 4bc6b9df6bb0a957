package io.bactrian.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bactrian.core.error.MisconfiguredException;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.support.BactrianConstants;
import io.bactrian.testkit.CanaryScanner;
import io.bactrian.testkit.LogCapture;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.spi.HeaderFilterStrategy;
import org.apache.camel.support.DefaultHeaderFilterStrategy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What of a request reaches a route, seen by the route, over a real socket. */
class InboundHeadersTest {

    private static final String[] CONTROL = {
        "CamelModelName",
        "CamelHttpUri",
        "CamelFileName",
        "CAMELExecCommandExecutable",
        "org.apache.camel.Foo",
        "BactrianTenant",
        "BactrianApiKey",
        "X-Bactrian-Tenant"
    };

    private HttpFixture server;
    private final ProbedStrategy probed = new ProbedStrategy();

    /** A filter that counts what it is asked. */
    static final class ProbedStrategy extends DefaultHeaderFilterStrategy {
        final AtomicInteger asked = new AtomicInteger();

        @Override
        public boolean applyFilterToExternalHeaders(String name, Object value, Exchange exchange) {
            asked.incrementAndGet();
            return name.equalsIgnoreCase("hidden");
        }
    }

    @BeforeEach
    void start() throws Exception {
        server = HttpFixture.of(new RouteBuilder() {
            @Override
            public void configure() {
                getContext().getRegistry().bind("probed", HeaderFilterStrategy.class, probed);
                from("platform-http:/see").process("seen");
                from("platform-http:/see/{id}/{CamelModelName}").process("seen");
                from("platform-http:/probed?headerFilterStrategy=#probed").process("seen");
            }
        });
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    @Test
    @DisplayName("HDR-01: no spelling of a Camel header gets in")
    void dropsCamelHeadersInAnyCase() throws Exception {
        SplittableRandom random = new SplittableRandom(7);
        List<String> headers = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            headers.add(recased("CamelModelName", random) + ": evil");
        }
        RawHttp.get(server.port(), "/see", headers.toArray(String[]::new));
        assertNothingControlled(server.takeSeen());
    }

    @Test
    @DisplayName("HDR-02: nor as a query parameter, a path variable, a form field or a part of a multipart body")
    void dropsCamelNamesFromEveryEntrance() throws Exception {
        for (String name : CONTROL) {
            RawHttp.get(server.port(), "/see?" + name + "=evil&q=fine");
            HttpFixture.Seen byQuery = server.takeSeen();
            assertNothingControlled(byQuery);
            assertThat(byQuery.headers()).containsEntry("q", "fine");

            RawHttp.post(
                    server.port(), "/see", name + "=evil&q=fine", "Content-Type: application/x-www-form-urlencoded");
            HttpFixture.Seen byForm = server.takeSeen();
            assertNothingControlled(byForm);
            assertThat(byForm.headers()).containsEntry("q", "fine");

            RawHttp.post(server.port(), "/see", multipart(name), "Content-Type: multipart/form-data; boundary=xx");
            assertNothingControlled(server.takeSeen());
        }
        RawHttp.get(server.port(), "/see/7/evil");
        HttpFixture.Seen byPath = server.takeSeen();
        assertNothingControlled(byPath);
        assertThat(byPath.headers()).containsEntry("id", "7");
    }

    @Test
    @DisplayName("HDR-02: nor as a trailer")
    void dropsTrailers() throws Exception {
        try (RawHttp client = new RawHttp(server.port())) {
            client.write("POST /see HTTP/1.1\r\nHost: 127.0.0.1:" + server.port()
                    + "\r\nTransfer-Encoding: chunked\r\nTrailer: CamelModelName\r\nConnection: close\r\n\r\n"
                    + "2\r\nhi\r\n0\r\nCamelModelName: evil\r\n\r\n");
            assertThat(client.answer().status()).isEqualTo(200);
        }
        assertNothingControlled(server.takeSeen());
    }

    @Test
    @DisplayName("HDR-03: nor where a capital I has another small letter")
    void dropsCamelHeadersInTurkish() throws Exception {
        Locale before = Locale.getDefault();
        Locale.setDefault(new Locale("tr", "TR"));
        try {
            RawHttp.get(
                    server.port(),
                    "/see?BACTRIANTENANT=evil",
                    "CAMELMODELNAME: evil",
                    "CAMELFILENAME: evil",
                    "BACTRIANTENANT: evil",
                    "X-API-KEY: evil",
                    "COOKIE: a=evil");
            assertNothingControlled(server.takeSeen());
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    @DisplayName("HDR-04: nor under Camel's package name")
    void dropsPackageNames() throws Exception {
        RawHttp.get(
                server.port(),
                "/see?ORG.apache.CAMEL.Foo=evil",
                "org.apache.camel.Foo: evil",
                "CAMELExecCommandExecutable: evil");
        assertNothingControlled(server.takeSeen());
    }

    @Test
    @DisplayName("HDR-05, HDR-06: credentials, cookies, forwarding and baggage end at the door")
    void dropsCredentialsAndForwarding() throws Exception {
        RawHttp.get(
                server.port(),
                "/see",
                "Authorization: Bearer " + HttpFixture.ACME_KEY,
                "Cookie: session=evil",
                "X-Api-Key: evil",
                "Proxy-Authorization: Basic evil",
                "X-Forwarded-For: 10.0.0.1",
                "Forwarded: for=10.0.0.1",
                "OTEL_BAGGAGE_x: evil",
                "baggage: a=evil",
                "Accept-Language: de");
        HttpFixture.Seen seen = server.takeSeen();
        assertThat(seen.headers().keySet()).allSatisfy(name -> assertThat(name.toLowerCase(Locale.ROOT))
                .doesNotContain("auth", "cookie", "api-key", "forwarded", "baggage"));
        assertThat(seen.headers()).containsEntry("Accept-Language", "de");
        assertThat(seen.headers().toString() + seen.properties())
                .doesNotContain(HttpFixture.ACME_KEY)
                .doesNotContain("evil");
    }

    @Test
    @DisplayName("HDR-07: no header chooses the tenant; one line says so, without the value")
    void ignoresIdentityInHeaders() throws Exception {
        String name = "Bactrian-Tenant-Probe";
        try (LogCapture log = new CanaryScanner().captureLogs()) {
            for (int i = 0; i < 3; i++) {
                RawHttp.get(
                        server.port(),
                        "/see?tenant=evil",
                        name + ": sneaky",
                        "BactrianTenant: sneaky",
                        "BactrianApiKey: sneaky");
                assertThat(server.takeSeen().properties())
                        .containsEntry(BactrianConstants.TENANT, TenantId.DEFAULT)
                        .doesNotContainKey(BactrianConstants.API_KEY);
            }
            assertThat(log.text())
                    .containsOnlyOnce(name.toLowerCase(Locale.ROOT))
                    .doesNotContain("sneaky");
        }
    }

    @Test
    @DisplayName("HDR-12: an endpoint's own header filter is asked too, that very one")
    void asksTheEndpointsOwnFilter() throws Exception {
        RawHttp.get(server.port(), "/probed?hidden=evil&q=fine", "CamelModelName: evil");
        HttpFixture.Seen seen = server.takeSeen();
        assertThat(probed.asked).hasPositiveValue();
        assertThat(seen.headers()).containsEntry("q", "fine").doesNotContainKey("hidden");
        assertNothingControlled(seen);
    }

    @Test
    void refusesToListHeadersThatCarryIdentity() {
        for (String name : List.of("Authorization", "CamelFoo", "x-forwarded-for", "Cookie")) {
            assertThatThrownBy(() -> new InboundNames(Set.of(name)))
                    .isInstanceOf(MisconfiguredException.class)
                    .hasMessageContaining("bactrian.http.headers");
        }
        assertThat(new InboundNames(Set.of("x-mine")).header("X-Mine")).isTrue();
    }

    @Test
    void doesNotSendParametersAndHeadersOfTheRequestBack() throws Exception {
        RawHttp.Answer answer = RawHttp.get(server.port(), "/see?q=mine", "User-Agent: probe", "Idempotency-Key: k");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("q")).isEmpty();
        assertThat(answer.header("Idempotency-Key")).isEmpty();
        assertThat(answer.header("User-Agent")).isEmpty();
    }

    @Test
    void takesTextForTextEvenWhenItIsDeclaredAForm() throws Exception {
        String form = "Content-Type: application/x-www-form-urlencoded";
        for (String text : List.of("What has two humps?", "hello", "{\"question\":\"a=b&c\"}", "1 + 1 = ?")) {
            RawHttp.post(server.port(), "/see", text, form);
            assertThat(server.takeSeen().body()).isEqualTo(text);
        }
        RawHttp.post(server.port(), "/see", "city=New+York&city=Rome&n=", form);
        assertThat(server.takeSeen().headers()).containsEntry("city", List.of("New York", "Rome"));
    }

    private static void assertNothingControlled(HttpFixture.Seen seen) {
        assertThat(seen.headers()).allSatisfy((name, value) -> {
            // Camel's own, which say what the request line was
            if (!name.startsWith("CamelHttp")) {
                assertThat(String.valueOf(value)).doesNotContain("evil");
            }
        });
        assertThat(seen.headers().keySet()).allSatisfy(name -> assertThat(name.toLowerCase(Locale.ROOT))
                .doesNotStartWith("org.apache.camel")
                .doesNotStartWith("bactrian")
                .doesNotStartWith("camelmodel")
                .doesNotStartWith("camelexec")
                .doesNotStartWith("camelfile"));
    }

    private static String recased(String name, SplittableRandom random) {
        StringBuilder recased = new StringBuilder();
        name.chars()
                .forEach(c -> recased.append(
                        (char) (random.nextBoolean() ? Character.toUpperCase(c) : Character.toLowerCase(c))));
        return recased.toString();
    }

    private static String multipart(String name) {
        return "--xx\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n" + name
                + ": evil\r\n\r\nevil\r\n--xx--\r\n";
    }
}
