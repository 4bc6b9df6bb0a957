package io.bactrian.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.bactrian.server.TestHome;
import io.bactrian.testkit.FaultServer;
import io.bactrian.testkit.Reply;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the operator types, and what comes back. */
class CommandLineTest {

    private static final String SECRET = "sk-9f8e7d6c5b4a39281706f5e4d3c2b1a0";

    @TempDir
    Path folder;

    private TestHome home;

    @BeforeEach
    void install() throws Exception {
        home = new TestHome(folder);
    }

    private void assertHidden(TestHome.Ran ran) {
        assertThat(ran.out() + ran.err()).doesNotContain(SECRET).doesNotContain(SECRET.substring(3, 20));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "run",
                "tenant",
                "tenant add",
                "tenant list",
                "tenant remove",
                "tenant enable",
                "tenant disable",
                "member",
                "member add",
                "member list",
                "member remove",
                "member roles",
                "audit",
                "audit list",
                "apikey",
                "apikey create",
                "apikey list",
                "apikey revoke",
                "provider",
                "provider list",
                "provider show",
                "provider enable",
                "provider disable",
                "provider reset",
                "provider prefer",
                "credential",
                "credential add",
                "credential list",
                "credential update",
                "credential rotate",
                "credential switch",
                "credential share",
                "credential remove",
                "credential validate",
                "model",
                "model list",
                "model test",
                "model why",
                "model default",
                "model enable",
                "model disable",
                "model balance",
                "tool",
                "tool list",
                "tool show",
                "tool call",
                "tool authorize",
                "tool credential",
                "tool credential add",
                "tool credential list",
                "tool credential update",
                "tool credential default",
                "tool credential remove",
                "tool credential validate",
                "tool oauth-client",
                "tool oauth-client set",
                "tool oauth-client show",
                "tool oauth-client remove",
                "approval",
                "approval list",
                "approval show",
                "approval approve",
                "approval deny",
                "file",
                "file ticket",
                "key",
                "key status",
                "key rotate",
                "key prepare",
                "key promote",
                "key rewrap",
                "key retire",
                "store",
                "store check",
                "store backup"
            })
    void explainsEveryCommand(String command) {
        TestHome.Ran ran = home.command((command + " --help").strip().split(" "));
        assertThat(ran.code()).isZero();
        assertThat(ran.out()).contains("Usage:").contains("bactrian " + command);
        assertThat(Files.exists(home.home().data())).isFalse();
    }

    @Test
    void listsAllCommandsWhenAskedForHelpEvenBesideOneOfThem() {
        List<String> commands =
                RootCommand.commands().stream().map(RootCommand::name).toList();
        assertThat(commands).hasSizeGreaterThan(10);
        assertThat(home.done("--help")).contains(commands);
        assertThat(home.done("--help", "tenant")).contains(commands);
        assertThat(home.done()).contains(commands);
    }

    @Test
    void takesOptionsOfAllCommandsInFrontOfTheCommandToo() {
        assertThat(home.done("--json", "member", "roles"))
                .startsWith("{")
                .isEqualTo(home.done("member", "roles", "--json"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nonsense",
                "tenant nonsense",
                "tenant add",
                "tenant add Not_A_Name",
                "tenant",
                "model why noslash",
                "member add ann --role emperor",
                "tenant list --what",
                "run --port 70000",
                "run --dev=maybe",
                "model list --type wings",
                "provider prefer openai mine",
                "credential share openai main"
            })
    void endsWithTwoWhenItIsCalledWrong(String command) {
        TestHome.Ran ran = home.command(command.split(" "));
        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.err()).startsWith("usage: ").contains("--help").doesNotContain("Exception");
        assertThat(ran.out()).isEmpty();
    }

    @Test
    void endsWithOneAndACodeWhenItIsRefused() {
        TestHome.Ran ran = home.command("apikey", "create", "--tenant", "nobody");
        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.err())
                .startsWith("tenant_not_found: ")
                .contains("./bactrian tenant add nobody")
                .doesNotContain("\tat ");
    }

    @Test
    void keepsTenantsAndMembers() {
        home.done("tenant", "add", "acme", "--name", "Acme Inc.");
        assertThat(home.command("tenant", "add", "acme").code()).isEqualTo(1);
        home.done("member", "add", "ann@acme.example", "--role", "owner", "--tenant", "acme");
        home.done("tenant", "disable", "acme");
        JsonArray tenants = new JsonArray(home.done("tenant", "list", "--json"));
        assertThat(tenants.getJsonObject(0).getMap())
                .containsEntry("tenant", "acme")
                .containsEntry("name", "Acme Inc.")
                .containsEntry("enabled", false);
        assertThat(home.done("member", "list", "--tenant", "acme"))
                .contains("ann@acme.example")
                .contains("owner");
        home.done("member", "remove", "ann@acme.example", "--tenant", "acme");
        assertThat(home.command("member", "remove", "ann@acme.example", "--tenant", "acme")
                        .code())
                .isEqualTo(1);
        home.done("tenant", "remove", "acme");
        assertThat(home.done("tenant", "list")).doesNotContain("acme").contains("default");
    }

    @Test
    void showsAnApiKeyOnceAndNeverAgain() {
        String key = home.done("apikey", "create", "--name", "site");
        assertThat(key).startsWith("bac_").hasSizeGreaterThan(40);
        String listed = home.done("apikey", "list", "--json");
        assertThat(listed).contains("site").doesNotContain(key).doesNotContain(key.substring(4, 20));
        String id = new JsonArray(listed).getJsonObject(0).getString("id");
        assertThat(home.command("apikey", "revoke", key).code()).isEqualTo(2);
        home.done("apikey", "revoke", id);
        assertThat(home.command("apikey", "revoke", id).code()).isEqualTo(1);
        assertThat(home.command("apikey", "create", "--user", "stranger").code())
                .isEqualTo(1);
    }

    @Test
    void readsSecretsFromStandardInput() {
        TestHome.Ran ran = home.command(List.of(SECRET), "credential", "add", "openai", "--name", "main");
        assertThat(ran.code()).isZero();
        assertHidden(ran);
        TestHome.Ran listed = home.command("credential", "list");
        assertThat(listed.out()).contains("main").contains("api_key=****").contains("openai");
        assertHidden(listed);
        assertThat(home.done("model", "why", "openai/gpt-4o-mini")).contains("pays: 'main'");
    }

    @Test
    void readsSecretsFromTheEnvironment() {
        home.variable("MY_KEY", SECRET);
        TestHome.Ran ran = home.command("credential", "add", "openai", "--from-env", "api_key=MY_KEY");
        assertThat(ran.code()).isZero();
        assertHidden(ran);
        TestHome.Ran unset = home.command("credential", "add", "openai", "--from-env", "api_key=NOT_SET");
        assertThat(unset.code()).isEqualTo(2);
    }

    @Test
    void refusesSecretsInArgumentsWithoutRepeatingThem() {
        for (String[] arguments : new String[][] {
            {"credential", "add", "openai", "--set", "api_key=" + SECRET},
            {"credential", "add", "openai", "--api-key=" + SECRET},
            {"credential", "add", "openai", "--api_key", SECRET},
            {"credential", "add", "openai", SECRET},
            {"credential", "update", "openai", "x", "--set", "api_key=" + SECRET},
            {"credential", "add", "openai", "--set", SECRET},
        }) {
            TestHome.Ran ran = home.command(arguments);
            assertThat(ran.code()).as(ran.err()).isIn(1, 2);
            assertHidden(ran);
        }
        assertThat(home.done("credential", "list", "--json")).isEqualTo("[ ]");
    }

    @Test
    void saysWhichSecretIsMissing() {
        TestHome.Ran ran = home.command("credential", "add", "openai");
        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.err()).contains("api_key").contains("--from-env");
    }

    @Test
    void changesOnlyWhatIsNamed() {
        home.done(List.of(SECRET), "credential", "add", "openai", "--name", "main", "--set", "organization=org-1");
        home.done("credential", "update", "openai", "main", "--set", "organization=org-2");
        JsonObject updated = new JsonArray(home.done("credential", "list", "openai", "--json")).getJsonObject(0);
        assertThat(updated.getJsonObject("values").getString("organization")).isEqualTo("org-2");
        assertThat(updated.getJsonObject("values").getString("api_key"))
                .startsWith("****")
                .endsWith("a0");
        assertThat(updated.getInteger("version")).isEqualTo(2);
        home.done("credential", "update", "openai", "main", "--unset", "organization", "--name", "renamed");
        JsonObject renamed = new JsonArray(home.done("credential", "list", "openai", "--json")).getJsonObject(0);
        assertThat(renamed.getString("name")).isEqualTo("renamed");
        assertThat(renamed.getJsonObject("values").containsKey("organization")).isFalse();
    }

    @Test
    void switchesAndRemovesCredentials() {
        home.done(List.of(SECRET), "credential", "add", "openai", "--name", "one");
        home.done(List.of(SECRET), "credential", "add", "openai", "--name", "two");
        assertThat(home.done("model", "why", "openai/gpt-4o-mini")).contains("pays: 'one'");
        home.done("credential", "switch", "openai", "two");
        assertThat(home.done("model", "why", "openai/gpt-4o-mini")).contains("pays: 'two'");
        assertThat(home.done("credential", "remove", "openai", "two")).contains("none is now");
        TestHome.Ran why = home.command("model", "why", "openai/gpt-4o-mini");
        assertThat(why.code()).isEqualTo(1);
        assertThat(why.out()).contains("credential_removed").contains("./bactrian credential switch");
        home.done("provider", "reset", "openai");
        assertThat(home.command("model", "why", "openai/gpt-4o-mini").out()).contains("provider_not_initialize");
    }

    @Test
    void sharesCredentialsWithMembers() {
        home.done("member", "add", "ann", "--role", "admin");
        home.done("member", "add", "bob", "--role", "normal");
        home.done(List.of(SECRET), "credential", "add", "openai", "--name", "main", "--for", "ann");
        assertThat(home.done("credential", "list")).contains("visible to").contains("ann");
        TestHome.Ran nobodys = home.command("model", "why", "openai/gpt-4o-mini");
        assertThat(nobodys.code()).isEqualTo(1);
        assertThat(nobodys.out()).contains("credential_policy_violation", "./bactrian credential share");
        assertThat(home.done("model", "why", "openai/gpt-4o-mini", "--user", "ann"))
                .contains("pays: 'main'");
        assertThat(home.command("model", "why", "openai/gpt-4o-mini", "--user", "bob")
                        .out())
                .contains("credential_policy_violation")
                .doesNotContain("main");

        assertThat(home.done("credential", "share", "openai", "main", "--for", "ann", "--for", "bob"))
                .contains("visible to ann, bob");
        JsonObject shared = new JsonArray(home.done("credential", "list", "openai", "--json")).getJsonObject(0);
        assertThat(shared.getString("visibility")).isEqualTo("partial_members");
        assertThat(shared.getJsonArray("users")).containsExactly("ann", "bob");
        assertThat(home.done("model", "why", "openai/gpt-4o-mini", "--user", "bob"))
                .contains("pays: 'main'");

        home.done("member", "remove", "ann");
        home.done("member", "remove", "bob");
        assertThat(home.done("credential", "list")).contains("nobody");
        TestHome.Ran operators = home.command("credential", "share", "openai", "main", "--visibility", "only_me");
        assertThat(operators.code()).isEqualTo(1);
        assertThat(operators.err()).contains("partial_members");
        assertThat(home.done("credential", "share", "openai", "main", "--visibility", "all_team_members"))
                .contains("visible to all");
    }

    @Test
    void explainsEveryStepOfAResolution() {
        TestHome.Ran why = home.command("model", "why", "openai/gpt-4o-mini", "--tenant", "default");
        assertThat(why.code()).isEqualTo(1);
        assertThat(why.out())
                .contains(
                        "1. custom model credentials: passed over",
                        "2. custom provider credentials",
                        "3. system credentials",
                        "4. hosted quota")
                .contains("looked at: no row in provider_models", "no property bactrian.credentials")
                .contains("refused: provider_not_initialize");
        JsonObject json = new JsonObject(
                home.command("model", "why", "openai/gpt-4o-mini", "--json").out());
        assertThat(json.getString("code")).isEqualTo("provider_not_initialize");
        assertThat(json.getJsonArray("steps")).hasSize(4);
        assertThat(home.command("model", "why", "unheard-of/model").out()).contains("provider_not_found");
        assertThat(home.command("model", "why", "local/all-minilm-l6-v2").code())
                .isZero();
    }

    @Test
    void switchesModelsAndSetsDefaults() {
        home.done(List.of(SECRET), "credential", "add", "openai");
        home.done("model", "disable", "openai/gpt-4o-mini");
        assertThat(home.command("model", "why", "openai/gpt-4o-mini").out()).contains("model_disabled");
        home.done("model", "enable", "openai/gpt-4o-mini");
        assertThat(home.command("model", "why", "openai/gpt-4o-mini").code()).isZero();
        home.done("model", "default", "openai/gpt-4o-mini");
        home.done("model", "default", "local/all-minilm-l6-v2");
        assertThat(home.done("model", "default"))
                .contains("llm", "openai/gpt-4o-mini", "text-embedding", "local/all-minilm-l6-v2");
        home.done("model", "default", "--none");
        assertThat(home.done("model", "default")).doesNotContain("gpt-4o-mini");
        home.done("provider", "disable", "openai");
        assertThat(home.command("model", "why", "openai/gpt-4o-mini").out()).contains("provider_disabled");
        assertThat(home.done("model", "list", "--provider", "local"))
                .contains("active")
                .doesNotContain("openai");
    }

    @Test
    void asksAModel() {
        assertThat(home.done("model", "test", "local/all-minilm-l6-v2")).contains("a vector of 384 numbers");
        TestHome.Ran ran = home.command("model", "test", "openai/gpt-4o-mini");
        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.err()).startsWith("provider_not_initialize: ");
    }

    @Test
    void asksAProviderWhetherACredentialOpensIt() throws Exception {
        try (FaultServer provider = FaultServer.start()) {
            home = new TestHome(folder.resolve("other"), "bactrian.egress.allow=127.0.0.1:" + provider.port());
            home.done(
                    List.of(SECRET),
                    "credential",
                    "add",
                    "openai-compatible",
                    "--name",
                    "main",
                    "--set",
                    "base_url=" + provider.url("/v1"),
                    "--from-stdin",
                    "api_key");
            provider.handle(request -> Reply.json(200, "{\"object\":\"list\",\"data\":[]}"));
            home.done("credential", "validate", "openai-compatible", "main");
            assertThat(provider.requests().get(0).header("Authorization")).contains("Bearer " + SECRET);
            provider.handle(request -> Reply.json(401, "{\"error\":{\"message\":\"bad key " + SECRET + "\"}}"));
            TestHome.Ran refused = home.command("credential", "validate", "openai-compatible", "main");
            assertThat(refused.code()).isEqualTo(1);
            assertThat(refused.err()).startsWith("authorization_error: ");
            assertHidden(refused);
        }
    }

    @Test
    void namesASettingThatIsWrong() throws Exception {
        home = new TestHome(folder.resolve("wrong"), "bactrian.default-model.llm=nonsense");
        TestHome.Ran ran = home.command("tenant", "list");
        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.err()).startsWith("misconfigured: ").contains("bactrian.default-model.llm");
    }
}
