package io.bactrian.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.bactrian.core.tenant.AppId;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tenant.UserId;
import io.bactrian.core.tool.Approval;
import io.bactrian.engine.Installation;
import io.bactrian.support.BactrianEngine;
import io.bactrian.testkit.FaultServer;
import io.bactrian.testkit.Reply;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

/** A started server with a provider behind it, and the operator's way to its administration. */
final class AdminFixture implements AutoCloseable {

    static final String PROVIDER = "openai-compatible";
    static final String MODEL = "meta/llama-3:8b";
    static final String MODEL_PATH = "meta%2Fllama-3%3A8b";

    final FaultServer provider = FaultServer.start();
    final TestHome home;
    final BactrianServer server;
    final AdminClient operator;

    AdminFixture(Path folder, String... settings) throws Exception {
        answerWell();
        List<String> lines = new ArrayList<>(List.of(settings));
        lines.add("bactrian.egress.allow=127.0.0.1:" + provider.port());
        home = new TestHome(folder, lines.toArray(String[]::new));
        server = home.server(true).start();
        operator = AdminClient.operator(server, home);
    }

    /** Has the provider take every credential. */
    void answerWell() {
        provider.handle(request -> Reply.json(
                200,
                "{\"id\":\"c1\",\"object\":\"list\",\"data\":[],\"model\":\"m\",\"choices\":[{\"index\":0,\"message\":"
                        + "{\"role\":\"assistant\",\"content\":\"Hi\"},\"finish_reason\":\"stop\"}],"
                        + "\"usage\":{\"prompt_tokens\":11,\"completion_tokens\":7}}"));
    }

    /** Whether the provider was asked with a secret. */
    boolean askedWith(String secret) {
        return provider.requests().stream()
                .anyMatch(request -> request.header("Authorization").orElse("").contains(secret));
    }

    static String tenant(String tenant) {
        return "/admin/tenants/" + tenant;
    }

    void addTenant(String tenant) throws Exception {
        assertThat(operator.post("/admin/tenants", new JsonObject().put("id", tenant))
                        .status())
                .isEqualTo(201);
    }

    void addMember(String tenant, String user, String role) throws Exception {
        AdminClient.Answer added = operator.post(
                tenant(tenant) + "/members", new JsonObject().put("user", user).put("role", role));
        assertThat(added.status()).as(added.body()).isEqualTo(201);
    }

    /** A key, made by the operator; of the tenant itself without a user. */
    AdminClient keyOf(String tenant, String user, String role, String... scopes) throws Exception {
        JsonObject wanted =
                new JsonObject().put("name", "test").put("role", role).put("scopes", new JsonArray(List.of(scopes)));
        if (user != null) {
            wanted.put("user", user);
        }
        AdminClient.Answer issued = operator.post(tenant(tenant) + "/api-keys", wanted);
        assertThat(issued.status()).as(issued.body()).isEqualTo(201);
        return operator.as(issued.json().getString("key"));
    }

    JsonObject values(String secret) {
        return new JsonObject().put("base_url", provider.url("/v1")).put("api_key", secret);
    }

    /** Adds a credential and gives its id. */
    String addCredential(AdminClient client, String path, String name, String secret) throws Exception {
        AdminClient.Answer added = client.post(
                path + "/credentials", new JsonObject().put("name", name).put("values", values(secret)));
        assertThat(added.status()).as(added.body()).isEqualTo(201);
        return added.json().getString("id");
    }

    /** Has a call of a tool wait for a person, and gives the id of its approval. */
    String approval(String tenant) {
        Instant now = installation().clock().instant();
        return installation()
                .approvals()
                .request(new Approval(
                        "ap_" + UUID.randomUUID(),
                        new TenantId(tenant),
                        new UserId("ann"),
                        new AppId("site"),
                        "tool-builtin:web/fetch",
                        "{\"url\":\"https://example.org\"}",
                        "req-1",
                        Approval.Status.PENDING,
                        now,
                        now.plus(Duration.ofHours(1)),
                        null,
                        null))
                .id();
    }

    Installation installation() {
        return (Installation) BactrianEngine.of(Objects.requireNonNull(server.camelContext()));
    }

    @Override
    public void close() throws Exception {
        server.close();
        provider.close();
    }
}
