package io.bactrian.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.bactrian.http.RawHttp;
import io.bactrian.testkit.FaultServer;
import io.bactrian.testkit.RecordedRequest;
import io.bactrian.testkit.Reply;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole server, from the socket to the provider's. */
class ServerTest {

    private static final String JSON = "Content-Type: application/json";

    private FaultServer provider;
    private BactrianServer server;

    @BeforeEach
    void startProvider() {
        provider = FaultServer.start();
        provider.handle(request -> Reply.sse(
                "{\"id\":\"c1\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"Bac\"}}]}",
                "{\"id\":\"c1\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"trian\"}}]}",
                "{\"id\":\"c1\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}",
                "[DONE]"));
    }

    @AfterEach
    void stop() throws Exception {
        if (server != null) {
            server.close();
        }
        provider.close();
    }

    private TestHome home(Path folder, String... more) throws Exception {
        String[] lines = new String[more.length + 1];
        lines[0] = "bactrian.egress.allow=127.0.0.1:" + provider.port();
        System.arraycopy(more, 0, lines, 1, more.length);
        return new TestHome(folder, lines);
    }

    private BactrianServer started(TestHome home) throws Exception {
        server = home.server(false);
        return server.start();
    }

    private int managementPort() {
        return server.managementPort();
    }

