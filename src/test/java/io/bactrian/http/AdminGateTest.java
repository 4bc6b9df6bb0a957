package io.bactrian.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.bactrian.core.access.Actor;
import io.bactrian.core.credential.Secret;
import io.bactrian.support.BactrianConstants;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.camel.Processor;
import org.apache.camel.builder.RouteBuilder;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Who may pass to the administration, and to nothing else. */
class AdminGateTest {

    private static final String TOKEN = "bop_000000000000000000000000000000000000000000";
    private static final String AS_OPERATOR = "Authorization: Bearer " + TOKEN;
    private static final String AS_ACME = "Authorization: Bearer " + HttpFixture.ACME_KEY;
    private static final Administration ADMINISTRATION =
            new Administration(Secret.of(TOKEN), () -> "{\"openapi\":\"3.0.3\"}", path -> Set.of("GET"));

    private HttpFixture server;

    @BeforeEach
    void start() throws Exception {
        server = fixture(ThrottleSettings.DEFAULTS, ADMINISTRATION);
    }

    private static HttpFixture fixture(ThrottleSettings throttle, @Nullable Administration administration)
            throws Exception {
        return new HttpFixture(
                HttpSettings.onLoopback(0),
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        rest("/admin")
                                .get("/{tenant}/{model}")
                                .to("direct:one")
                                .post("/{tenant}")
                                .to("direct:two");
                        from("direct:one").process("seen").process(answer());
                        from("direct:two").process("seen").process(answer());
                        from("platform-http:/see").process("seen");
                        from("platform-http:/administer").process("seen");
                    }
                },
                null,
                throttle,
                administration);
    }

    private static Processor answer() {
        return exchange -> {
            AdminCall call = exchange.getProperty(AdminCall.PROPERTY, AdminCall.class);
            exchange.getMessage()
                    .setBody(new HttpAnswer(
                            200,
                            Map.of("Cache-Control", "no-store"),
                            call.actor().name() + "|" + call.variable("tenant") + "|" + call.variable("model") + "|"
                                    + call.query() + "|" + call.body()));
        };
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    private RawHttp.Answer get(String target, String... headers) throws Exception {
        return RawHttp.get(server.port(), target, headers);
    }

    @Test
    void letsTheOperatorAtTheAdministrationAlone() throws Exception {
        RawHttp.Answer answer = get("/admin/acme/m", AS_OPERATOR);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).startsWith("operator|acme|m|");
        assertThat(server.takeSeen().properties()).doesNotContainKey(BactrianConstants.TENANT);
        for (String path : List.of("/see", "/administer", "/ADMIN/acme/m", "/none", "/admin/../see")) {
            assertThat(get(path, AS_OPERATOR).status()).as(path).isEqualTo(401);
        }
        assertThat(server.seen).isEmpty();
    }

    @Test
    void letsKeysAtItWithWhatTheyMayDo() throws Exception {
        assertThat(get("/admin/acme/m", AS_ACME).body()).startsWith("ann (apikey:ak_acme)|");
        assertThat(server.takeSeen().properties().get(AdminCall.PROPERTY))
                .isInstanceOfSatisfying(
                        AdminCall.class, call -> assertThat(call.actor()).isInstanceOf(Actor.Key.class));
        assertThat(get("/see", AS_ACME).status()).isEqualTo(200);
        assertThat(server.takeSeen().properties()).doesNotContainKey(AdminCall.PROPERTY);
    }

    @Test
    @DisplayName("INNER-01: nobody passes without a key, also not from this machine, whatever the path is written like")
    void neverLetsAnybodyInWithoutAKey() throws Exception {
        List<String> bodies = new ArrayList<>();
        for (String path : List.of(
                "/admin/acme/m",
                "/admin",
                "/admin/",
                "/admin/none/at/all",
                "/./admin/acme/m",
                "/x/../admin/acme/m",
                "/%61dmin/acme/m",
                "//admin/acme/m")) {
            RawHttp.Answer answer = get(path);
            assertThat(answer.status()).as(path).isIn(401, 404);
            if (answer.status() == 401) {
                bodies.add(answer.body());
            }
        }
        assertThat(bodies).hasSizeGreaterThanOrEqualTo(6);
        assertThat(Set.copyOf(bodies)).hasSize(1);
        assertThat(server.seen).isEmpty();
    }

    @Test
    @DisplayName("HDR-02: a parameter named like a variable of the path does not take its place")
    void keepsPathAndParametersApart() throws Exception {
        assertThat(get("/admin/acme/m?tenant=other&tenant=third", AS_ACME).body())
                .contains("|acme|m|{tenant=[other, third]}|");
    }

    @Test
    void decodesNamesInPathsOnce() throws Exception {
        assertThat(get("/admin/acme/meta%2Fllama-3%3A8b", AS_ACME).body()).contains("|acme|meta/llama-3:8b|");
        assertThat(get("/admin/acme/a%252Fb%2B%20+c", AS_ACME).body()).contains("|acme|a%2Fb+ +c|");
        assertThat(get("/admin/acme/%2e%2e", AS_ACME).status()).isEqualTo(404);
    }

    @Test
    void refusesPagesOfOtherSitesBeforeAKeyIsLookedUp() throws Exception {
        int port = server.port();
        for (String header : List.of(
                "Origin: https://evil.example",
                "Origin: null",
                "Origin: http://127.0.0.1:" + (port + 1),
                "Sec-Fetch-Site: cross-site",
                "Sec-Fetch-Site: same-site")) {
            RawHttp.Answer answer = get("/admin/acme/m", AS_ACME, header);
            assertThat(answer.status()).as(header).isEqualTo(403);
            assertThat(answer.body()).contains("access_denied");
        }
        assertThat(server.seen).isEmpty();
        for (String header : List.of("Origin: http://127.0.0.1:" + port, "Sec-Fetch-Site: same-origin")) {
            assertThat(get("/admin/acme/m", AS_ACME, header).status())
                    .as(header)
                    .isEqualTo(200);
        }
    }

    @Test
    void keepsBodiesOutOfMessagesAndBoundsThem() throws Exception {
        RawHttp.Answer answer = RawHttp.post(server.port(), "/admin/acme", "{\"key\":\"secret\"}", AS_ACME);
        assertThat(answer.body()).endsWith("|{\"key\":\"secret\"}");
        HttpFixture.Seen seen = server.takeSeen();
        assertThat(seen.body()).isNull();
        assertThat(seen.properties().toString() + seen.headers()).doesNotContain("secret");
        assertThat(RawHttp.post(server.port(), "/admin/acme", "x".repeat(64 * 1024 + 1), AS_ACME)
                        .status())
                .isEqualTo(413);
        assertThat(server.seen).isEmpty();
    }

    @Test
    void isNotThereWhenItIsSwitchedOff() throws Exception {
        try (HttpFixture off = fixture(ThrottleSettings.DEFAULTS, null)) {
            assertThat(RawHttp.get(off.port(), "/admin/acme/m", AS_OPERATOR).status())
                    .isEqualTo(401);
            assertThat(RawHttp.get(off.port(), "/openapi.json").status()).isEqualTo(404);
            // a route that somebody has left there is not to be had by anybody
            assertThat(RawHttp.get(off.port(), "/admin/acme/m", AS_ACME).status())
                    .isEqualTo(401);
            assertThat(RawHttp.get(off.port(), "/admin/acme/m").status()).isEqualTo(401);
            assertThat(off.seen).isEmpty();
        }
    }

    @Test
    void describesItselfToEverybody() throws Exception {
        RawHttp.Answer answer = get("/openapi.json", "Host: api.acme.example");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).contains("application/json");
        assertThat(RawHttp.post(server.port(), "/openapi.json", "x").status()).isEqualTo(405);
    }

    @Test
    void saysWhichMethodsAPathTakes() throws Exception {
        RawHttp.Answer answer = RawHttp.post(server.port(), "/admin/acme/m", "", AS_ACME);
        assertThat(answer.status()).isEqualTo(405);
        assertThat(answer.header("Allow")).contains("GET");
    }

    @Test
    void slowsGuessingDown() throws Exception {
        try (HttpFixture guarded = fixture(
                new ThrottleSettings(3, 100, Duration.ofMinutes(1), Duration.ofMinutes(15), Set.of("127.0.0.1")),
                ADMINISTRATION)) {
            int port = guarded.port();
            assertThat(RawHttp.get(port, "/see", AS_ACME).status()).isEqualTo(200);
            for (String wrong : List.of("Bearer bac_1", "Basic abc", "Bearer " + TOKEN)) {
                assertThat(RawHttp.get(port, "/see", "Authorization: " + wrong).status())
                        .as(wrong)
                        .isEqualTo(401);
            }
            RawHttp.Answer refused = RawHttp.get(port, "/admin/acme/m", AS_OPERATOR);
            assertThat(refused.status()).isEqualTo(429);
            assertThat(refused.header("Retry-After")).contains("60");
            assertThat(refused.body()).contains("rate_limit_error");
            assertThat(guarded.refused).containsExactly("127.0.0.1");
            assertThat(RawHttp.get(port, "/see", AS_ACME).status())
                    .as("good a moment ago")
                    .isEqualTo(200);
            assertThat(RawHttp.get(port, "/see").status()).as("no key at all").isEqualTo(200);
            // the proxy on this machine says for whom it asks: for somebody else
            assertThat(RawHttp.get(port, "/admin/acme/m", AS_OPERATOR, "X-Forwarded-For: 203.0.113.9")
                            .status())
                    .isEqualTo(200);
            guarded.nanos.addAndGet(Duration.ofMinutes(1).toNanos());
            assertThat(RawHttp.get(port, "/admin/acme/m", AS_OPERATOR).status()).isEqualTo(200);
        }
    }
}
