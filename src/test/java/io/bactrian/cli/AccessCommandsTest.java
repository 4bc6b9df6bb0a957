package io.bactrian.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.bactrian.server.TestHome;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Roles, API keys and the audit log, as the operator has them. */
class AccessCommandsTest {

    @TempDir
    Path folder;

    private TestHome home;

    @BeforeEach
    void install() throws Exception {
        home = new TestHome(folder);
    }

    private List<JsonObject> list(String... command) {
        JsonArray array = new JsonArray(home.done(command));
        return IntStream.range(0, array.size()).mapToObj(array::getJsonObject).toList();
    }

    private String roleOf(String user) {
        return list("member", "list", "--json").stream()
                .filter(member -> member.getString("user").equals(user))
                .map(member -> member.getString("role"))
                .findFirst()
                .orElse("none");
    }

    @Test
    void showsWhatEachRoleMayDo() {
        JsonObject matrix = new JsonObject(home.done("member", "roles", "--json"));
        assertThat(matrix.getJsonArray("member.manage").getList()).isEqualTo(List.of("owner"));
        assertThat(matrix.getJsonArray("credential.validate").getList()).isEqualTo(List.of("owner", "admin"));
        assertThat(matrix.getJsonArray("model.embed").getList()).contains("dataset_operator");
        assertThat(matrix.getJsonArray("tenant.manage").getList()).isEmpty();

        assertThat(home.done("member", "roles").lines().toList())
                .anySatisfy(line -> assertThat(line.split(" +"))
                        .containsExactly("permission", "owner", "admin", "editor", "normal", "dataset_operator"))
                .anySatisfy(line ->
                        assertThat(line.split(" +")).containsExactly("apikey.own", "yes", "yes", "yes", "-", "-"));
    }

    @Test
    void handsATenantOver() {
        home.done("member", "add", "olga", "--role", "owner");
        home.done("member", "add", "nora");
        assertThat(roleOf("nora")).isEqualTo("normal");

        home.done("member", "add", "nora", "--role", "owner");

        assertThat(roleOf("nora")).isEqualTo("owner");
        assertThat(roleOf("olga")).isEqualTo("admin");
        assertThat(list("audit", "list", "--json", "--tenant", "default", "--action", "member.role"))
                .singleElement()
                .satisfies(event -> assertThat(event.getMap())
                        .containsEntry("actor", "operator")
                        .containsEntry("subject", "nora owner")
                        .containsEntry("outcome", "done"));
    }

    @Test
    void makesKeysForLess() {
        home.done("member", "add", "erin", "--role", "editor");
        home.done(
                "apikey",
                "create",
                "--name",
                "reports",
                "--user",
                "erin",
                "--role",
                "editor",
                "--scope",
                "admin:read",
                "--scope",
                "models:openai/*",
                "--expires",
                "30d");
        home.done("apikey", "create", "--name", "plain");

        List<JsonObject> keys = list("apikey", "list", "--json");
        assertThat(keys).hasSize(2);
        assertThat(keys.get(0).getMap())
                .containsEntry("role", "editor")
                .containsEntry("scopes", "admin:read,models:openai/*")
                .containsEntry("created by", "operator");
        assertThat(keys.get(0).getString("expires")).isNotEmpty();
        assertThat(keys.get(1).getMap())
                .containsEntry("role", "normal")
                .containsEntry("scopes", "models,tools")
                .containsEntry("expires", "");
    }

    @Test
    void saysWhatAScopeIs() {
        TestHome.Ran ran = home.command("apikey", "create", "--scope", "everything");
        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.err()).contains("--scope: a scope is models, models:PROVIDER/MODEL");
    }

    @Test
    void showsWhatWasDenied() {
        home.done("member", "add", "nora");
        TestHome.Ran ran = home.command("apikey", "create", "--user", "nora", "--role", "admin");
        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.err()).startsWith("access_denied: ").contains("no more than the member");

        List<JsonObject> denied = list("audit", "list", "--denied", "--json");
        assertThat(denied).singleElement().satisfies(event -> assertThat(event.getMap())
                .containsEntry("tenant", "default")
                .containsEntry("actor", "operator")
                .containsEntry("action", "apikey.create")
                .containsEntry("outcome", "access_denied")
                .containsEntry("count", 1));
        assertThat(home.done("audit", "list", "--tenant", "default")).contains("member.add", "nora normal", "done");
        int newest = list("audit", "list", "--json").get(0).getInteger("id");
        assertThat(list("audit", "list", "--json", "--before", Integer.toString(newest)))
                .isNotEmpty()
                .allSatisfy(event -> assertThat(event.getInteger("id")).isLessThan(newest));
        assertThat(list("audit", "list", "--json", "--most", "1")).hasSize(1);
        assertThat(list("audit", "list", "--json", "--since", "2999-01-01")).isEmpty();
        assertThat(home.command("audit", "list", "--most", "0").code()).isEqualTo(2);
    }
}
