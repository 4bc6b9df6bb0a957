package io.bactrian.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.bactrian.core.tenant.ApiKeyId;
import io.bactrian.core.tenant.AppId;
import io.bactrian.core.tenant.InvokeSource;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tenant.UserId;
import io.bactrian.support.BactrianConstants;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Who may pass, and as whom. */
class GateTest {

    private HttpFixture server;

    @BeforeEach
    void start() throws Exception {
        server = HttpFixture.of(routes());
    }

    private static RouteBuilder routes() {
        return new RouteBuilder() {
            @Override
            public void configure() {
                from("platform-http:/see").process("seen");
                rest("/api").get("/things").to("direct:things");
                from("direct:things").process("seen");
            }
        };
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    @Test
    void servesLocalCallersAsTheDefaultTenant() throws Exception {
        for (String host : List.of("127.0.0.1", "localhost", "LOCALHOST", "[::1]")) {
            assertThat(RawHttp.get(server.port(), "/see", "Host: " + host + ":" + server.port())
                            .status())
                    .isEqualTo(200);
            assertThat(server.takeSeen().properties())
                    .containsEntry(BactrianConstants.TENANT, TenantId.DEFAULT)
                    .containsEntry(BactrianConstants.SOURCE, InvokeSource.HTTP)
                    .doesNotContainKey(BactrianConstants.USER);
        }
    }

    @Test
    void servesTheTenantOfTheKey() throws Exception {
        RawHttp.Answer answer = RawHttp.get(
                server.port(), "/see", "Authorization: bearer " + HttpFixture.ACME_KEY, "Host: api.acme.example");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(server.takeSeen().properties())
                .containsEntry(BactrianConstants.TENANT, new TenantId("acme"))
                .containsEntry(BactrianConstants.USER, new UserId("ann"))
                .containsEntry(BactrianConstants.APP, new AppId("site"))
                .containsEntry(BactrianConstants.API_KEY, new ApiKeyId("ak_acme"))
                .containsKey(BactrianConstants.DEADLINE)
                .containsEntry(
                        BactrianConstants.REQUEST_ID,
                        new io.bactrian.core.tenant.RequestId(
                                answer.header("X-Request-Id").orElseThrow()));
    }

    @Test
    @DisplayName("INNER-01: whatever is wrong with a key, the answer is the same, and never the default tenant")
    void refusesEveryOtherKeyAlike() throws Exception {
        Set<String> bodies = new LinkedHashSet<>();
        List<String[]> wrong = List.of(
                new String[] {"Authorization: Bearer bac_unknown"},
                new String[] {"Authorization: Bearer "},
                new String[] {"Authorization:"},
                new String[] {"Authorization: Bearer x"},
                new String[] {"Authorization: " + HttpFixture.ACME_KEY},
                new String[] {"Authorization: Basic " + HttpFixture.ACME_KEY},
                new String[] {"Authorization: Bearer " + HttpFixture.ACME_KEY + "x"},
                new String[] {"Authorization: Bearer " + HttpFixture.ACME_KEY.substring(1)},
                new String[] {"Authorization: Bearer " + "k".repeat(4_000)},
                new String[] {
                    "Authorization: Bearer " + HttpFixture.ACME_KEY, "authorization: Bearer " + HttpFixture.ACME_KEY
                });
        for (String[] headers : wrong) {
            RawHttp.Answer answer = RawHttp.get(server.port(), "/see", headers);
            assertThat(answer.status()).as(headers[0]).isEqualTo(401);
            assertThat(answer.header("WWW-Authenticate")).contains("Bearer");
            bodies.add(answer.body());
        }
        bodies.add(RawHttp.get(server.port(), "/no/such/path", "Authorization: Bearer bac_unknown")
                .body());
        assertThat(bodies).hasSize(1).first().asString().contains("unauthenticated");
        assertThat(server.seen).isEmpty();
    }

    @Test
    void refusesAKeyAsSoonAsItIsWithdrawn() throws Exception {
        String header = "Authorization: Bearer " + HttpFixture.ACME_KEY;
        assertThat(RawHttp.get(server.port(), "/see", header).status()).isEqualTo(200);
        server.keys.clear();
        assertThat(RawHttp.get(server.port(), "/see", header).status()).isEqualTo(401);
    }

    @Test
    void refusesCallersWithoutKeyThatAreNotMeantForThisMachine() throws Exception {
        int port = server.port();
        List<String[]> foreign = List.of(
                new String[] {"Host: rebound.example:" + port},
                new String[] {"Host: 127.0.0.1.rebound.example:" + port},
                new String[] {"Host: 127.0.0.1:" + (port + 1)},
                new String[] {"Host: 127.0.0.1"},
                new String[] {"Host: user@127.0.0.1:" + port},
                new String[] {"Host:"},
                new String[] {"Origin: https://evil.example"},
                new String[] {"Origin: null"},
                new String[] {"Origin: http://localhost:" + (port + 1)},
                new String[] {"Origin: https://localhost:" + port},
                new String[] {"Sec-Fetch-Site: cross-site"},
                new String[] {"Sec-Fetch-Site: same-site"},
                new String[] {"X-Forwarded-For: 203.0.113.9"},
                new String[] {"Forwarded: for=203.0.113.9"},
                new String[] {"Via: 1.1 proxy"});
        for (String[] headers : foreign) {
            assertThat(RawHttp.get(port, "/see", headers).status())
                    .as(headers[0])
                    .isIn(400, 401);
        }
        assertThat(server.seen).isEmpty();
        assertThat(RawHttp.get(port, "/see", "Origin: http://localhost:" + port).status())
                .isEqualTo(200);
    }

    @Test
    void refusesAmbiguousRequests() throws Exception {
        int port = server.port();
        assertThat(RawHttp.get(port, "http://127.0.0.1:" + port + "/see").status())
                .isEqualTo(400);
        assertThat(RawHttp.get(port, "/see", "Host: 127.0.0.1:" + port, "Host: evil.example")
                        .status())
                .isEqualTo(400);
        assertThat(server.seen).isEmpty();
    }

    @Test
    void guardsEveryRouteAndPathAlike() throws Exception {
        for (String path : List.of("/see", "/api/things", "/none", "//see", "/see/", "/./see", "/%73ee", "/SEE")) {
            assertThat(RawHttp.get(server.port(), path, "Authorization: Bearer bac_unknown")
                            .status())
                    .as(path)
                    .isEqualTo(401);
        }
        assertThat(RawHttp.get(server.port(), "/api/things").status()).isEqualTo(200);
        assertThat(server.takeSeen().properties()).containsEntry(BactrianConstants.TENANT, TenantId.DEFAULT);
    }

    @Test
    void servesNobodyWithoutKeyWhereThatIsSwitchedOff() throws Exception {
        HttpSettings strict = new HttpSettings(
                "127.0.0.1",
                0,
                false,
                1_000,
                4_096,
                Duration.ofSeconds(5),
                Duration.ofSeconds(5),
                Duration.ofSeconds(5),
                4,
                Set.of());
        try (HttpFixture other = new HttpFixture(strict, routes())) {
            assertThat(RawHttp.get(other.port(), "/see").status()).isEqualTo(401);
            assertThat(RawHttp.get(other.port(), "/see", "Authorization: Bearer " + HttpFixture.ACME_KEY)
                            .status())
                    .isEqualTo(200);
        }
    }
}
