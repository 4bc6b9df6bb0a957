package io.bactrian.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.bactrian.http.RawHttp;
import io.bactrian.testkit.CanaryScanner;
import io.bactrian.testkit.LogCapture;
import io.bactrian.testkit.Reply;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Secrets that come in over HTTP come up nowhere but at the provider, and a new key in one answer alone. */
class AdminCanaryTest {

    @Test
    @DisplayName("LOG-01: in no answer, log, audit row, console, JMX attribute or file")
    void showsNoSecretOfTheAdministrationAnywhere(@TempDir Path folder) throws Exception {
        CanaryScanner canaries = new CanaryScanner();
        String first = canaries.plant("first");
        String second = canaries.plant("second");
        String third = canaries.plant("third");
        String misplaced = canaries.plant("misplaced");
        String guessed = canaries.plant("guessed");
        try (LogCapture log = canaries.captureLogs();
                AdminFixture fixture = new AdminFixture(folder, "bactrian.http.wrongKeys=3")) {
            fixture.provider.handle(request -> Reply.json(
                    401,
                    "{\"error\":{\"message\":\"Incorrect API key provided: "
                            + request.header("Authorization").orElse("") + "\",\"code\":\"invalid_api_key\"}}"));
            canaries.watchFor("operator-token", fixture.operator.key());
            StringBuilder answers = new StringBuilder();
            fixture.addTenant("acme");
            AdminClient.Answer issued = fixture.operator.post(
                    "/admin/tenants/acme/api-keys",
                    new JsonObject()
                            .put("name", "console")
                            .put("role", "owner")
                            .put("scopes", new JsonArray().add("admin:write")));
            String key = issued.json().getString("key");
            canaries.watchFor("api-key", key);
            AdminClient client = fixture.operator.as(key);
            String base = "/admin/tenants/acme/providers/" + AdminFixture.PROVIDER;
            String model = base + "/models/llm/" + AdminFixture.MODEL_PATH;
            for (String of : List.of(base, model)) {
                String path = of + "/credentials/" + fixture.addCredential(client, of, "main", first);
                for (AdminClient.Answer answer : List.of(
                        client.get(of + "/credentials"),
                        client.get(path),
                        client.patch(path, new JsonObject().put("values", fixture.values(second))),
                        client.post(
                                path + "/rotate",
                                new JsonObject()
                                        .put("values", fixture.values(third))
                                        .put("grace_seconds", 60)),
                        client.send("POST", path + "/validate", null),
                        client.post(
                                of + "/credentials/validate", new JsonObject().put("values", fixture.values(third))),
                        client.post(
                                of + "/credentials",
                                new JsonObject()
                                        .put("values", fixture.values(third))
                                        .put("validate", true)),
                        // secrets where none belong
                        client.post(of + "/credentials", new JsonObject().put("api_key", misplaced)),
                        client.post(of + "/credentials", new JsonObject().put("values", misplaced)),
                        client.post(
                                of + "/credentials",
                                new JsonObject()
                                        .put(
                                                "values",
                                                new JsonObject().put("api_key", new JsonArray().add(misplaced)))),
                        client.send("POST", of + "/credentials", "{\"values\":{\"api_key\":\"" + misplaced),
                        client.get(base + "?api_key=" + misplaced))) {
                    answers.append(answer.status())
                            .append(' ')
                            .append(answer.text())
                            .append('\n');
                }
            }
            assertThat(answers).contains("200 ").contains("502 ").contains("400 ");
            for (int i = 0; i < 5; i++) {
                answers.append(fixture.operator.as("bac_" + guessed).get(base).text());
            }
            for (String path : List.of(
                    "/admin/tenants/acme/api-keys",
                    "/admin/tenants/acme/audit?limit=200",
                    base,
                    model,
                    "/openapi.json")) {
                answers.append(client.get(path).text());
            }
            answers.append(fixture.operator.get("/admin/audit?limit=200").text());
            assertThat(answers).contains("key.guess").contains("credential.rotate");
            canaries.assertNowhereIn(answers.toString());
            for (String path : List.of("/metrics", "/health?exposureLevel=full&data=true&stackTrace=true", "/q/dev")) {
                canaries.assertNowhereIn(
                        RawHttp.get(fixture.server.managementPort(), path).body());
            }
            canaries.assertNowhereInJmx("org.apache.camel:*");
            assertThat(log.text()).isNotEmpty();
        }
        canaries.assertNowhereInFiles(folder.resolve("data/store"));
    }
}
