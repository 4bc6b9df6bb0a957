package io.bactrian.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.bactrian.http.RawHttp;
import io.bactrian.testkit.FaultServer;
import io.bactrian.testkit.Reply;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The route over usage that the store's README shows, by a login that sees nothing else. */
class UsageRouteTest {

    private static final Duration SOON = Duration.ofSeconds(30);

    static {
        // the bean loads H2, which reads this once, before the store has set it
        System.setProperty("h2.bindAddress", "127.0.0.1");
    }

    @TempDir
    Path folder;

    /** The route as people copy it. */
    private static String example() throws Exception {
        String readme = Files.readString(Path.of("..", "components", "store", "README.md"));
        int begin = readme.indexOf("```yaml\n- route:\n    id: usage");
        assertThat(begin).isPositive();
        return readme.substring(begin + "```yaml\n".length(), readme.indexOf("```", begin + 3));
    }

    private String database() {
        return "jdbc:h2:retry:" + folder.resolve("data/store/bactrian") + ";AUTO_SERVER=TRUE";
    }

    private void admitReports() throws Exception {
        String owner = Files.readString(folder.resolve("data/store/bactrian.password"))
                .lines()
                .findFirst()
                .orElseThrow()
                .substring("owner=".length());
        try (Connection connection = DriverManager.getConnection(database(), "BACTRIAN_OWNER", owner);
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE USER reports PASSWORD 'secret'");
            statement.execute("GRANT SELECT ON usage_records TO reports");
            statement.execute("GRANT SELECT ON usage_losses TO reports");
        }
    }

    private String tenant(TestHome home, String name) {
        home.done("tenant", "add", name);
        return home.done("apikey", "create", "--tenant", name);
    }

    @Test
    void answersEachTenantWithItsOwnUsage() throws Exception {
        try (FaultServer provider = FaultServer.start()) {
            provider.handle(request -> Reply.sse(
                    "{\"id\":\"c1\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"Hi\"}}]}",
                    "{\"id\":\"c1\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}",
                    "{\"id\":\"c1\",\"model\":\"m\",\"choices\":[],\"usage\":{\"prompt_tokens\":11,\"completion_tokens\":7}}",
                    "[DONE]"));
            TestHome home = new TestHome(
                    folder,
                    "bactrian.egress.allow=127.0.0.1:" + provider.port(),
                    "bactrian.credentials.main.provider=openai-compatible",
                    "bactrian.credentials.main.base_url=" + provider.url("/v1"),
                    "bactrian.default-model.llm=openai-compatible/llama3.2",
                    "camel.beans.usage=#class:org.h2.jdbcx.JdbcDataSource",
                    "camel.beans.usage.url=" + database(),
                    "camel.beans.usage.user=reports",
                    "camel.beans.usage.password=secret");
            Files.writeString(home.home().root().resolve("routes/usage.yaml"), example());
            try (BactrianServer server = home.server(false)) {
                server.start();
                admitReports();
                String other = tenant(home, "other");

                assertThat(RawHttp.post(server.port(), "/chat", "hi", "Content-Type: text/plain")
                                .status())
                        .isEqualTo(200);

                await().atMost(SOON).until(() -> !new JsonArray(
                                RawHttp.get(server.port(), "/usage").body())
                        .isEmpty());
                RawHttp.Answer answer = RawHttp.get(server.port(), "/usage");
                assertThat(answer.status()).isEqualTo(200);
                JsonObject row = new JsonArray(answer.body()).getJsonObject(0);
                assertThat(value(row, "target")).isEqualTo("openai-compatible/llama3.2");
                assertThat(value(row, "calls")).isEqualTo(1);
                assertThat(value(row, "output_tokens")).isEqualTo(7);
                assertThat(new JsonArray(RawHttp.get(server.port(), "/usage", "Authorization: Bearer " + other)
                                .body()))
                        .as("of another tenant")
                        .isEmpty();
                seesNothingElse();
            }
        }
    }

    private static Object value(JsonObject row, String name) {
        return row.getValue(name);
    }

    private void seesNothingElse() throws SQLException {
        try (Connection connection = DriverManager.getConnection(database(), "reports", "secret");
                Statement statement = connection.createStatement()) {
            for (String query : List.of(
                    "SELECT * FROM provider_credentials",
                    "SELECT * FROM data_keys",
                    "SELECT * FROM tenants",
                    "DELETE FROM usage_records",
                    "CREATE TABLE mine (id INT)")) {
                assertThatThrownBy(() -> statement.execute(query)).as(query).isInstanceOf(SQLException.class);
            }
        }
    }
}
