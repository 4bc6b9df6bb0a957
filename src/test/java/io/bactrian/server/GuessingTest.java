package io.bactrian.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bactrian.http.RawHttp;
import io.vertx.core.json.JsonArray;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Guessing at keys, against a whole server. */
class GuessingTest {

    @Test
    void isRefusedAfterAWhileAndTakenDownOnce(@TempDir Path folder) throws Exception {
        try (AdminFixture fixture = new AdminFixture(folder, "bactrian.http.wrongKeys=5")) {
            int port = fixture.server.port();
            assertThat(fixture.operator.get("/admin/audit").status()).isEqualTo(200);
            for (int i = 0; i < 20; i++) {
                RawHttp.Answer answer = RawHttp.get(port, "/search?q=x", "Authorization: Bearer bac_guess" + i);
                assertThat(answer.status()).as("guess " + i).isEqualTo(i < 5 ? 401 : 429);
            }
            assertThat(RawHttp.get(port, "/none").status())
                    .as("no key, from this machine")
                    .isEqualTo(404);
            await().atMost(Duration.ofSeconds(30)).until(() -> !fixture.operator
                    .get("/admin/audit?action=key.guess")
                    .data()
                    .isEmpty());
            JsonArray audit =
                    fixture.operator.get("/admin/audit?action=key.guess").data();
            assertThat(audit).as("the operator's token was good a moment ago").hasSize(1);
            assertThat(audit.getJsonObject(0).getString("actor")).isEqualTo("address 127.0.0.1");
            assertThat(audit.getJsonObject(0).encode()).doesNotContain("bac_");
            // the same address at the management port, past its door for local callers
            RawHttp.Answer management = RawHttp.get(
                    fixture.server.managementPort(),
                    "/metrics",
                    "Host: elsewhere.example",
                    "Authorization: Bearer bop_guess");
            assertThat(management.status()).isEqualTo(429);
            assertThat(management.header("Retry-After")).isPresent();
        }
    }
}