    @Test
    void streamsTheDefaultModelWithThreeProperties(@TempDir Path folder) throws Exception {
        started(home(
                folder,
                "bactrian.credentials.main.provider=openai-compatible",
                "bactrian.credentials.main.base_url=" + provider.url("/v1"),
                "bactrian.credentials.main.api_key={{sys:bactrian.test.key}}",
                "bactrian.default-model.llm=openai-compatible/llama3.2"));
        for (String[] form : new String[][] {
            {"{\"question\":\"What has two humps?\"}", JSON},
            {"{\"messages\":[{\"role\":\"user\",\"content\":\"What has two humps?\"}]}", JSON},
            {"What has two humps?", "Content-Type: text/plain"},
            {"What has two humps?", "Content-Type: application/x-www-form-urlencoded"},
            {"{\"question\":\"What has two humps?\"}", "Content-Type: application/x-www-form-urlencoded"},
        }) {
            RawHttp.Answer answer = RawHttp.post(server.port(), "/chat", form[0], form[1]);
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.body())
                    .contains("\"content\":\"Bac\"")
                    .contains("\"content\":\"trian\"")
                    .contains("chat.completion.chunk")
                    .endsWith("data: [DONE]\n\n");
            RecordedRequest asked = provider.takeRequest(Duration.ofSeconds(10));
            assertThat(asked.bodyText()).contains("What has two humps?").contains("\"stream\":true");
        }
    }

    static {
        System.setProperty("bactrian.test.key", "sk-from-elsewhere");
    }

    @Test
    void saysWhatToSetWhenThereIsNoModel(@TempDir Path folder) throws Exception {
        started(home(folder));
        RawHttp.Answer answer = RawHttp.post(server.port(), "/chat", "{\"question\":\"hi\"}", JSON);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body()).contains("default_model_not_set").contains("bactrian.default-model.llm");
        for (String wrong :
                List.of("", "{\"question\":1}", "{\"what\":\"hi\"}", "{broken", "{\"question\":\"a\",\"x\":1}")) {
            RawHttp.Answer refused = RawHttp.post(server.port(), "/chat", wrong, JSON);
            assertThat(refused.status()).as(wrong).isEqualTo(400);
            assertThat(refused.body()).as(wrong).contains("invalid_param");
        }
    }

    @Test
    void letsEachTenantPayWithItsOwnCredential(@TempDir Path folder) throws Exception {
        TestHome home = home(folder);
        started(home);
        String acme = tenant(home, "acme", "sk-acme-000000000000000000000000");
        String other = tenant(home, "other", "sk-other-00000000000000000000000");
        assertThat(chatAs(acme).status()).isEqualTo(200);
        assertThat(paidBy()).isEqualTo("Bearer sk-acme-000000000000000000000000");
        assertThat(chatAs(other).status()).isEqualTo(200);
        assertThat(paidBy()).isEqualTo("Bearer sk-other-00000000000000000000000");
        // the default tenant has nothing to pay with, and nobody pays for it
        assertThat(RawHttp.post(server.port(), "/chat", "hi", "Content-Type: text/plain")
                        .status())
                .isEqualTo(400);
        assertThat(provider.requests()).hasSize(2);
    }

    private String paidBy() {
        return provider.takeRequest(Duration.ofSeconds(10))
                .header("Authorization")
                .orElse("");
    }

    private RawHttp.Answer chatAs(String key) throws Exception {
        return RawHttp.post(server.port(), "/chat", "hi", "Content-Type: text/plain", "Authorization: Bearer " + key);
    }

    /** Adds a tenant beside the running server, and gives its API key. */
    private String tenant(TestHome home, String name, String secret) {
        home.done("tenant", "add", name);
        home.done(
                List.of(secret),
                "credential",
                "add",
                "openai-compatible",
                "--tenant",
                name,
                "--set",
                "base_url=" + provider.url("/v1"),
                "--from-stdin",
                "api_key");
        home.done("model", "default", "openai-compatible/m", "--tenant", name);
        return home.done("apikey", "create", "--tenant", name);
    }

    @Test
    void followsChangesThatAreMadeBesideIt(@TempDir Path folder) throws Exception {
        TestHome home = home(folder);
        started(home);
        String key = tenant(home, "acme", "sk-acme-1");
        assertThat(chatAs(key).status()).isEqualTo(200);
        home.done(
                List.of("sk-acme-2"),
                "credential",
                "update",
                "openai-compatible",
                "API KEY 1",
                "--tenant",
                "acme",
                "--from-stdin",
                "api_key");
        await().atMost(Duration.ofSeconds(10)).until(() -> {
            chatAs(key);
            return provider.requests().stream()
                    .anyMatch(request ->
                            request.header("Authorization").orElse("").endsWith("sk-acme-2"));
        });
        home.done("tenant", "disable", "acme");
        await().atMost(Duration.ofSeconds(10)).until(() -> chatAs(key).status() == 401);
        home.done("tenant", "enable", "acme");
        await().atMost(Duration.ofSeconds(10)).until(() -> chatAs(key).status() == 200);
        String id = home.done("apikey", "list", "--tenant", "acme", "--json")
                .replaceAll("(?s).*\"id\" : \"([^\"]+)\".*", "$1");
        home.done("apikey", "revoke", id, "--tenant", "acme");
        await().atMost(Duration.ofSeconds(10)).until(() -> chatAs(key).status() == 401);
    }

    @Test
    void makesTheOperatorsTokenAtTheFirstRunForItsOwnerOnly(@TempDir Path folder) throws Exception {
        TestHome home = home(folder);
        started(home);
        Path file = home.home().data().resolve("keys/operator.token");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        String token = Files.readString(file).strip();
        assertThat(token).hasSizeGreaterThan(40);
        // it is no tenant's key
        assertThat(chatAs(token).status()).isEqualTo(401);
        int port = managementPort();
        String foreign = "Host: bactrian.example";
        assertThat(RawHttp.get(port, "/metrics", foreign).status()).isEqualTo(401);
        assertThat(RawHttp.get(port, "/metrics", foreign, "Authorization: Bearer x")
                        .status())
                .isEqualTo(401);
        assertThat(RawHttp.get(port, "/metrics", foreign, "Authorization: Bearer " + token)
                        .status())
                .isEqualTo(200);
        server.close();
        server = null;
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        assertThatThrownBy(() -> home.server(false).start()).hasMessageContaining("chmod 600");
    }

    @Test
    void tellsHealthAndMetrics(@TempDir Path folder) throws Exception {
        started(home(folder));
        int port = managementPort();
        assertThat(RawHttp.get(port, "/health/live").body()).contains("\"UP\"");
        assertThat(RawHttp.get(port, "/health/ready").body()).contains("\"UP\"").doesNotContain("bactrian-store");
        assertThat(RawHttp.get(port, "/health").body())
                .as("all of it, to those who may see it")
                .contains("bactrian-store", "\"database\"", "answers");
        // probes come from elsewhere, without a token, and get no detail
        assertThat(RawHttp.get(port, "/health/live", "Host: 10.0.0.7:9876").status())
                .isEqualTo(200);
        assertThat(RawHttp.get(port, "/health/live?exposureLevel=full", "Host: 10.0.0.7:9876")
                        .status())
                .isEqualTo(401);
        RawHttp.get(server.port(), "/search?q=tenant");
        RawHttp.post(server.port(), "/chat", "hi", "Content-Type: text/plain");
        assertThat(RawHttp.get(port, "/metrics").body())
                .contains("gen_ai_client_operation_duration_seconds_count")
                .contains("gen_ai_request_model=\"all-minilm-l6-v2\"")
                .contains("error_type=\"default_model_not_set\"");
    }

    @Test
    void refusesToStartOnWrongSettingsAndNamesThem(@TempDir Path folder) throws Exception {
        TestHome home = home(folder, "bactrian.http.maxBody=plenty");
        assertThatThrownBy(() -> home.server(false).start()).hasMessageContaining("bactrian.http.maxBody");
    }

    @Test
    void refusesToStartOnPortsThatAreTaken(@TempDir Path folder) throws Exception {
        TestHome home = home(folder);
        int taken = provider.port();
        assertThatThrownBy(() -> home.server(taken, -1).start()).satisfies(e -> assertThat(messages(e))
                .contains("cannot listen on 127.0.0.1:" + taken)
                .contains("--port"));
        assertThatThrownBy(() -> home.server(0, taken).start()).satisfies(e -> assertThat(messages(e))
                .contains("cannot listen on 127.0.0.1:" + taken)
                .contains("--management-port"));
    }

    private static String messages(Throwable failure) {
        StringBuilder all = new StringBuilder();
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            all.append(cause.getMessage()).append('\n');
        }
        return all.toString();
    }

    @Test
    void stopsAtOnceWhenNothingIsGoingOn(@TempDir Path folder) throws Exception {
        started(home(folder));
        long begun = System.nanoTime();
        server.close();
        server = null;
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(15));
    }
}
