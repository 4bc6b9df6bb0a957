package io.bactrian.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.bactrian.http.RawHttp;
import io.bactrian.testkit.CanaryScanner;
import io.bactrian.testkit.FaultServer;
import io.bactrian.testkit.LogCapture;
import io.bactrian.testkit.Reply;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A secret that is planted comes up nowhere but at the provider. */
class CanaryTest {

    @Test
    @DisplayName("LOG-01: in no log, answer, metric, health detail, console, JMX attribute or file")
    void showsNoSecretAnywhere(@TempDir Path folder) throws Exception {
        CanaryScanner canaries = new CanaryScanner();
        String propertyKey = canaries.plant("key-in-properties");
        String storedKey = canaries.plant("key-in-store");
        try (FaultServer provider = FaultServer.start();
                LogCapture log = canaries.captureLogs()) {
            provider.handle(request -> Reply.json(
                    401,
                    "{\"error\":{\"message\":\"Incorrect API key provided: "
                            + request.header("Authorization").orElse("") + "\",\"code\":\"invalid_api_key\"}}"));
            System.setProperty("bactrian.canary", propertyKey);
            TestHome home = new TestHome(
                    folder,
                    "bactrian.egress.allow=127.0.0.1:" + provider.port(),
                    "bactrian.credentials.main.provider=openai-compatible",
                    "bactrian.credentials.main.base_url=" + provider.url("/v1"),
                    "bactrian.credentials.main.api_key={{sys:bactrian.canary}}",
                    "bactrian.default-model.llm=openai-compatible/m");
            try (BactrianServer server = home.server(true).start()) {
                home.done("tenant", "add", "acme");
                TestHome.Ran added = home.command(
                        List.of(storedKey),
                        "credential",
                        "add",
                        "openai-compatible",
                        "--tenant",
                        "acme",
                        "--set",
                        "base_url=" + provider.url("/v1"),
                        "--from-stdin",
                        "api_key");
                assertThat(added.code()).isZero();
                canaries.assertNowhereIn(added.out() + added.err());
                home.done("model", "default", "openai-compatible/m", "--tenant", "acme");
                String apiKey = home.done("apikey", "create", "--tenant", "acme");
                canaries.watchFor("api-key", apiKey);

                RawHttp.Answer refused = RawHttp.post(server.port(), "/chat", "hi", "Content-Type: text/plain");
                RawHttp.Answer asAcme = RawHttp.post(
                        server.port(), "/chat", "hi", "Content-Type: text/plain", "Authorization: Bearer " + apiKey);
                assertThat(provider.requests()).hasSize(2);
                assertThat(provider.requests().get(0).header("Authorization").orElse(""))
                        .contains(propertyKey);
                assertThat(provider.requests().get(1).header("Authorization").orElse(""))
                        .contains(storedKey);
                canaries.assertNowhereIn(refused.headers() + refused.body());
                canaries.assertNowhereIn(asAcme.headers() + asAcme.body());
                canaries.assertNowhereIn(home.done("credential", "list", "--tenant", "acme"));
                canaries.assertNowhereIn(home.done("credential", "list", "--tenant", "acme", "--json"));
                canaries.assertNowhereIn(home.done("model", "why", "openai-compatible/m", "--tenant", "acme"));
                canaries.assertNowhereIn(home.done("apikey", "list", "--tenant", "acme"));
                int port = server.managementPort();
                for (String path :
                        List.of("/metrics", "/health?exposureLevel=full&data=true&stackTrace=true", "/q/dev")) {
                    RawHttp.Answer shown = RawHttp.get(port, path);
                    assertThat(shown.status()).as(path).isEqualTo(200);
                    canaries.assertNowhereIn(shown.body());
                }
                canaries.assertNowhereInJmx("org.apache.camel:*");
            }
            assertThat(log.text()).isNotEmpty();
        }
        Path data = folder.resolve("data");
        assertThat(Files.isDirectory(data)).isTrue();
        canaries.assertNowhereInFiles(data);
    }
}
