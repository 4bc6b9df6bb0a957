package io.bactrian.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.bactrian.server.TestHome;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code tool credential}, as the operator types it. */
class ToolCredentialCommandsTest {

    private static final String SECRET = "good-9f8e7d6c5b4a39281706f5e4d3c2b1a0";
    private static final String OTHER = "good-0a1b2c3d4e5f60718293a4b5c6d7e8f9";

    @TempDir
    Path folder;

    private TestHome home;

    @BeforeEach
    void install() throws Exception {
        home = new TestHome(folder, "test.authorization-server=http://127.0.0.1:1");
        home.done("tenant", "add", "acme");
    }

    private void add(String name, String secret) {
        home.done(List.of(secret), "tool", "credential", "add", "keyed", "--name", name, "--tenant", "acme");
    }

    private JsonArray listed() {
        return new JsonArray(home.done("tool", "credential", "list", "--tenant", "acme", "--json"));
    }

    private String opens(String... more) {
        String[] command = new String[5 + more.length];
        System.arraycopy(new String[] {"tool", "call", "keyed_opened_by", "--tenant", "acme"}, 0, command, 0, 5);
        System.arraycopy(more, 0, command, 5, more.length);
        return home.done(command);
    }

    private static void assertHidden(TestHome.Ran ran) {
        assertThat(ran.out() + ran.err()).doesNotContain(SECRET).doesNotContain(SECRET.substring(5, 20));
    }

    @Test
    void addsAKeyThatTheProviderTakes() {
        TestHome.Ran ran = home.command(List.of(SECRET), "tool", "credential", "add", "keyed", "--tenant", "acme");
        assertThat(ran.code()).as(ran.err()).isZero();
        assertHidden(ran);
        TestHome.Ran list = home.command("tool", "credential", "list", "--tenant", "acme");
        assertThat(list.out()).contains("API KEY 1", "builtin/keyed", "api-key", "api_key=****");
        assertHidden(list);
        assertThat(opens()).isEqualTo(SECRET);

        TestHome.Ran refused =
                home.command(List.of("bad-" + SECRET), "tool", "credential", "add", "keyed", "--tenant", "acme");
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err()).startsWith("authorization_error: ");
        assertHidden(refused);
        assertThat(listed()).hasSize(1);
    }

    @Test
    void choosesAmongSeveral() {
        add("one", SECRET);
        add("two", OTHER);
        assertThat(opens()).isEqualTo(SECRET);
        assertThat(opens("--credential", "two")).isEqualTo(OTHER);

        home.done("tool", "credential", "default", "keyed", "two", "--tenant", "acme");
        assertThat(opens()).isEqualTo(OTHER);
        home.done("tool", "credential", "validate", "keyed", "one", "--tenant", "acme");
        assertThat(home.done("tool", "credential", "remove", "keyed", "two", "--tenant", "acme"))
                .contains("none is now");
        assertThat(opens()).as("the oldest").isEqualTo(SECRET);
        home.done("tool", "credential", "remove", "keyed", "one", "--tenant", "acme");
        TestHome.Ran none = home.command("tool", "call", "keyed_opened_by", "--tenant", "acme");
        assertThat(none.err())
                .startsWith("provider_not_initialize: ")
                .contains("./bactrian tool credential add keyed --tenant acme");
    }

    @Test
    void keepsOneUsersKeyForThem() {
        home.done("member", "add", "ann", "--tenant", "acme");
        home.done(List.of(SECRET), "tool", "credential", "add", "keyed", "--only-for", "ann", "--tenant", "acme");

        assertThat(listed().getJsonObject(0).getString("only_for")).isEqualTo("ann");
        assertThat(home.command("tool", "call", "keyed_opened_by", "--tenant", "acme")
                        .code())
                .isEqualTo(1);
        assertThat(home.command("tool", "credential", "default", "keyed", "API KEY 1", "--tenant", "acme")
                        .err())
                .contains("cannot be the default");
        TestHome.Ran stranger = home.command(
                List.of(SECRET), "tool", "credential", "add", "keyed", "--only-for", "bob", "--tenant", "acme");
        assertThat(stranger.err()).contains("./bactrian member add");
    }

    @Test
    @DisplayName("CRED-12: what is not named stays as it is, the secret too")
    void changesOnlyWhatIsNamed() {
        add("main", SECRET);

        home.done("tool", "credential", "update", "keyed", "main", "--set", "region=eu", "--tenant", "acme");
        assertThat(opens()).isEqualTo(SECRET);
        home.done("tool", "credential", "update", "keyed", "main", "--name", "renamed", "--tenant", "acme");
        JsonObject renamed = listed().getJsonObject(0);
        assertThat(renamed.getString("name")).isEqualTo("renamed");
        assertThat(renamed.getJsonObject("values").getString("region")).isEqualTo("eu");
        assertThat(renamed.getInteger("version")).isEqualTo(3);
        home.done(
                List.of(OTHER),
                "tool",
                "credential",
                "update",
                "keyed",
                "renamed",
                "--from-stdin",
                "api_key",
                "--tenant",
                "acme");
        assertThat(opens()).isEqualTo(OTHER);
        assertThat(home.command("tool", "credential", "update", "keyed", "renamed", "--tenant", "acme")
                        .code())
                .isEqualTo(2);
    }

    @Test
    void refusesWhatMakesNoSense() {
        for (String[] command : new String[][] {
            {"invalid_param", "tool", "credential", "add", "calculator", "--tenant", "acme"},
            {"invalid_param", "tool", "credential", "add", "mail", "--tenant", "acme"},
            {"provider_not_found", "tool", "credential", "add", "mcp/nobody", "--tenant", "acme"},
            {"credential_not_found", "tool", "credential", "remove", "keyed", "nobody", "--tenant", "acme"},
            {"tenant_not_found", "tool", "credential", "list", "--tenant", "nobody"},
        }) {
            TestHome.Ran ran = home.command(java.util.Arrays.copyOfRange(command, 1, command.length));
            assertThat(ran.code()).as(ran.err()).isEqualTo(1);
            assertThat(ran.err()).startsWith(command[0] + ": ");
        }
        for (String[] command : new String[][] {
            {"tool", "credential", "add", "keyed", "--tenant", "acme"},
            {"tool", "credential", "add", "keyed", "--set", "api_key=" + SECRET, "--tenant", "acme"},
            {"tool", "credential"},
        }) {
            TestHome.Ran ran = home.command(command);
            assertThat(ran.code()).as(ran.err()).isEqualTo(2);
            assertHidden(ran);
        }
    }
}
